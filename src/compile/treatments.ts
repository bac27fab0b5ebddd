import type { Span } from '../base/source.ts'
import type { Energy } from '../middle/energy.ts'
import { type Situation, situationOf, treated } from '../middle/situation.ts'
import { discreteMoving, eliminated, why } from './marginalise.ts'

/** What becomes of a discrete state, in words, and the statements that are to blame where it is not summed out. */
export interface DiscreteTreatment {
  readonly name: string
  readonly axes: readonly string[]
  readonly summedOut: boolean
  /** `summed out along the chain "t"`, `moved one element at a time (Gibbs), since ...` */
  readonly words: string
  readonly because: readonly { readonly name: string; readonly span: Span }[]
}

/** The discrete variables that move, in declared order, each with what becomes of it. */
export function treatmentsOf(energy: Energy, situation: Situation = situationOf(energy)): readonly DiscreteTreatment[] {
  const states = discreteMoving(energy, situation)
  const [keep, sumOut] = [treated(situation, 'keep'), treated(situation, 'sum-out')]
  // As `sumOut` does it: those that were asked for go first.
  const asked = states.filter((v) => sumOut.includes(v.name))
  const others = states.filter((v) => !sumOut.includes(v.name) && !keep.includes(v.name))
  const { work, kept } = eliminated(energy, [...others, ...asked])
  return states.map((variable): DiscreteTreatment => {
    const { name, axes } = variable
    const obstacle = kept.find((k) => k.variable.name === name)?.obstacle
    const moved = axes.length === 0 ? 'moved by itself (Gibbs)' : 'moved one element at a time (Gibbs)'
    if (obstacle !== undefined) {
      const because = obstacle.kind === 'coupled' ? obstacle.terms.map(({ term }) => ({ name: term.name, span: term.span })) : []
      return { name, axes, summedOut: false, words: `${moved}, since ${why(variable, obstacle)}`, because }
    }
    if (keep.includes(name)) return { name, axes, summedOut: false, words: `${moved}, as asked`, because: [] }
    const chain = work.conditionals.find((c) => c.state.name === name)?.chain
    const each = axes.length === 0 ? 'over its levels' : 'each element by itself'
    return {
      name,
      axes,
      summedOut: true,
      words: `summed out, ${chain === undefined ? each : `along the chain "${chain.axis}"`}`,
      because: [],
    }
  })
}
