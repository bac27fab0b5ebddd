import type { BackendName } from '../../api/backend.ts'
import { load } from '../../api/load.ts'
import type { SamplerName } from '../../api/runtime/sample.ts'
import { type RunChains, sample as run, type SampleResult } from '../../api/sample.ts'
import { type Checked, hasErrors } from '../../base/diagnostic.ts'
import { volume } from '../../base/tensor.ts'
import type { GivenByRole } from '../../compile/bind.ts'
import type { Given } from '../../compile/given.ts'
import type { Draws } from '../../inference/draws.ts'
import { level } from '../../inference/level.ts'
import { drawnParams } from '../drawn.ts'
import { readSource } from '../files/read.ts'
import { sampledJson, writeSampled } from '../files/sampled.ts'
import { outTrouble } from '../files/write.ts'
import { readInits } from '../init-files.ts'
import { type Labels, labelledNames, withLabels } from '../labels.ts'
import { openProgress } from '../progress.ts'
import { planOf } from '../sample-plan.ts'
import { fingerprintOf, savedRun } from '../saved-run.ts'
import { table } from '../table.ts'
import { print, report } from '../terminal.ts'
import { readValues, type ValueOptions } from '../values.ts'
import { stepsInAll } from '../workers/here.ts'
import { runChainsIn } from '../workers.ts'

export interface SampleCommandOptions extends ValueOptions {
  readonly temperature: number
  readonly seed: number
  readonly backend: BackendName
  readonly report: readonly string[]
  readonly predict: readonly string[]
  readonly prior?: boolean
  readonly keep: readonly string[]
  readonly sumOut: readonly string[]
  readonly chains: number
  readonly draws: number
  readonly warmup: number
  readonly sampler: SamplerName
  readonly delta: number
  readonly depth: number
  readonly metric: 'unit' | 'diagonal' | 'dense'
  readonly init: readonly string[]
  readonly initRadius: number
  readonly workers?: number
  readonly resume?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly out?: string
  /** The options that were written out: the others hold their defaults. */
  readonly explicit: ReadonlySet<string>
}

/** Draws and summarises; exit code 2 when a chain failed or a diagnostic warns, 130 when interrupted. */
export async function sample(file: string, options: SampleCommandOptions): Promise<number> {
  const source = readSource(file)
  if (source.value === undefined) return report(source.diagnostics, { name: file, text: '' })
  const loaded = load(source.value)
  const values = readValues(options)
  const inits = readInits(options.init, loaded.value?.energy.variables ?? [])
  const given = joined(values, inits)
  const before = [...loaded.diagnostics, ...given.diagnostics, ...outTrouble(options.out)]
  if (loaded.value === undefined || given.value === undefined || hasErrors(before)) return report(before, source.value)
  const fingerprint = fingerprintOf(source.value.text, given.value)
  const plan = planOf(options, fingerprint)
  if (plan.value === undefined) return report([...before, ...plan.diagnostics], source.value)
  const { settings, resume } = plan.value
  const interrupts = listen()
  const runChains = running(options, interrupts.stop)
  const result = await run(loaded.value, given.value, { ...settings, resume, runChains })
  interrupts.done()
  const code = report([...before, ...result.diagnostics], source.value)
  if (result.value === undefined) return code
  if (options.out !== undefined) {
    const saved = savedRun(fingerprint, settings, result.value.chains)
    const trouble = writeSampled(options.out, result.value, { model: loaded.value.model.name, ...settings, resume: saved })
    if (trouble.length > 0) return report(trouble, source.value)
  }
  print(options.json ? JSON.stringify(sampledJson(result.value), null, 2) : asText(result.value, options, settings.seed))
  if (interrupts.heard()) return 130
  const failed = result.value.outcomes.some((o) => o.kind !== 'finished') || result.value.warnings.length > 0
  return failed ? 2 : code
}

/** A chain starts where a cue says; what is given for starts is given as cues. */
function joined({ value, diagnostics }: Checked<GivenByRole>, inits: Checked<readonly Given[]>): Checked<GivenByRole> {
  const both = [...diagnostics, ...inits.diagnostics]
  return value === undefined
    ? { diagnostics: both }
    : { value: { ...value, cues: [...value.cues, ...(inits.value ?? [])] }, diagnostics: both }
}

/** The first interrupt asks the chains to stop and keeps what they drew; the second ends the program. */
function listen() {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const ask = (): void => {
    Atomics.store(stop, 0, 1)
  }
  process.once('SIGINT', ask)
  return { stop, heard: () => Atomics.load(stop, 0) !== 0, done: () => process.off('SIGINT', ask) }
}

/** The chains, in worker threads where that pays, with progress on a terminal. */
function running({ json, quiet, workers }: SampleCommandOptions, stop: Int32Array): RunChains {
  return async (task) => {
    const bars = json || quiet ? undefined : await openProgress(task.options.chains ?? 4, stepsInAll(task), process.stderr)
    try {
      return await runChainsIn({ workers, stop, onProgress: bars?.update })(task)
    } finally {
      bars?.stop()
    }
  }
}

const columns = ['mean', 'sd', 'mcse_mean', 'q5', 'q50', 'q95', 'ess_bulk', 'ess_tail', 'r_hat'] as const

function asText(
  { summary, warnings, sampler, draws, outcomes, backend, responsibilities, bound, drawn }: SampleResult,
  { out }: SampleCommandOptions,
  seed: number,
): string {
  const names = labelledNames(draws.variables, bound.labels)
  const { shown, left } = readable(draws, summary)
  const rows = shown.map((r) => [names.get(r.name) ?? r.name, ...columns.map((c) => (c.startsWith('ess') ? Math.round(r[c]) : r[c]))])
  const rest = left.length > 0 ? [`... and ${left.join(', ')} (--json or --out has them all)`] : []
  const kept = draws.chains.reduce((sum, c) => sum + c.count, 0)
  const troubles = outcomes.flatMap((o, i) => ('sentence' in o ? [`Chain ${i + 1}: ${o.sentence}`] : []))
  const posteriors = responsibilities.flatMap((r) => likeliest(r, bound.labels))
  return [
    table(['', ...columns], rows),
    ...rest,
    '',
    ...posteriors,
    ...drawnParams(drawn, bound.labels, seed),
    `${kept} draws from ${draws.chains.length} chains by ${sampler} on ${backend.name}.`,
    ...troubles,
    ...uneven(draws),
    ...goOn(outcomes, out),
    ...warnings.map((w) => `Warning: ${withLabels(w.sentence, names)}`),
  ].join('\n')
}

/** All rows where they are few; else the first of each large variable, so that the small ones after it are seen. */
function readable(draws: Draws, summary: SampleResult['summary']) {
  const [most, first] = [40, 8]
  const parts = draws.variables.map(({ name, shape }) => ({ name, size: volume(shape) }))
  const brief = summary.length > most
  let at = 0
  const shown = parts.flatMap(({ size }) => {
    const rows = summary.slice(at, at + (brief ? Math.min(size, first) : size))
    at += size
    return rows
  })
  const left = parts.flatMap(({ name, size }) => (brief && size > first ? [`${size - first} more of ${name}`] : []))
  return { shown, left }
}

/** The likeliest levels of a single state that was summed out. */
function likeliest({ name, axes, mean }: SampleResult['responsibilities'][number], labels: Labels): readonly string[] {
  if (axes.length !== 1) return []
  const level = axes[0] as string
  const order = [...mean.keys()].sort((a, b) => (mean[b] as number) - (mean[a] as number)).slice(0, 5)
  return [`Posterior of ${name}: ${order.map((i) => `${labels[level]?.[i] ?? i + 1} (${(mean[i] as number).toFixed(3)})`).join(', ')}`, '']
}

/** Statistics need chains of one length. */
function uneven(draws: Draws): readonly string[] {
  const even = level(draws)
  const [first] = even.chains
  if (draws.chains.every((c) => c.count === draws.chains[0]?.count)) return []
  return [
    first === undefined
      ? ''
      : `The table is of the first ${first.count} draws of ${even.chains.length} of the chains, since not all got as far.`,
  ]
}

function goOn(outcomes: SampleResult['outcomes'], out: string | undefined): readonly string[] {
  if (outcomes.every((o) => o.kind === 'finished')) return []
  return out?.toLowerCase().endsWith('.json') === true ? [`The same command with --resume ${out} goes on from here.`] : []
}
