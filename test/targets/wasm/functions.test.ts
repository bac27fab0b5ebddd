import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import type { ElementwiseOp, Graph } from '../../../src/ir/graph.ts'
import { scalar } from '../../../src/ir/scalar.ts'
import type { Target } from '../../../src/middle/executable.ts'
import { kernelKnowing } from '../../../src/targets/kernel.ts'
import { wasmKnowing } from '../../../src/targets/wasm.ts'

const names = ['x', 'y', 'z'] as const

/** One operation, at each position of an axis. */
function graphOf(op: ElementwiseOp): Graph {
  const builder = new GraphBuilder()
  const inputs = names.slice(0, scalar[op].length).map((name) => builder.input(name, ['i']))
  builder.output('value', builder.apply(op, ...inputs))
  return builder.finish()
}

function valuesBy(target: Target, graph: Graph, inputs: readonly Float64Array[]): Float64Array {
  const made = target(graph, { i: inputs[0]?.length ?? 0 })
  for (const [k, name] of names.entries()) made.inputs.get(name)?.set(must(inputs[k], name))
  made.run()
  return must(made.outputs.get('value'), 'value')
}

const view = new DataView(new ArrayBuffer(8))
const edges = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 5e-324, -5e-324, 1e-310, 2.3e-308, 1e300, -1e300, 22, -22, 40, -40, 708, -708, 709.5, 711]
const finer = [
  -740,
  -746,
  0.34657359,
  0.4142136,
  -0.2928935,
  Math.E,
  2 ** 53,
  2 ** 60,
  1 - 2 ** -53,
  1 + 2 ** -52,
  1 + 2 ** -20,
  2 ** -28,
  2 ** -29,
  2 ** -54,
  0.84375,
  0.25,
  1.25,
  -1.25,
  1 / 0.35,
  28,
]
const last = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** Edges, and numbers of every size and near those where functions change their formulas; an odd number of them. */
function pointsFrom(seed: number): Float64Array {
  let state = seed
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const any = (): number => {
    view.setUint32(0, next() * 2 ** 32)
    view.setUint32(4, next() * 2 ** 32)
    return view.getFloat64(0)
  }
  const ways = [any, () => 2 * next(), () => 4 * next() - 2, () => 100 * next() - 50, () => 1600 * next() - 800]
  const near = [() => 1 + (next() - 0.5) * 2 ** -Math.floor(50 * next()), () => (next() - 0.5) * 2 ** -Math.floor(80 * next())]
  const all = [...ways, ...near]
  const known = [...edges, ...finer, ...last]
  const drawn = Array.from({ length: 6000 }, (_, k) => (must(all[k % all.length], 'way') as () => number)())
  // Known ones meet each other in another order for each operand.
  const turned = known.map((_, k) => must(known[(k * (seed + 6) + seed) % known.length], 'point'))
  return Float64Array.from([...turned, ...drawn, next()])
}

const slow: readonly string[] = ['log_bessel_i', 'bessel_ratio', 'log_gamma', 'log_beta_i', 'log_von_mises']
const ops = (Object.keys(scalar) as ElementwiseOp[]).filter((op) => !slow.some((name) => op.startsWith(name)))

describe('an operation gives the bits of the kernel at every number', () => {
  test.each(ops)('%s', (op) => {
    const graph = graphOf(op)
    const inputs = [1, 5, 9].map((seed) => pointsFrom(seed))
    const [found, wanted] = [wasmKnowing({}), kernelKnowing({})].map((t) => valuesBy(t, graph, inputs)) as [Float64Array, Float64Array]
    const wrong = [...found.keys()].filter((i) => !Object.is(found[i], wanted[i]))
    expect(wrong.slice(0, 3).map((i) => [inputs.map((x) => x[i]), found[i], wanted[i]])).toEqual([])
  })
})

/** Units in the last place that fdlibm and `src/base/special/tabulated.ts` promise; two more where one function is put into another. */
const ulps: Readonly<Record<string, number>> = {
  ...{ exp: 2, expm1: 1, log: 2, log1p: 2, tanh: 2, sigmoid: 3, softplus: 3, sinh: 2, cosh: 2 },
  ...{ sin: 1, cos: 1, tan: 1, asin: 1, acos: 1, atan: 1 },
}

test.each(Object.entries(ulps))('%s is within units in the last place of 60 digits', (op, allowed) => {
  const tables = JSON.parse(readFileSync(new URL('elementary.json', import.meta.url), 'utf8')) as Record<string, [number, number][]>
  const rows = must(tables[op], op)
  const found = valuesBy(wasmKnowing({}), graphOf(op as ElementwiseOp), [Float64Array.from(rows, ([x]) => x)])
  const off = rows.map(([x, value], i) => ({ x, units: Math.abs((found[i] as number) - value) / unitOf(value) }))
  expect(off.length).toBeGreaterThan(70)
  expect(off.filter(({ units }) => !(units <= allowed))).toEqual([])
})

/** The distance to the next number. */
function unitOf(value: number): number {
  view.setFloat64(0, Math.abs(value))
  view.setBigUint64(0, view.getBigUint64(0) + 1n)
  return view.getFloat64(0) - Math.abs(value)
}
