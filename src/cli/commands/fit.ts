import { type FitResult, fit as run } from '../../api/fit.ts'
import type { Loaded } from '../../api/load.ts'
import { counted } from '../../base/counted.ts'
import { unusedSentence } from '../../compile/unused.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import { drawnParams } from '../drawn.ts'
import { fittedJson, writeFitted } from '../files/fitted.ts'
import { isStandardOutput } from '../files/out.ts'
import { interruptible } from '../interrupts.ts'
import { labelledNames } from '../labels.ts'
import { modelWithValues } from '../model-with-values.ts'
import { posteriors } from '../posteriors.ts'
import { readable } from '../readable.ts'
import { table } from '../table.ts'
import { temperatureSentence } from '../temperature.ts'
import { print, printAside, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface FitCommandOptions extends ValueOptions, FlaggedOptions<'fit'> {
  readonly json?: boolean
  readonly all?: boolean
  readonly out?: string
}

/** Fits q and says how good it is; exit code 2 where the ELBO still rises, or draws of q are far from the density. */
export async function fit(file: string, options: FitCommandOptions): Promise<number> {
  const opened = await modelWithValues(file, options)
  if (typeof opened === 'number') return opened
  const { source, loaded, values, before } = opened
  const result = interruptible('fitting')(() => run(loaded, values, flagged('fit', options)))
  const code = report([...before, ...result.diagnostics], source)
  if (result.value === undefined) return code
  const { value: fitted } = result
  const { out } = options
  const unwritten =
    out === undefined || fitted.outcome.kind === 'failed'
      ? 0
      : report(await writeFitted(out, fitted, { model: loaded.model.name, seed: options.seed }), source)
  const say = isStandardOutput(out) ? printAside : print
  say(options.json ? JSON.stringify(fittedJson(fitted), null, 2) : asText(fitted, loaded, options))
  if (unwritten !== 0) return unwritten
  return fitted.outcome.kind === 'converged' && !isFar(fitted) ? code : 2
}

/** Shapes of importance weights up to which their averages converge well, and usefully (Vehtari et al. 2024). */
const [CLOSE, USABLE] = [0.5, 0.7]

/** Ratios that vary by less than this many nats have no tail to speak of, whatever its shape. */
const STEADY = 0.1

function isFar({ khat, spread, elbo }: FitResult): boolean {
  return elbo === Number.NEGATIVE_INFINITY || (khat > USABLE && spread > STEADY)
}

const columns = ['mean', 'sd', 'q5', 'q50', 'q95'] as const

function asText(result: FitResult, { energy }: Loaded, options: FitCommandOptions): string {
  const { summary, draws, bound, responsibilities, drawn, unused, gone, temperature, outcome } = result
  if (outcome.kind === 'failed') return outcome.sentence
  const names = labelledNames(draws.variables, bound.labels)
  const elements = energy.variables.flatMap(({ name, type }) => (type.kind === 'element' ? [{ name, level: type.axis }] : []))
  const levels = new Set(elements.map((e) => e.name))
  const isElement = (column: string): boolean => levels.has(column.replace(/\[.*/, ''))
  const { shown, left, most } = readable(draws, summary, { elements, summedOut: new Set(), all: options.all === true })
  const rows = shown.flatMap((r) => (isElement(r.name) ? [] : [[names.get(r.name) ?? r.name, ...columns.map((c) => r[c])]]))
  const posterior = posteriors(draws, responsibilities, elements, bound.labels, most)
  return [
    ...(rows.length === 0 ? [] : [table(['', ...columns], rows), ...left, '']),
    ...posterior,
    ...(posterior.length > 0 ? [''] : []),
    ...drawnParams(drawn, bound.labels, options.seed),
    elboSentence(result),
    ...evidenceSentence(result),
    ...result.elements.map(elementsSentence),
    qSentence(result),
    ...(result.why === undefined ? [] : [`The method is ${result.method}, since ${decapitalised(result.why)}`]),
    ...(gone.length === 0 ? [] : [`Summed or integrated out before: ${gone.join(', ')}.`]),
    ...temperatureSentence(temperature, energy, options.temperature),
    khatSentence(result),
    ...unusedSentence('fit', unused),
  ].join('\n')
}

function elboSentence({ method, elbo, elboError, outcome, trace, start, starts }: FitResult): string {
  const pooled = method === 'pathfinder' && starts.length > 1
  const best = starts.length === 1 || pooled ? '' : ` It is the best of ${starts.length} starts, number ${start + 1}.`
  const lower = 'a lower bound of log Z'
  if (method === 'ascent') {
    const sweeps = counted(trace.length, 'sweep')
    const how = outcome.kind === 'converged' ? `after ${sweeps}` : `after ${sweeps}, and still rising (--sweeps allows more)`
    return `ELBO ${elbo.toFixed(3)} nats, ${lower}, ${how}.${best}`
  }
  if (!Number.isFinite(elbo)) return `ELBO minus infinity: the density is 0, or has no value, at some of the draws of q.${best}`
  const error = ` +- ${elboError.toPrecision(2)} (standard error)`
  const still = outcome.kind === 'iterations' ? ', and still rising (--iterations allows more)' : ''
  const of = pooled ? `; the draws are of all ${starts.length} paths, by importance` : ''
  return `ELBO ${elbo.toFixed(3)}${error} nats, ${lower}${still}${of}.${best}`
}

function evidenceSentence({ logEvidence }: FitResult): readonly string[] {
  return logEvidence === undefined ? [] : [`log Z is about ${logEvidence.toFixed(3)} by Laplace's method: an approximation, and no bound.`]
}

function qSentence({ method, blocks }: FitResult): string {
  const told = blocks.map((b) => `${b.density} ${b.names.join(', ')}`).join('; ')
  if (method === 'ascent') return `q is a product of ${counted(blocks.length, 'block')}: ${told}.`
  const names = blocks.flatMap((b) => b.names).join(', ')
  return `q is ${blocks.map((b) => b.density).join('; ')} over the unconstrained coordinates of ${names}.`
}

function decapitalised(sentence: string): string {
  return sentence.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())
}

/** So many elements are listed by what they take. */
const MOST_ELEMENTS = 12

function elementsSentence({ axis, used, counts, beyond }: FitResult['elements'][number]): string {
  const shown = counts.slice(0, MOST_ELEMENTS).map((c) => c.toFixed(1))
  const more = counts.length > shown.length ? `, and ${counts.length - shown.length} more` : ''
  return `Of "${axis}" ${counted(used, 'element')} ${used === 1 ? 'is' : 'are'} taken, by ${shown.join(', ')}${more} rows; all others together are expected to weigh ${beyond.toPrecision(2)}.`
}

function khatSentence({ khat, spread }: FitResult): string {
  if (Number.isNaN(khat)) return 'k-hat: too few draws to tell how far q is from the density.'
  if (khat === Number.NEGATIVE_INFINITY) return 'k-hat: q is the density itself, to rounding.'
  const value = `k-hat ${khat.toFixed(2)}`
  if (khat > CLOSE && spread <= STEADY)
    return `${value}, of ratios that vary by ${spread.toPrecision(1)} nats alone: q is close to the density.`
  if (khat <= CLOSE) return `${value}: q is close to the density.`
  if (khat <= USABLE) return `${value}: q is near the density; its spread may be too small.`
  return `${value}, above ${USABLE}: q is far from the density in its tails, or in many dimensions at once; trust means more than standard deviations, and hold them against amp sample.`
}
