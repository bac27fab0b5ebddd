import type { EnergyVariable } from '../../middle/energy.ts'
import { UNKNOWN } from '../../middle/known-part.ts'
import * as ports from '../../middle/ports.ts'
import type { SummedEnergy } from './work.ts'

/** The work with a term that is 0 where the state has the values that are known of it, and infinite elsewhere. */
export function withKnownPart(work: SummedEnergy, { name, axes, span }: EnergyVariable): SummedEnergy {
  const { builder, m } = work
  const port = ports.knownPart(name)
  const known = builder.input(port, axes)
  const agrees = m.where(m.equal(known, builder.input(name, axes)), m.k(0), m.k(Number.POSITIVE_INFINITY))
  const node = m.sum(axes, m.where(m.equal(known, m.k(UNKNOWN)), m.k(0), agrees))
  return {
    ...work,
    terms: [...work.terms, { name: port, span, kind: 'density', node }],
    given: [...work.given, { name: port, role: 'data', axes, type: { kind: 'real' }, span }],
  }
}
