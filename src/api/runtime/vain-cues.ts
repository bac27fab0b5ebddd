import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Bound } from '../../compile/bind.ts'

/** Starts that were given for states that were summed out, and so start nowhere. */
export function vainCues(bound: Bound, summedOut: readonly { readonly name: string }[]): readonly Diagnostic[] {
  return summedOut
    .filter(({ name }) => bound.cues[name] !== undefined)
    .map(({ name }) =>
      diagnostic('AMP517', `"${name}" is summed out, so the start that was given for it has no effect.`, {
        hint: `With --keep ${name} it would start there and move, one element at a time.`,
      }),
    )
}
