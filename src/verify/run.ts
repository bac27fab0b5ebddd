import fc from 'fast-check'
import { InternalError } from '../base/internal-error.ts'
import { type ModelCase, modelCases } from './generators/model-case.ts'
import { type Finding, fails, type Law, type LawCheck } from './law.ts'
import type { Subject } from './subject.ts'
import { energyBy, trialOf } from './trial.ts'

export interface LawResult {
  readonly number: number
  readonly name: string
  readonly says: string
  readonly status: 'holds' | 'fails' | 'not applicable'
  /** Cases in which at least one of its checks had something to look at. */
  readonly cases: number
  /** Random cases that were left out, since E is infinite or undefined there. */
  readonly leftOut: number
  readonly checks: readonly CheckResult[]
  readonly counterexample?: Counterexample
  /** Why it does not apply. */
  readonly why?: string
}

export interface CheckResult {
  readonly name: string
  readonly status: 'holds' | 'fails' | 'not applicable'
  readonly cases: number
  readonly why?: string
}

/** A minimal case in which a law fails. */
export interface Counterexample {
  readonly check: string
  readonly example: ModelCase
  readonly what: string
  readonly expected: string
  readonly found: string
  /** How often the first failing case was made smaller. */
  readonly shrinks: number
}

export interface RunOptions {
  readonly runs: number
  readonly seed: number
}

/** Cases tried while shrinking: each is cheap, but a large model has very many ways to be smaller. */
const MOST_SHRINKS = 400

/** Tests one law on random cases of a model; the first failure is shrunk to a minimal one. */
export function runLaw(law: Law, subject: Subject, { runs, seed }: RunOptions): LawResult {
  const silent = law.withoutEnergy === true ? undefined : subject.energyless
  const reasons = new Map(law.checks.map((c) => [c, silent ?? c.applies(subject)]))
  const open = law.checks.filter((c) => reasons.get(c) === undefined)
  const tally = new Map(open.map((c) => [c, { held: 0, why: 'no case of it came up' }]))
  let [cases, leftOut, tries, passed] = [0, 0, 0, 0]
  let failing: { readonly check: LawCheck; readonly finding: Finding & { kind: 'fails' }; readonly example: ModelCase } | undefined
  const numRuns = Math.max(1, Math.ceil(runs / (law.thin ?? 1)))
  const property = fc.property(modelCases(subject.energy), (example) => {
    if (failing !== undefined) {
      tries += 1
      if (tries > MOST_SHRINKS || failing.check.asItCame) return true
    }
    const finite = energyIsFinite(subject, example)
    if (!finite && failing === undefined) leftOut += 1
    fc.pre(finite)
    passed += 1
    const due = failing === undefined ? open.filter((c) => (passed - 1) % (c.thin ?? 1) === 0) : open
    const failure = firstFailure(due, subject, example, failing === undefined ? tally : undefined)
    if (typeof failure === 'boolean') {
      if (failure && failing === undefined) cases += 1
      return true
    }
    failing = { ...failure, example }
    return false
  })
  const details = open.length === 0 ? undefined : fc.check(property, { numRuns, seed, maxSkipsPerRun: 40 })
  // Anything thrown but an InternalError is a fault of the law itself.
  if (failing === undefined && details?.errorInstance instanceof Error && details.counterexample !== null) throw details.errorInstance
  const checks = law.checks.map((c): CheckResult => resultOf(c, reasons.get(c), tally.get(c), failing?.check === c))
  const head = { number: law.number, name: law.name, says: law.says, cases, leftOut, checks }
  if (failing !== undefined) {
    const { check, finding, example } = failing
    const { what, expected, found } = finding
    return {
      ...head,
      status: 'fails',
      counterexample: { check: check.name, example, what, expected, found, shrinks: details?.numShrinks ?? 0 },
    }
  }
  if (cases > 0) return { ...head, status: 'holds' }
  const filtered = open.length > 0 && leftOut > 0 && [...tally.values()].every((t) => t.held === 0)
  return { ...head, status: 'not applicable', why: filtered ? `E was not finite in any of ${leftOut} random cases` : reasonOf(checks) }
}

/** The first check that fails in a case; else whether any had something to look at. */
function firstFailure(
  checks: readonly LawCheck[],
  subject: Subject,
  example: ModelCase,
  tally: Map<LawCheck, { held: number; why: string }> | undefined,
): boolean | { readonly check: LawCheck; readonly finding: Finding & { kind: 'fails' } } {
  const trial = trialOf(subject, example)
  let looked = false
  for (const check of checks) {
    const finding = guarded(() => check.run(trial))
    if (finding.kind === 'fails') return { check, finding }
    const counts = tally?.get(check)
    if (finding.kind === 'holds') {
      looked = true
      if (counts !== undefined) counts.held += 1
    } else if (counts !== undefined) counts.why = finding.why
  }
  return looked
}

/** What breaks inside amp is a failure of the law with a case to show for it. */
function guarded(run: () => Finding): Finding {
  try {
    return run()
  } catch (error) {
    if (error instanceof InternalError) return fails('amp itself broke', 'a number', error.message)
    throw error
  }
}

function energyIsFinite(subject: Subject, example: ModelCase): boolean {
  const trial = trialOf(subject, example)
  return Number.isFinite(energyBy(trial, subject.summed).energy)
}

function resultOf(
  check: LawCheck,
  reason: string | undefined,
  tally: { held: number; why: string } | undefined,
  failed: boolean,
): CheckResult {
  const { name } = check
  const cases = tally?.held ?? 0
  if (failed) return { name, status: 'fails', cases }
  if (reason !== undefined) return { name, status: 'not applicable', cases, why: reason }
  return cases > 0 ? { name, status: 'holds', cases } : { name, status: 'not applicable', cases, why: tally?.why ?? '' }
}

/** The reasons of its checks, each once. */
function reasonOf(checks: readonly CheckResult[]): string {
  return [...new Set(checks.map((c) => c.why ?? ''))].filter((w) => w !== '').join('; ')
}
