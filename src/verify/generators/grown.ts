import { expressionOf } from '../../compile/outputs.ts'
import { evaluate } from '../../ir/evaluate.ts'
import type { Sizes } from '../../ir/graph.ts'
import { volumeOver } from '../../ir/layout.ts'
import type { Energy } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { OpenedAxis } from '../../middle/random-axis.ts'

type CaseValues = Readonly<Record<string, Float64Array>>

/** An element of an opened axis was taken by so many patterns at most. */
const MOST_TAKEN = 3

/**
 * What a store may hold of an opened axis: every element but the last, which is new, was taken by a pattern or more. Numbers alone
 * would make no density: they are those of the prior and of the patterns. `patternOf`: values of states, others for every element.
 */
export function grownValues(
  energy: Energy,
  { axis, picker, count, parameters: all }: OpenedAxis,
  sizes: Sizes,
  values: CaseValues,
  patternOf: (element: number) => CaseValues,
): CaseValues {
  const size = sizes[axis] ?? 1
  const counts = Float64Array.from({ length: size }, (_, k) => (k === size - 1 ? 0 : 1 + ((k * 7 + size) % MOST_TAKEN)))
  const grown: Record<string, Float64Array> = { ...values, [count]: counts }
  const parameters = all.map((p) => p.name)
  for (const name of parameters) grown[name] = evaluated(energy, ports.preset(name), sizes, grown)
  for (let k = 0; k < size; k += 1)
    for (let n = 0; n < (counts[k] ?? 0); n += 1) {
      const pattern = { ...grown, ...patternOf(k), [picker]: Float64Array.of(k) }
      const after = parameters.map((name) => evaluated(energy, ports.rule('write', name, 0), sizes, pattern))
      for (const [i, name] of parameters.entries()) {
        const row = after[i] ?? new Float64Array(0)
        grown[name]?.set(row, k * row.length)
      }
    }
  return grown
}

function evaluated(energy: Energy, port: string, sizes: Sizes, values: CaseValues): Float64Array {
  const graph = expressionOf(energy, port)
  const [output] = graph.outputs
  const found = evaluate(graph, sizes, values)[ports.result]
  return Float64Array.from({ length: volumeOver(output?.axes ?? [], sizes) }, (_, i) => found?.[i] ?? Number.NaN)
}
