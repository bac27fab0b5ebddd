import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { InternalError } from '../base/internal-error.ts'
import type { SourceFile } from '../base/source.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Figure } from '../plot/figure.ts'
import type { Claim, Experiment, Findings, Measured } from './experiment.ts'
import { type ClaimVerdict, judge } from './judge.ts'
import { type LabOptions, openLab, Stopped } from './lab.ts'

export interface Judged {
  readonly name: string
  readonly claim: Claim
  readonly measured: Measured | undefined
  readonly verdict: ClaimVerdict
}

export interface Reproduction {
  readonly seed: number
  readonly quick: boolean
  readonly claims: readonly Judged[]
  readonly figure?: Figure
  readonly learned?: Findings['learned']
}

/** What a run gives; where a model or its values are wrong, `about` is that model's text. */
export type Reproduced = Checked<Reproduction> & { readonly about?: SourceFile }

/** Runs an experiment and holds what it found to its claims. `place` names it in diagnostics. */
export async function reproduce(
  place: string,
  experiment: Experiment,
  options: Omit<LabOptions, 'seed'> & { readonly seed?: number },
): Promise<Reproduced> {
  const { seed = experiment.seed, quick } = options
  let found: Findings
  try {
    found = await experiment.run(openLab({ ...options, seed }))
  } catch (error) {
    if (error instanceof Stopped) return { ...unmade(error.diagnostics), about: error.source }
    if (error instanceof InternalError) throw error
    return unmade([broke(place, error)])
  }
  const diagnostics = troubles(place, experiment, found, quick)
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  const claims = Object.entries(experiment.claims).map(([name, claim]): Judged => {
    const measured = found.measured[name]
    return { name, claim, measured, verdict: judge(claim, measured) }
  })
  const { figure, learned } = found
  return checked({ seed, quick, claims, ...(figure && { figure }), ...(learned && { learned }) }, diagnostics)
}

function broke(place: string, error: unknown): Diagnostic {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  const line = /[\\/]([\w.-]+\.\w+:\d+):\d+\)?$/m.exec(stack)?.[1]
  const where = line === undefined ? place : `${place}, at ${line}`
  return diagnostic('AMP732', `The experiment stopped: ${message}`, { place: where })
}

/** Findings under names that are no claims, and claims without a finding. */
function troubles(place: string, { claims }: Experiment, found: Findings, quick: boolean): readonly Diagnostic[] {
  const measured: unknown = (found as Findings | undefined)?.measured
  if (typeof measured !== 'object' || measured === null)
    return [diagnostic('AMP733', 'The run returned no findings.', { place, expected: '{ measured: { CLAIM: number } }' })]
  const names = Object.keys(claims)
  const strange = Object.keys(measured).filter((name) => !names.includes(name))
  const lacking = names.filter((name) => !isMeasured((measured as Record<string, unknown>)[name], quick))
  return [
    ...strange.map((name) =>
      diagnostic('AMP733', `The run measured "${name}", which is no claim.`, { place, ...hinted(didYouMean(name, names), names) }),
    ),
    ...lacking.map((name) =>
      diagnostic('AMP733', `The run measured no "${name}", which is a claim.`, { place, expected: 'a number, or { value, error }' }),
    ),
  ]
}

const hinted = (hint: string | undefined, names: readonly string[]) => (hint === undefined ? { expected: names.join(', ') } : { hint })

function isMeasured(value: unknown, quick: boolean): boolean {
  if (typeof value === 'number') return true
  if (value === undefined) return quick
  const { value: number, error } = (value ?? {}) as Partial<Record<'value' | 'error', unknown>>
  return typeof number === 'number' && typeof error === 'number'
}
