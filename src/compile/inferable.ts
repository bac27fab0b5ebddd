import type { Role } from '../middle/model.ts'
import { readings } from './readings.ts'

/** What stands on the left of a statement. */
interface StatedTerms {
  readonly terms: readonly { readonly kind: 'energy' | 'density'; readonly variable?: string }[]
  readonly variables: readonly { readonly name: string; readonly role: Role; readonly label?: string }[]
}

/** The roles that some reading moves where it is asked for. */
const mayMove = new Set<Role>(Object.values(readings).flatMap((row) => row.infers))

/** Whether variables of a role move only where that is asked for. */
export function movesIfAsked(role: Role): boolean {
  return mayMove.has(role)
}

/** The params and memories with a prior, a statement with them on its left side: they move where it is asked for. */
export function inferable({ terms, variables }: StatedTerms): ReadonlySet<string> {
  const stated = new Set(terms.flatMap((t) => t.variable ?? []))
  return new Set(variables.flatMap((v) => (mayMove.has(v.role) && v.label === undefined && stated.has(v.name) ? [v.name] : [])))
}
