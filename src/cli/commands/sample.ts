import { extname } from 'node:path'
import type { BackendName } from '../../api/backend.ts'
import { load } from '../../api/load.ts'
import type { SamplerName } from '../../api/runtime/sample.ts'
import { sample as run, type SampleResult } from '../../api/sample.ts'
import { type Diagnostic, diagnostic, hasErrors } from '../../base/diagnostic.ts'
import { volume } from '../../base/tensor.ts'
import { cmdStanCsv } from '../../inference/cmdstan-csv.ts'
import type { Draws } from '../../inference/draws.ts'
import { writeNpy } from '../files/npy.ts'
import { readSource } from '../files/read.ts'
import { writeWhole } from '../files/write.ts'
import { type Labels, labelledNames, withLabels } from '../labels.ts'
import { table } from '../table.ts'
import { print, report } from '../terminal.ts'
import { readValues, type ValueOptions } from '../values.ts'

export interface SampleCommandOptions extends ValueOptions {
  readonly temperature: number
  readonly seed: number
  readonly backend: BackendName
  readonly report: readonly string[]
  readonly chains: number
  readonly draws: number
  readonly warmup: number
  readonly sampler: SamplerName
  readonly delta: number
  readonly depth: number
  readonly metric: 'unit' | 'diagonal' | 'dense'
  readonly json?: boolean
  readonly out?: string
}

/** Draws and summarises; exit code 2 when a chain failed or a diagnostic warns. */
export async function sample(file: string, options: SampleCommandOptions): Promise<number> {
  const source = readSource(file)
  if (source.value === undefined) return report(source.diagnostics, { name: file, text: '' })
  const loaded = load(source.value)
  const given = readValues({ ...options, data: options.data })
  const before = [...loaded.diagnostics, ...given.diagnostics]
  if (loaded.value === undefined || given.value === undefined || hasErrors(before)) return report(before, source.value)
  const { json, out, data, memory, param, observed, cue, ...settings } = options
  const result = await run(loaded.value, given.value, settings)
  const code = report([...before, ...result.diagnostics], source.value)
  if (result.value === undefined) return code
  if (out !== undefined) {
    const trouble = write(out, result.value, loaded.value.model.name, options)
    if (trouble.length > 0) return report(trouble, source.value)
  }
  print(json ? JSON.stringify(asJson(result.value), null, 2) : asText(result.value))
  const failed = result.value.outcomes.some((o) => o.kind !== 'finished') || result.value.warnings.length > 0
  return failed ? 2 : code
}

const columns = ['mean', 'sd', 'mcse_mean', 'q5', 'q50', 'q95', 'ess_bulk', 'ess_tail', 'r_hat'] as const

function asText({ summary, warnings, sampler, draws, outcomes, backend, responsibilities, bound }: SampleResult): string {
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
    `${kept} draws from ${draws.chains.length} chains by ${sampler} on ${backend.name}.`,
    ...troubles,
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

function asJson({ summary, warnings, sampler, draws, outcomes, responsibilities, bound, backend, tuning }: SampleResult): unknown {
  const names = labelledNames(draws.variables, bound.labels)
  return {
    sampler,
    backend,
    sizes: bound.sizes,
    labels: bound.labels,
    variables: draws.variables,
    summary: summary.map((r) => (names.has(r.name) ? { ...r, label: names.get(r.name) } : r)),
    warnings: warnings.map((w) => ({ ...w, sentence: withLabels(w.sentence, names) })),
    outcomes,
    tuning: tuning.map((t) => ({ ...t, ...(t.inverseMetric === undefined ? {} : { inverseMetric: [...t.inverseMetric] }) })),
    responsibilities: responsibilities.map((r) => ({ name: r.name, axes: r.axes, mean: [...r.mean] })),
  }
}

function write(path: string, result: SampleResult, model: string, options: SampleCommandOptions): readonly Diagnostic[] {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return writeChains(path, result, model, options)
    case '.json':
      return writeWhole(path, `${JSON.stringify({ ...(asJson(result) as object), draws: drawsJson(result.draws) })}\n`)
    case '.npy':
      return writeArray(path, result.draws)
    default:
      return [diagnostic('AMP708', `${path} does not say how to write it.`, { expected: 'a file ending in .json, .csv or .npy' })]
  }
}

/** As CmdStan does: a file a chain, `draws_1.csv`, `draws_2.csv`, ... */
function writeChains(path: string, { draws, tuning }: SampleResult, model: string, options: SampleCommandOptions): readonly Diagnostic[] {
  return draws.chains.flatMap(({ chain }, i) => {
    const file = draws.chains.length === 1 ? path : path.replace(/(\.csv)$/i, `_${chain + 1}$1`)
    const { seed, warmup, draws: count } = options
    return writeWhole(file, cmdStanCsv(draws, { model, seed, chain, warmup, draws: count, tuning: tuning[i] ?? {} }))
  })
}

function drawsJson(draws: Draws): unknown {
  return {
    names: draws.names,
    chains: draws.chains.map((c) => ({ count: c.count, columns: c.columns, values: [...c.values], statistics: [...c.statistics] })),
  }
}

/** [chain, draw, name], in the order of the summary; chains cut short are padded with NaN. */
function writeArray(path: string, draws: Draws): readonly Diagnostic[] {
  const longest = Math.max(0, ...draws.chains.map((c) => c.count))
  const width = draws.names.length
  const data = new Float64Array(draws.chains.length * longest * width).fill(Number.NaN)
  for (const [i, c] of draws.chains.entries()) data.set(c.values, i * longest * width)
  return writeWhole(path, writeNpy([draws.chains.length, longest, width], data))
}
