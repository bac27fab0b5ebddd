import type { Subject } from './subject.ts'
import type { Trial } from './trial.ts'

/** The laws of the charter of the language, and that of motion. */
export type LawNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10

/** A law of the two readings, as a list of checks that hold in every case or do not apply. */
export interface Law {
  /** Its number in the charter of the language. */
  readonly number: LawNumber
  readonly name: string
  readonly says: string
  readonly checks: readonly LawCheck[]
  /** Whether it has something to say of models without an energy. */
  readonly withoutEnergy?: boolean
  /** Cases for one run in this many: for laws that draw samples. */
  readonly thin?: number
}

export interface LawCheck {
  readonly name: string
  /** Why this model has nothing to check here; undefined where it has. */
  applies(subject: Subject): string | undefined
  run(trial: Trial): Finding
  /** Run in the first case and every so many after it: for checks that take long. */
  readonly thin?: number
  /** Where it fails, the case is shown as it came up: to make it smaller would take too long. */
  readonly asItCame?: boolean
}

export type Finding =
  | { readonly kind: 'holds' }
  /** Nothing to check in this case. */
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'fails'; readonly what: string; readonly expected: string; readonly found: string }

export const holds: Finding = { kind: 'holds' }
export const skipped = (why: string): Finding => ({ kind: 'skipped', why })
export const fails = (what: string, expected: string | number, found: string | number): Finding => ({
  kind: 'fails',
  what,
  expected: String(expected),
  found: String(found),
})

/** The first failure, else whether anything was checked. */
export function all(findings: Iterable<Finding>): Finding {
  let best: Finding | undefined
  for (const finding of findings) {
    if (finding.kind === 'fails') return finding
    if (best === undefined || best.kind === 'skipped') best = finding
  }
  return best ?? skipped('there is nothing to check')
}
