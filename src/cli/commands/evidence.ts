import { type EvidenceResult, evidence as run } from '../../api/evidence.ts'
import type { Loaded } from '../../api/load.ts'
import { counted } from '../../base/counted.ts'
import { unusedJson, unusedSentence } from '../../compile/unused.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import type { EstimateDetails } from '../../run/evidence.ts'
import { drawnJson, drawnParams } from '../drawn.ts'
import { modelWithValues } from '../model-with-values.ts'
import { temperatureSentence } from '../temperature.ts'
import { print, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface EvidenceCommandOptions extends ValueOptions, FlaggedOptions<'evidence'> {
  readonly json?: boolean
}

/** Computes log Z and says how far it may be trusted; exit code 2 where it may not. */
export async function evidence(file: string, options: EvidenceCommandOptions): Promise<number> {
  const opened = await modelWithValues(file, options)
  if (typeof opened === 'number') return opened
  const { source, loaded, values, before } = opened
  const result = await run(loaded, values, flagged('evidence', options))
  const code = report([...before, ...result.diagnostics], source)
  if (result.value === undefined) return code
  print(options.json ? JSON.stringify(json(result.value), null, 2) : text(result.value, loaded, options))
  return result.value.trouble === undefined ? code : 2
}

/** Numbers that JSON does not have are null there. */
function json({ details, bound, unused, drawn, ...result }: EvidenceResult): Readonly<Record<string, unknown>> {
  return { ...result, details, sizes: bound.sizes, labels: bound.labels, unused: unusedJson(unused), ...drawnJson(drawn) }
}

function text(result: EvidenceResult, { energy }: Loaded, options: EvidenceCommandOptions): string {
  const { isEvidence, logZ, error, interval, details, trouble, bound } = result
  const bar =
    error === undefined || interval === undefined
      ? ''
      : ` +- ${error.toPrecision(2)} (95 %: ${fixed(interval[0])} to ${fixed(interval[1])})`
  const named = `log ${isEvidence ? 'evidence' : 'Z'}`
  return [
    `${named} ${details.by === 'exact' ? logZ.toPrecision(12) : fixed(logZ)}${bar} nats, ${how(details)}.`,
    ...(trouble === undefined ? [] : [trouble]),
    ...gone(result),
    ...temperatureSentence(result.temperature, energy, options.temperature),
    ...unnormalised(result),
    ...drawnParams(result.drawn, bound.labels, options.seed),
    ...unusedSentence('evidence', result.unused),
  ].join('\n')
}

const fixed = (x: number): string => x.toFixed(3)

/** What belongs to the number, by its method. */
const words: { readonly [K in EstimateDetails['by']]: (details: Extract<EstimateDetails, { readonly by: K }>) => string } = {
  exact: ({ configurations }) =>
    configurations === 1 ? 'exact, in closed form' : `exact, by a sum over ${counted(configurations, 'configuration')}`,
  quadrature: ({ dimension, evaluations, relativeError }) =>
    `by quadrature over ${counted(dimension, 'number')}: ${evaluations} places, and rules that differ by ${relativeError.toPrecision(1)} of Z`,
  laplace: ({ dimension }) =>
    `by Laplace's approximation over ${counted(dimension, 'number')}: exact for a normal density alone, and nothing says how far off it is here`,
  ais: ({ weights, rungs, effective }) =>
    `by annealed importance sampling: ${weights} weights, worth ${effective.toFixed(0)} equal ones, over ${counted(rungs, 'step')}`,
  smc: ({ particles, islands, rungs }) =>
    `by sequential Monte Carlo: ${particles} particles on ${counted(islands, 'island')}, ${counted(rungs, 'step')}`,
  bridge: ({ chains, draws, rhat }) =>
    `by bridge sampling: ${counted(chains, 'chain')} of ${counted(draws, 'draw')}, R-hat ${Number.isNaN(rhat) ? 'unknown' : rhat.toFixed(2)}`,
}

function how(details: EstimateDetails): string {
  return (words[details.by] as (details: EstimateDetails) => string)(details)
}

function gone({ gone: all, left }: EvidenceResult): readonly string[] {
  const by = (how: EvidenceResult['gone'][number]['how']): readonly string[] => all.filter((g) => g.how === how).map((g) => g.name)
  const [sums, integrals] = [by('summed out'), by('integrated out')]
  return [
    ...(sums.length === 0 ? [] : [`Summed out exactly: ${sums.join(', ')}.`]),
    ...(integrals.length === 0 ? [] : [`Integrated out exactly: ${integrals.join(', ')}.`]),
    ...(left.length === 0 || all.length === 0 ? [] : [`Left to the method: ${left.join(', ')}.`]),
  ]
}

/** So many reasons are listed. */
const MOST_REASONS = 4

function unnormalised({ notNormalised, isEvidence, temperature }: EvidenceResult): readonly string[] {
  if (isEvidence || temperature !== 1) return []
  const reasons = notNormalised.slice(0, MOST_REASONS).map(({ name, why }) => (name === undefined ? why : `"${name}" ${why}`))
  const more = notNormalised.length > MOST_REASONS ? `; and ${notNormalised.length - MOST_REASONS} more` : ''
  return [`It is not the evidence of what is given, since exp(-E) is not a normalised density: ${reasons.join('; ')}${more}.`]
}
