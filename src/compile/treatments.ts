import type { Span } from '../base/source.ts'
import type { Energy } from '../middle/energy.ts'
import { type Situation, situationOf, treated } from '../middle/situation.ts'
import { discreteMoving, eliminated, why } from './marginalise.ts'
import { treatAsAsked } from './treat.ts'

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
  // What cannot be treated as asked is an error of the reading, which says so.
  const asked = treatAsAsked(energy, situation).value ?? energy
  const keep = treated(situation, 'keep')
  const { work, kept } = eliminated(
    asked,
    discreteMoving(asked, situation).filter((v) => !keep.includes(v.name)),
    situation,
  )
  const before = asked.joint.filter((d) => d.by === 'levels')
  const chains = new Map([...before, ...work.conditionals.map((c) => ({ ...c.state, chain: c.chain }))].map((d) => [d.name, d.chain]))
  return discreteMoving(energy, situation).flatMap((variable): readonly DiscreteTreatment[] => {
    const { name, axes } = variable
    const obstacle = kept.find((k) => k.variable.name === name)?.obstacle
    const moved = axes.length === 0 ? 'moved by itself (Gibbs)' : 'moved one element at a time (Gibbs)'
    if (obstacle !== undefined) {
      const because = obstacle.kind === 'coupled' ? obstacle.terms.map(({ term }) => ({ name: term.name, span: term.span })) : []
      return [{ name, axes, summedOut: false, words: `${moved}, since ${why(variable, obstacle)}`, because }]
    }
    if (keep.includes(name)) return [{ name, axes, summedOut: false, words: `${moved}, as asked`, because: [] }]
    if (!chains.has(name)) return []
    const chain = chains.get(name)
    const each = axes.length === 0 ? 'over its levels' : 'each element by itself'
    const words = `summed out, ${chain === undefined ? each : `along the chain "${chain.axis}"`}`
    return [{ name, axes, summedOut: true, words, because: [] }]
  })
}
