import { type Checked, checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { levelsOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import { type Situation, situationOf, treated } from '../middle/situation.ts'
import { eliminate } from './marginalise/eliminate.ts'
import { withKnownPart } from './marginalise/known-part.ts'
import { isObstacle, type Obstacle } from './marginalise/obstacle.ts'
import { close, open, type SummedEnergy } from './marginalise/work.ts'

/**
 * Sums discrete states of finite range (elements, spins, bits) out of the energy, exactly and at the temperature of the
 * new input `temperature`; each leaves a term `marginal NAME` and an output `responsibility:NAME` over its axes and a
 * level axis. One state after the other, the last declared first: with visible units declared before hidden ones, it is
 * the hidden ones that go.
 *
 * `'auto'` sums out what factorises and is not to be kept, and leaves the rest among the variables, to be sampled or
 * minimised. With names, what does not factorise is an error that says so.
 */
export function marginalise(
  energy: Energy,
  names: readonly string[] | 'auto',
  situation: Situation = situationOf(energy),
): Checked<Energy> {
  const keep = treated(situation, 'keep')
  const wanted = discreteMoving(energy, situation).filter((v) => (names === 'auto' ? !keep.includes(v.name) : names.includes(v.name)))
  if (wanted.length === 0) return made(energy)
  const { work, kept } = eliminated(energy, wanted, situation)
  const diagnostics = names === 'auto' ? [] : kept.map(({ variable, obstacle }) => cannotBeSummedOut(variable, obstacle))
  if (diagnostics.length > 0) return unmade(diagnostics)
  return checked(work.marginalised.length === energy.marginalised.length ? energy : close(work), diagnostics)
}

/** A discrete state that could not be summed out, and what is in the way. */
export interface KeptState {
  readonly variable: EnergyVariable
  readonly obstacle: Obstacle
}

/** All that factorise summed out of what is left by those after them, over what is not known of them; the others as they were. */
export function eliminated(
  energy: Energy,
  wanted: readonly EnergyVariable[],
  { inPart, over }: Pick<Situation, 'inPart' | 'over'>,
): { readonly work: SummedEnergy; readonly kept: readonly KeptState[] } {
  const kept: KeptState[] = []
  let work = open(energy, over)
  for (const variable of wanted.toReversed()) {
    const next = eliminate(inPart.has(variable.name) ? withKnownPart(work, variable) : work, variable)
    if (isObstacle(next)) kept.push({ variable, obstacle: next })
    else work = next
  }
  return { work, kept }
}

/** What moves and takes finitely many values, in declared order. */
export function discreteMoving(energy: Energy, { moving }: Pick<Situation, 'moving'>): readonly EnergyVariable[] {
  return energy.variables.filter((v) => moving.has(v.name) && levelsOf(v.type) !== undefined)
}

function cannotBeSummedOut(variable: EnergyVariable, obstacle: Obstacle): Diagnostic {
  const { name, span } = variable
  const coupled = obstacle.kind === 'coupled' ? obstacle.terms : []
  return diagnostic('AMP604', `"${name}" cannot be summed out exactly: ${why(variable, obstacle)}.`, {
    span,
    hint: `Let "${name}" be sampled or minimised one element at a time, or observe it.`,
    related: coupled.slice(0, 3).map(({ term }) => ({ span: term.span, message: `here its elements meet` })),
  })
}

/** What is in the way of summing a state out, as the end of a sentence. */
export function why({ axes }: EnergyVariable, obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'coupled':
      return `its elements ${obstacle.terms[0]?.how ?? `along "${axes.join('", "')}" meet each other`}, so the sum has exponentially many terms`
    case 'wide':
      return 'it is coupled to more states that are summed out than a table of all their levels can hold'
    case 'large':
      return 'the graph would become too large'
    case 'other':
      return otherOutput(ports.responsibilityOf(obstacle.output))
  }
}

function otherOutput(summedBefore: string | undefined): string {
  if (summedBefore === undefined) return 'a neuron is driven by it'
  return `the probabilities of "${summedBefore}", which is summed out before it, depend on several of its elements`
}
