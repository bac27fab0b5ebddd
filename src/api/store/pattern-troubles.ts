import { counted } from '../../base/counted.ts'
import { type Diagnostic, diagnostic, hasErrors } from '../../base/diagnostic.ts'
import type { Bound } from '../../bind/bound.ts'

/** Stretches of one stream have one width. */
export function otherSize(before: Bound, now: Bound): readonly Diagnostic[] {
  const axis = Object.keys(now.sizes).find((a) => before.sizes[a] !== undefined && before.sizes[a] !== now.sizes[a])
  if (axis === undefined) return []
  const message = `The axis ${axis} has ${before.sizes[axis]} elements in the first patterns, but ${now.sizes[axis]} in later ones.`
  return [diagnostic('AMP503', message, { expected: `one size for ${axis}` })]
}

/** A stream without a pattern. */
export function nothingGiven(said: readonly Diagnostic[]): readonly Diagnostic[] {
  if (hasErrors(said)) return []
  return [
    diagnostic('AMP501', 'No pattern is given.', { expected: 'a pattern, or a file of them', hint: 'Give it with --observed NAME=FILE.' }),
  ]
}

/** With the pattern's number beside what is wrong with it, where there are several. */
export function placed(trouble: Diagnostic, count: number, before: number): Diagnostic {
  return count === 1 && before === 0 ? trouble : { ...trouble, place: `pattern ${before + 1} of those given` }
}

/** Patterns whose retrieval was broken off by the limit of steps, and that were written nevertheless. */
export function unrest(count: number): readonly Diagnostic[] {
  if (count === 0) return []
  const message = `The retrieval of ${counted(count, 'pattern')} had not come to rest when ${count === 1 ? 'it was' : 'they were'} written.`
  return [diagnostic('AMP811', message, { hint: 'amp undo takes the write back; with more steps (--steps) it may come to rest.' })]
}
