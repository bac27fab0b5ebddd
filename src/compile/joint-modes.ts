import type { Energy, JointDraw, LevelDraw } from '../middle/energy.ts'
import type { RetrievalProgram } from '../middle/program.ts'
import type { Situation } from '../middle/situation.ts'
import { treat } from './treat.ts'

/** How the joint mode of the discrete states that were summed out is found, and the axes that its graphs have. */
export interface JointModes {
  readonly modes: readonly LevelDraw[]
  readonly axes: Energy['axes']
}

/**
 * The joint mode by the same eliminations as the sum, with the least energy in the place of `-T log sum exp(-E/T)` (max-sum:
 * along chains Viterbi 1967), and back again, each state at its best given those that went after it. Undefined where the least
 * energy cannot be had so.
 */
export function jointModes(energy: Energy, summed: Energy, situation: Situation): JointModes | undefined {
  if (summed.relaxed.length > 0) return undefined
  if (areSeparate(summed.joint)) return { modes: [], axes: [] }
  const least = treat(energy, { ...situation, over: 'least' }).value
  const names = ({ marginalised }: Energy): string => marginalised.map((s) => s.name).join()
  if (least === undefined || names(least) !== names(summed)) return undefined
  const modes = levelsIn(least.joint)
  const others = new Set(least.joint.flatMap((d) => (d.by === 'levels' ? [] : [d.name])))
  // What was eliminated in another way has no value at which levels could be compared.
  return modes.some((d) => reads(d, others)) ? undefined : { modes, axes: least.axes }
}

/** By what the value of each state that was summed out is found that retrieval answers, in words. */
export function waysOfModes({ responsibilities, modes }: RetrievalProgram): Readonly<Record<string, string>> {
  return Object.fromEntries(
    responsibilities.map(({ name, relaxed }) => {
      if (relaxed) return [name, 'the likeliest of the probabilities that move in its place']
      if (modes === undefined) return [name, 'marginal modes by argmax']
      const mode = modes.find((m) => m.name === name)
      if (mode === undefined) return [name, 'joint mode by argmax']
      return [name, mode.chain === undefined ? 'joint mode by max-sum' : `joint mode by Viterbi along "${mode.chain.axis}"`]
    }),
  )
}

/** Whether no element depends on another, given everything that was not eliminated. */
function areSeparate(joint: readonly JointDraw[]): boolean {
  const names = new Set(joint.map((d) => d.name))
  return levelsIn(joint).every((d) => d.chain === undefined && !reads(d, names))
}

function levelsIn(joint: readonly JointDraw[]): readonly LevelDraw[] {
  return joint.filter((d): d is LevelDraw => d.by === 'levels')
}

function reads({ graph }: LevelDraw, names: ReadonlySet<string>): boolean {
  return graph.inputs.some((input) => names.has(input.name))
}
