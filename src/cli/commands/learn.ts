import { type LearnResult, learn as run } from '../../api/learn.ts'
import { counted } from '../../base/counted.ts'
import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts'
import type { Tensor } from '../../base/tensor.ts'
import { unusedSentence } from '../../compile/unused.ts'
import { indices } from '../../inference/draws/draws.ts'
import type { Energy } from '../../middle/energy.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import type { LearnState } from '../../run/learn-state.ts'
import { drawnParams } from '../drawn.ts'
import { learnedJson, writeLearned, writeTrace } from '../files/learned.ts'
import { isStandardOutput, placeTrouble } from '../files/out.ts'
import { elementName, type Labels } from '../labels.ts'
import { readLearnRun, writeLearnRun } from '../learn-run.ts'
import { openLearnSession } from '../learn-session.ts'
import { modelWithValues } from '../model-with-values.ts'
import { fingerprintOf } from '../saved-run.ts'
import { show, table } from '../table.ts'
import { temperatureSentence } from '../temperature.ts'
import { print, printAside, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface LearnCommandOptions extends ValueOptions, FlaggedOptions<'learn'> {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly out?: string
  readonly trace?: string
  readonly checkpoint?: string
  readonly resume?: string
}

/** Learns params and says what moved and what stayed; exit code 2 where the loss was lost on the way. */
export async function learn(file: string, options: LearnCommandOptions): Promise<number> {
  const opened = await modelWithValues(file, options)
  if (typeof opened === 'number') return opened
  const { source, loaded, values, before } = opened
  const unwritable = [options.trace, options.checkpoint].flatMap((path) => (path === undefined ? [] : placeTrouble(path)))
  if (hasErrors(unwritable)) return report([...before, ...unwritable], source)
  const { steps: _, epochs: __, ...settings } = flagged('learn', options)
  const basis = fingerprintOf(`${source.text}\0${JSON.stringify(settings)}`, values)
  const earlier = options.resume === undefined ? undefined : readLearnRun(options.resume, basis)
  if (earlier !== undefined && earlier.value === undefined) return report([...before, ...earlier.diagnostics], source)
  const { checkpoint } = options
  const save = async (state: LearnState): Promise<readonly Diagnostic[]> =>
    checkpoint === undefined ? [] : writeLearnRun(checkpoint, state, basis)
  const session = openLearnSession({ quiet: options.json === true || options.quiet === true, save })
  const resume = earlier?.value === undefined ? {} : { resume: earlier.value }
  const result = await run(loaded, values, { ...flagged('learn', options), ...resume, pace: session.pace })
  const code = report([...before, ...result.diagnostics], source)
  if (result.value === undefined) return code
  const { value: learned } = result
  const written = [
    ...(await save(learned.state)),
    ...(await writeLearned(options.out, learned)),
    ...(options.trace === undefined ? [] : await writeTrace(options.trace, learned)),
  ]
  const unwritten = report(written, source)
  const say = isStandardOutput(options.out) ? printAside : print
  say(options.json ? JSON.stringify(learnedJson(learned), null, 2) : asText(learned, loaded.energy, options))
  const interrupted = session.interrupted()
  if (interrupted !== undefined) return interrupted
  if (unwritten !== 0) return unwritten
  return learned.outcome.kind === 'failed' ? 2 : code
}

function asText(result: LearnResult, energy: Energy, options: LearnCommandOptions): string {
  const { params, bound, stayed, gone, drawn, temperature, unused } = result
  return [
    table(['learned', 'size', 'values'], Object.entries(params).map(([name, value]) => rowOf(name, value, bound.labels))), // biome-ignore format: one thought
    '',
    ...stayed.map(({ name, why }) => `"${name}" stayed as it was: ${why}.`),
    ...drawnParams(drawn, bound.labels, options.seed),
    ...statementSentences(result),
    ...(gone.length === 0 ? [] : [`Summed or integrated out: ${gone.join(', ')}.`]),
    ...temperatureSentence(temperature, energy, options.temperature),
    lossSentence(result),
    ...unusedSentence('learn', unused),
  ].join('\n')
}

/** So many values are read in a line. */
const MOST_VALUES = 8

function rowOf(name: string, { axes, shape, data }: Tensor, labels: Labels): readonly string[] {
  const size = shape.length === 0 ? 'a number' : axes.map((axis, i) => `${axis} = ${shape[i]}`).join(', ')
  if (data.length > MOST_VALUES) return [name, size, spread(data)]
  if (shape.length === 0) return [name, size, show(data[0] as number)]
  const values = indices(shape).map((at, i) => `${elementName(name, axes, at, labels)} = ${show(data[i] as number)}`)
  return [name, size, values.join(', ')]
}

function spread(data: Float64Array): string {
  let [low, high, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const v of data) {
    low = Math.min(low, v)
    high = Math.max(high, v)
    squares += v * v
  }
  return `from ${show(low)} to ${show(high)}, rms ${show(Math.sqrt(squares / data.length))}`
}

function statementSentences({ statements, patterns }: LearnResult): readonly string[] {
  if (patterns === 1) return []
  const named = (shared: boolean): string => statements.filter((s) => s.shared === shared).map((s) => s.name).join(', ') // biome-ignore format: one thought
  const [once, each] = [named(true), named(false)]
  return [`For each of ${counted(patterns, 'pattern')}: ${each === '' ? 'nothing' : each}.${once === '' ? '' : ` Once: ${once}.`}`]
}

function lossSentence({ trace, steps, of, outcome, patterns, batch, by }: LearnResult): string {
  const unit = patterns === 1 ? '' : ' a pattern'
  const went =
    steps === 0
      ? 'No step was taken.'
      : `The loss (${by}) went from ${show(atStart(trace.loss, patterns, batch))} to ${show(atEnd(trace.loss, patterns, batch))} nats${unit}, in ${steps} of ${counted(of, 'step')}.`
  return outcome.kind === 'steps done' ? went : `${went} ${outcome.sentence}`
}

/** Means over as many steps as go through all patterns: single batches are noisy. */
function atStart(loss: Float64Array, patterns: number, batch: number): number {
  return mean(loss.subarray(0, Math.ceil(patterns / batch)))
}

function atEnd(loss: Float64Array, patterns: number, batch: number): number {
  return mean(loss.subarray(-Math.ceil(patterns / batch)))
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}
