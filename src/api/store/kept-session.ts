import type { Bound } from '../../bind/bound.ts'
import type { WritingSession } from '../../run/writing-session.ts'

/** The session of the last write, for the next one: patterns that come one by one find their rules opened. */
export interface KeptSession {
  /** The session, where it is of the same sizes and values, and nobody has written since. It is the taker's to dispose of. */
  take(bound: Bound, version: number): WritingSession | undefined
  keep(session: WritingSession, bound: Bound, version: number): void
  dispose(): void
}

export function keptSession(): KeptSession {
  let kept: { readonly session: WritingSession; readonly bound: Bound; readonly version: number } | undefined
  const dispose = (): void => {
    kept?.session.dispose()
    kept = undefined
  }
  return {
    take(bound, version) {
      if (
        kept === undefined ||
        kept.version !== version ||
        !isSame(kept.bound.sizes, bound.sizes) ||
        !isSame(kept.bound.values, bound.values)
      ) {
        dispose()
        return undefined
      }
      const { session } = kept
      kept = undefined
      return session
    },
    keep(session, bound, version) {
      dispose()
      kept = { session, bound, version }
    },
    dispose,
  }
}

/** Numbers by value, arrays by identity: what is kept stays the same object. */
function isSame(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
