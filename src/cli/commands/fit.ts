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

/** Fits by coordinate ascent and says how good it is; exit code 2 where the ELBO still rises, or draws of q are far from the density. */
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
  return fitted.outcome.kind === 'converged' && !(fitted.khat > USABLE) ? code : 2
}

/** Shapes of importance weights up to which their averages converge well, and usefully (Vehtari et al. 2024). */
const [CLOSE, USABLE] = [0.5, 0.7]

const columns = ['mean', 'sd', 'q5', 'q50', 'q95'] as const

function asText(result: FitResult, { energy }: Loaded, options: FitCommandOptions): string {
  const { summary, draws, bound, responsibilities, drawn, unused, blocks, gone, temperature, outcome } = result
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
    ...result.elements.map(elementsSentence),
    `q is a product of ${counted(blocks.length, 'block')}: ${blocks.map((b) => `${b.density} ${b.names.join(', ')}`).join('; ')}.`,
    ...(gone.length === 0 ? [] : [`Summed or integrated out before: ${gone.join(', ')}.`]),
    ...temperatureSentence(temperature, energy, options.temperature),
    khatSentence(result.khat),
    ...unusedSentence('fit', unused),
  ].join('\n')
}

function elboSentence({ elbo, outcome, trace, start, starts }: FitResult): string {
  const sweeps = counted(trace.length, 'sweep')
  const how = outcome.kind === 'converged' ? `after ${sweeps}` : `after ${sweeps}, and still rising (--sweeps allows more)`
  const best = starts.length === 1 ? '' : ` It is the best of ${starts.length} starts, number ${start + 1}.`
  return `ELBO ${elbo.toFixed(3)} nats, a lower bound of log Z, ${how}.${best}`
}

/** So many elements are listed by what they take. */
const MOST_ELEMENTS = 12

function elementsSentence({ axis, used, counts, beyond }: FitResult['elements'][number]): string {
  const shown = counts.slice(0, MOST_ELEMENTS).map((c) => c.toFixed(1))
  const more = counts.length > shown.length ? `, and ${counts.length - shown.length} more` : ''
  return `Of "${axis}" ${counted(used, 'element')} ${used === 1 ? 'is' : 'are'} taken, by ${shown.join(', ')}${more} rows; all others together are expected to weigh ${beyond.toPrecision(2)}.`
}

function khatSentence(khat: number): string {
  if (Number.isNaN(khat)) return 'k-hat: too few draws to tell how far q is from the density.'
  if (khat === Number.NEGATIVE_INFINITY) return 'k-hat: q is the density itself, to rounding.'
  const value = `k-hat ${khat.toFixed(2)}`
  if (khat <= CLOSE) return `${value}: q is close to the density.`
  if (khat <= USABLE) return `${value}: q is near the density; its spread may be too small.`
  return `${value}, above ${USABLE}: q is far from the density in its tails, or in many dimensions at once; trust means more than standard deviations, and hold them against amp sample.`
}
