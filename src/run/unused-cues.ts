import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bound.ts'
import * as ports from '../middle/ports.ts'

/**
 * Starts and observations that were given for states that were summed out: a start has no effect
 * (nor is it reported in a file of several, such as an earlier run), observed values cannot be used.
 */
export function unusedCues(bound: Bound, summedOut: readonly { readonly name: string }[]): readonly Diagnostic[] {
  const inPart = (name: string): boolean => bound.observed[ports.knownPart(name)] !== undefined
  return [
    ...summedOut.filter(({ name }) => bound.observed[name] !== undefined && !inPart(name)).map(({ name }) => notUsed(name)),
    ...summedOut
      .filter(({ name }) => bound.cues[name] !== undefined && bound.cues[name]?.bundled !== true)
      .map(({ name }) => withoutEffect(name)),
  ]
}

function notUsed(name: string): Diagnostic {
  return diagnostic('AMP511', `"${name}" is summed out, so observed values of it cannot be used.`, {
    expected: `nothing observed of "${name}"`,
    hint: `Keep it (--keep ${name}), or compile for it being observed completely (--observed ${name}).`,
  })
}

function withoutEffect(name: string): Diagnostic {
  return diagnostic('AMP517', `"${name}" is summed out, so its initial value has no effect.`, {
    hint: `With --keep ${name} it starts there and moves one element at a time.`,
  })
}
