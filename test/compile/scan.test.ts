import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { GraphBuilder, include } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { Graph } from '../../src/ir/graph.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { openTfjs } from '../../src/targets/tfjs.ts'
import { codesOf, energyOf, modelOf, sizesOf, total } from './models.ts'

const declared = 'model t\ndata u[t]\nstate k\nstate v0[i]\nstate W[i, j]\naxis j = size(i)\n'
const values = { u: [0.5, -1, 2, 0.25], k: [0.7], v0: [0.3, -0.4], W: [0.5, -0.2, 0.1, 0.9] } as const
const at = (expression: string, more: Record<string, readonly number[]> = {}, t = 4): number =>
  total(energyOf(`${declared}energy ${expression}\n`), { t, i: 2 }, { ...values, ...more })

/** `prev k + u`, from 3 before the first element on. */
const trace: number[] = []
for (const u of values.u) trace.push(0.7 * (trace.at(-1) ?? 3) + u)
const leaky = 'scan[t](from = 3, next = k * prev + u)'

describe('a scan with a value before its first element', () => {
  test('runs at the first element, too; a fold is its last value, and what it starts from where there is no element', () => {
    expect(at(`sum[t](index(t) * ${leaky})`)).toBeCloseTo(
      trace.reduce((s, x, i) => s + (i + 1) * x, 0),
      12,
    )
    expect(at('fold[t](from = 3, next = k * prev + u)')).toBeCloseTo(must(trace.at(-1), 'last'), 12)
    expect(at('fold[t](from = 3, next = k * prev + u)', { u: [] }, 0)).toBe(3)
    expect(at(`sum[t](${leaky})`, { u: [] }, 0)).toBe(0)
    expect(at('fold[t](from = 1, next = 2 * prev)')).toBe(16)
  })

  test('its shift reads that value, under whatever name it goes; no other shift does', () => {
    const before = [3, ...trace]
    const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)
    const lets = `let s = ${leaky}\nlet again = s\ndef leak(v) = scan[t](from = 3, next = v * prev + u)\nlet called = leak(k)\n`
    const of = (expression: string): number => total(energyOf(`${declared}${lets}energy ${expression}\n`), { t: 4, i: 2 }, values)
    for (const name of ['s', 'again', 'called', `(${leaky})`, 'leak(k)']) {
      expect(of(`sum[t](${name}[t = t - 1])`)).toBeCloseTo(sum(before.slice(0, 4)), 12)
      expect(of(`sum[t](${name}[t = t - 2])`)).toBeCloseTo(sum(before.slice(0, 3)), 12)
      expect(of(`sum[t](${name}[t = t - 2 else 100])`)).toBeCloseTo(100 + sum(before.slice(0, 3)), 12)
    }
    expect(of('sum[t](s[t = t + 1])')).toBeCloseTo(sum(trace.slice(1)), 12)
    expect(of('sum[t]((1 * s)[t = t - 1])')).toBeCloseTo(sum(trace.slice(0, 3)), 12)
    expect(() => of('sum[t](s[t = t - 1 else 0])')).toThrow('AMP327')
  })

  test('carries axes that only the start has, and that only the step has', () => {
    // The expected values by the recursion as it is written.
    let [a, b]: [number, number] = [...values.v0]
    const [aa, ab, ba, bb] = values.W
    for (const u of values.u) [a, b] = [Math.tanh(aa * a + ab * b + u), Math.tanh(ba * a + bb * b + u)]
    const network = 'fold[t](from = v0, next = tanh(sum[j](W * prev[i -> j]) + u))'
    expect(at(`sum[i](index(i) * ${network})`)).toBeCloseTo(a + 2 * b, 12)
    expect(at('sum[i](fold[t](from = 1, next = prev * v0))')).toBeCloseTo(0.3 ** 4 + 0.4 ** 4, 12)
    // The step sums W over i: column sums 0.6 and 0.7.
    expect(at('sum[j](fold[t](from = 1, next = sum[i](prev * W)))')).toBeCloseTo(0.6 ** 4 + 0.7 ** 4, 12)
  })

  test('a pick in its step is looked at from the first element on', () => {
    const text = 'axis i = 2\ndata u[t]\nstate v0[i]\nenergy fold[t](from = 1, next = prev + v0[i = prev])\n'
    // prev: 1, then 1 + 1 = 2, then 2 + 5.
    expect(total(energyOf(text), { t: 2 }, { u: [0, 0], v0: [1, 5] })).toBe(7)
    expect(total(energyOf(text), { t: 2 }, { u: [0, 0], v0: [5, 1] })).toBe(Infinity)
    expect(total(energyOf(text.replace('from = 1', 'from = 3')), { t: 1 }, { u: [0], v0: [5, 1] })).toBe(Infinity)
  })

  test('a shift without an else in its step is refused where it stands', () => {
    const codes = (next: string, form = 'scan'): readonly string[] =>
      codesOf(`data u[t]\nstate k\nlet s = ${form}[t](from = 0, next = ${next})\nenergy k + ${form === 'scan' ? 'sum[t](s)' : 's'}\n`)
    expect(codes('prev + u[t = t - 1]')).toEqual(['AMP610'])
    expect(codes('prev + u[t = t + 1]', 'fold')).toEqual(['AMP610'])
    expect(codes('prev + u[t = t - 1 else 0]')).toEqual([])
    expect(codes('prev + where(index(t) == 1, 0, u[t = t - 1])')).toEqual([])
  })

  test('a definition called fold takes its place, and a variable keeps the name', () => {
    expect(total(energyOf('model t\nstate x\ndef fold(a) = a + 1\nenergy fold(x)\n'), {}, { x: [3] })).toBe(4)
    expect(modelOf('data fold[from]\nstate x\nenergy x * sum[from](fold)\n').variables[0]?.name).toBe('fold')
  })

  test('gradients are differences, and the same on every backend', async () => {
    const text = `${declared}let h = scan[t](from = v0, next = tanh(sum[j](W * prev[i -> j]) + k * u))\nenergy sum[i, t](h * h[t = t - 1]) + sum[i](fold[t](from = v0 * k, next = prev * cos(u) + k)^2)\n`
    const energy = energyOf(text)
    const states = { k: [], v0: ['i'], W: ['i', 'j'] } as const
    const graph = withGradient(energy.graph, states)
    const sizes = sizesOf(energy.axes, { t: 4, i: 2 })
    const given = { ...values, [ports.temperature]: [1] } as Record<string, readonly number[]>
    const run = (more: Record<string, readonly number[]>) =>
      evaluate(graph, sizes, Object.fromEntries(graph.inputs.map((p) => [p.name, Float64Array.from({ ...given, ...more }[p.name] ?? [])])))
    const exact = run({})
    const { target: tfjs } = await openTfjs('tfjs-cpu').then((o) => (o.backend === undefined ? Promise.reject(new Error('no tfjs')) : o))
    const compiled = [
      { target: kernel, digits: 12 },
      // float32: 24 bits, a dozen operations.
      { target: tfjs, digits: 5 },
    ].map(({ target, digits }) => {
      const executable = target(graph, sizes)
      for (const p of graph.inputs) executable.inputs.get(p.name)?.set(given[p.name] ?? [])
      executable.run()
      return { executable, digits }
    })
    for (const name of Object.keys(states)) {
      exact[`slope ${name}`]?.forEach((slope, i) => {
        const moved = (by: number): number =>
          run({ [name]: (given[name] ?? []).map((v, k) => (k === i ? v + by : v)) }).value?.[0] ?? Number.NaN
        // 1e-8: a step of 1e-5 squared times third derivatives of some tens, and rounding errors of 1e-16 / 1e-5.
        expect(Math.abs(slope - (moved(1e-5) - moved(-1e-5)) / 2e-5)).toBeLessThan(1e-8)
        for (const { executable, digits } of compiled) expect(executable.outputs.get(`slope ${name}`)?.[i]).toBeCloseTo(slope, digits)
      })
    }
  })
})

/** The energy as `value`, and its gradient by each of these inputs. */
function withGradient(graph: Graph, inputs: Readonly<Record<string, readonly string[]>>): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  const terms = graph.outputs.filter((o) => ports.isTerm(o.name)).map((o) => must(ids[o.node], o.name))
  const value = terms.reduce((a, b) => builder.apply('add', a, b))
  builder.output('value', value)
  const wanted = Object.entries(inputs)
  const slopes = gradient(
    builder,
    value,
    wanted.map(([name, axes]) => builder.input(name, axes)),
  )
  for (const [i, [name, axes]] of wanted.entries()) builder.output(`slope ${name}`, must(slopes[i], name), axes)
  return builder.finish()
}
