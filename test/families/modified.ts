import { GraphBuilder, include } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import { simplify } from '../../src/ir/simplify.ts'
import * as ports from '../../src/middle/ports.ts'
import { energyOf } from '../compile/models.ts'

/** The model `x ~ family(p0, p1, ...) modifier`, where the modifier may use `lo` and `hi`. */
function modelText(family: string, args: number, modifier: string): string {
  const names = Array.from({ length: args }, (_, i) => `p${i}`)
  const params = [...names, ...['lo', 'hi'].filter((n) => modifier.includes(n))].map((n) => `param ${n}`)
  return `model t\ndata x\n${params.join('\n')}\nx ~ ${family}(${names.join(', ')}) ${modifier}\n`
}

type Numbers = Readonly<Record<string, number>>

/** Values of a scalar energy's graph, and its gradient by the names. */
function scalarEnergy(text: string, wrt: readonly string[]): (values: Numbers) => { value: number; gradient: readonly number[] } {
  const energy = energyOf(text)
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph)
  const term = energy.graph.outputs.find((o) => o.name.startsWith('term:'))
  const value = ids[term?.node as number] as number
  builder.output('value', value)
  const inputs = wrt.map((name) => builder.input(name, []))
  for (const [i, g] of gradient(builder, value, inputs).entries()) builder.output(`g${i}`, g, [])
  const graph = simplify(builder.finish())
  return (values) => {
    const given = Object.fromEntries(Object.entries({ [ports.temperature]: 1, ...values }).map(([n, v]) => [n, Float64Array.of(v)]))
    const out = evaluate(graph, {}, Object.fromEntries(graph.inputs.map((p) => [p.name, given[p.name] as Float64Array])))
    return { value: out.value?.[0] as number, gradient: wrt.map((_, i) => out[`g${i}`]?.[0] as number) }
  }
}

/** log p(x) of a modified family, by its arguments and the two ends. */
export function density(
  family: string,
  args: number,
  modifier: string,
): (x: number, p: readonly number[], ends: readonly [number, number]) => number {
  const f = scalarEnergy(modelText(family, args, modifier), [])
  return (x, p, [lo, hi]) => 0 - f({ x, lo, hi, ...named(p) }).value
}

/** log p(x) and its gradient by the arguments and the ends, in this order. */
export function compileGradient(
  family: string,
  args: number,
  modifier: string,
): (x: number, at: readonly number[]) => { value: number; gradient: readonly number[] } {
  const wrt = [...Array.from({ length: args }, (_, i) => `p${i}`), 'lo', 'hi']
  const f = scalarEnergy(modelText(family, args, modifier), wrt)
  return (x, at) => {
    const { value, gradient: g } = f({ x, ...named(at.slice(0, args)), lo: at[args] as number, hi: at[args + 1] as number })
    return { value: -value, gradient: g.map((v) => -v) }
  }
}

function named(p: readonly number[]): Numbers {
  return Object.fromEntries(p.map((v, i) => [`p${i}`, v]))
}
