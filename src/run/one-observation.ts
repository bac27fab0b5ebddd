import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bound.ts'

/** AMP502: what is given holds many observations, where draws and densities are given one. */
export function oneObservation(bound: Bound): readonly Diagnostic[] {
  const many = Object.entries(bound.observed).find(([, batch]) => batch.count > 1)
  if (many === undefined) return []
  return [
    diagnostic('AMP502', `"${many[0]}" holds ${many[1].count} observations, but sampling conditions on one.`, {
      hint: 'Give one of them; retrieve takes many at once.',
    }),
  ]
}
