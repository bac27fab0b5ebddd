import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { NodeId, Sizes } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'

/** A scalar formula of scalar inputs `x0`, `x1`, ..., with its gradient by each. */
export function scalarFormula(
  inputs: number,
  write: (m: Maths, x: readonly NodeId[]) => NodeId,
): (values: readonly number[]) => {
  value: number
  gradient: readonly number[]
} {
  const builder = new GraphBuilder()
  const x = Array.from({ length: inputs }, (_, i) => builder.input(`x${i}`, []))
  const value = write(maths(builder), x)
  builder.output('value', value)
  for (const [i, g] of gradient(builder, value, x).entries()) builder.output(`g${i}`, g, [])
  const graph = builder.finish()
  return (values) => {
    const out = evaluate(graph, {}, Object.fromEntries(values.map((v, i) => [`x${i}`, Float64Array.of(v)])))
    return { value: out.value?.[0] as number, gradient: x.map((_, i) => out[`g${i}`]?.[0] as number) }
  }
}

/** The value of a formula over named inputs, each with its axes and numbers. */
export function formula(
  inputs: Readonly<Record<string, { readonly axes: readonly string[]; readonly data: readonly number[] }>>,
  sizes: Sizes,
  write: (m: Maths, x: Readonly<Record<string, NodeId>>) => NodeId,
): readonly number[] {
  const builder = new GraphBuilder()
  const ids = Object.fromEntries(Object.entries(inputs).map(([name, { axes }]) => [name, builder.input(name, axes)]))
  builder.output('value', write(maths(builder), ids))
  const data = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, Float64Array.from(data)]))
  return [...(evaluate(builder.finish(), sizes, data).value as Float64Array)]
}
