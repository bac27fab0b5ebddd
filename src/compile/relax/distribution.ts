import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import type { Energy, EnergyAxis, EnergyVariable, Marginalised } from '../../middle/energy.ts'
import { levelsOf } from '../../middle/kinds.ts'
import type { Default } from '../../middle/parts.ts'
import * as ports from '../../middle/ports.ts'
import type { Situation } from '../../middle/situation.ts'
import { freshAxis } from '../marginalise/work.ts'

/** The probabilities of a discrete state's levels, as a state of the same name. */
export interface RelaxedState {
  /** Of a state of elements, over its axes and the levels; of a spin or a bit, of its upper value. */
  readonly variable: EnergyVariable
  /** The axis of the levels, where the model has none that would do. */
  readonly axes: readonly EnergyAxis[]
  /** How its probabilities are reported: as those of a state that was summed out are. */
  readonly reported: Marginalised
}

export function relaxedState({ axes }: Pick<Energy, 'axes'>, variable: EnergyVariable): RelaxedState {
  const { name, type } = variable
  const levels = must(levelsOf(type), `levels of ${name}`)
  if (levels.kind === 'values') {
    const level = freshAxis(axes, `${name}:level`)
    const reported = { name, axes: variable.axes, level, type, relaxed: true } as const
    const made: EnergyAxis = { name: level, size: { kind: 'fixed', size: 2 } }
    return { variable: { ...variable, type: { kind: 'probability' } }, axes: [made], reported }
  }
  // An axis cannot be there twice.
  const taken = variable.axes.includes(levels.axis)
  const level = taken ? freshAxis(axes, `${levels.axis}'`) : levels.axis
  const made: readonly EnergyAxis[] = taken ? [{ name: level, size: { kind: 'same', as: levels.axis } }] : []
  const over = { ...variable, axes: [...variable.axes, level], type: { kind: 'simplex', axis: level } } as const
  return { variable: over, axes: made, reported: { name, axes: variable.axes, level, type, relaxed: true } }
}

/** Where a state starts; one that is relaxed with all of the probability at its default. */
export function relaxedStart(energy: Energy, situation: Relaxing, start: Default): Default {
  const variable = energy.variables.find((v) => v.name === start.name)
  if (variable === undefined || !relaxedNames(situation).includes(start.name)) return start
  const { reported, variable: probabilities } = relaxedState(energy, variable)
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, start.graph)
  const value = must(ids[start.graph.outputs[0]?.node ?? -1], 'default')
  const levels = must(levelsOf(reported.type), 'levels')
  const here = levels.kind === 'axis' ? builder.index(reported.level) : m.k(levels.values[1])
  builder.output(ports.result, m.equal(value, here), probabilities.axes)
  return { ...start, axes: probabilities.axes, graph: builder.finish() }
}

type Relaxing = Pick<Situation, 'treatments' | 'moving'>

/** What is relaxed, in the order in which it is. */
export function relaxedNames({ treatments, moving }: Relaxing): readonly string[] {
  return treatments.flatMap((t) => (t.kind === 'relax' && moving.has(t.name) ? [t.name] : []))
}

/**
 * The model as it is given values: with the probabilities of what is relaxed in the place of its levels. What is `observed` is given as
 * it is (and cannot be relaxed).
 */
export function withRelaxed(energy: Energy, situation: Relaxing, observed: readonly { readonly name: string }[] = []): Energy {
  const names = new Set(relaxedNames(situation).filter((name) => observed.every((o) => o.name !== name)))
  const relaxed = new Map(
    energy.variables.filter((v) => names.has(v.name) && levelsOf(v.type)).map((v) => [v.name, relaxedState(energy, v)]),
  )
  if (relaxed.size === 0) return energy
  const types = (all: readonly EnergyVariable[]): readonly EnergyVariable[] => all.map((v) => relaxed.get(v.name)?.variable ?? v)
  const made = [...relaxed.values()].flatMap((r) => r.axes)
  return { ...energy, variables: types(energy.variables), declared: types(energy.declared), axes: [...energy.axes, ...made] }
}

/** The probabilities of all levels, over the axes of what is reported. */
export function levelProbabilities(builder: GraphBuilder, { reported, variable }: RelaxedState, q: NodeId): NodeId {
  if (variable.type.kind !== 'probability') return q
  const m = maths(builder)
  const upper = builder.index(reported.level)
  return m.add(m.mul(upper, q), m.mul(m.sub(m.k(1), upper), m.sub(m.k(1), q)))
}
