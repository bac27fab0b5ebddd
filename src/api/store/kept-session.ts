import type { Bound } from '../../bind/bound.ts'
import type { OpenedRules } from './prepare.ts'

/** The session of the last write, for the next one: patterns that come one by one find their rules opened. */
export interface KeptSession {
  /** The session, where it is of the same sizes and values, and nobody has written since. It is the taker's to dispose of. */
  take(bound: Bound, version: number, wholly: boolean): OpenedRules | undefined
  /** `wholly`: it follows memories that grow, too. */
  keep(opened: OpenedRules, bound: Bound, version: number, wholly: boolean): void
  dispose(): void
}

export function keptSession(): KeptSession {
  let kept: { readonly opened: OpenedRules; readonly bound: Bound; readonly version: number; readonly wholly: boolean } | undefined
  const dispose = (): void => {
    kept?.opened.session.dispose()
    kept = undefined
  }
  return {
    take(bound, version, wholly) {
      if (
        kept === undefined ||
        kept.version !== version ||
        kept.wholly !== wholly ||
        !isSame(kept.bound.sizes, bound.sizes) ||
        !isSame(kept.bound.values, bound.values)
      ) {
        dispose()
        return undefined
      }
      const { opened } = kept
      kept = undefined
      return opened
    },
    keep(opened, bound, version, wholly) {
      dispose()
      kept = { opened, bound, version, wholly }
    },
    dispose,
  }
}

/** Numbers by value, arrays by identity: what is kept stays the same object. */
function isSame(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
