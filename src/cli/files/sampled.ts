import { extname } from 'node:path'
import type { SampleResult } from '../../api/sample.ts'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { cmdStanCsv } from '../../inference/cmdstan-csv.ts'
import type { Draws } from '../../inference/draws.ts'
import { drawnJson } from '../drawn.ts'
import { labelledNames, withLabels } from '../labels.ts'
import { runHeader, sealed } from '../run-file.ts'
import { exactly, type SavedRun } from '../saved-run.ts'
import { writeNpy } from './npy.ts'
import { writeWhole } from './write.ts'

/** What the files say of a run besides its draws. */
export interface RunDescription {
  readonly model: string
  readonly seed: number
  readonly warmup: number
  readonly draws: number
  readonly resume: SavedRun
}

/** Draws in a file: for CmdStan's readers (.csv), with everything and to be gone on with (.json), as an array (.npy). */
export function writeSampled(path: string, result: SampleResult, run: RunDescription): readonly Diagnostic[] {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return writeChains(path, result, run)
    case '.json':
      return writeWhole(path, sealed(runPieces(result, run.resume)))
    case '.npy':
      return writeArray(path, result.draws)
    default:
      return [diagnostic('AMP708', `${path} does not say how to write it.`, { expected: 'a file ending in .json, .csv or .npy' })]
  }
}

export function sampledJson({
  summary,
  warnings,
  sampler,
  draws,
  outcomes,
  responsibilities,
  bound,
  backend,
  tuning,
  drawn,
}: SampleResult): Readonly<Record<string, unknown>> {
  const names = labelledNames(draws.variables, bound.labels)
  return {
    sampler,
    backend,
    sizes: bound.sizes,
    labels: bound.labels,
    ...drawnJson(drawn),
    variables: draws.variables,
    summary: summary.map((r) => (names.has(r.name) ? { ...r, label: names.get(r.name) } : r)),
    warnings: warnings.map((w) => ({ ...w, sentence: withLabels(w.sentence, names) })),
    outcomes,
    tuning: tuning.map((t) => ({ ...t, ...(t.inverseMetric === undefined ? {} : { inverseMetric: [...t.inverseMetric] }) })),
    responsibilities: responsibilities.map((r) => ({ name: r.name, axes: r.axes, mean: [...r.mean] })),
  }
}

/** As CmdStan does: a file a chain, `draws_1.csv`, `draws_2.csv`, ... */
function writeChains(path: string, { draws, tuning }: SampleResult, run: RunDescription): readonly Diagnostic[] {
  return draws.chains.flatMap(({ chain }, i) => {
    const file = draws.chains.length === 1 ? path : path.replace(/(\.csv)$/i, `_${chain + 1}$1`)
    return writeWhole(file, cmdStanCsv(draws, { ...run, chain, tuning: tuning[i] ?? {} }))
  })
}

/** A run's file but for its closing brace, in pieces: all draws together can be longer than a string may be. */
function* runPieces(result: SampleResult, resume: SavedRun): Generator<string> {
  yield JSON.stringify({ ...runHeader(), ...sampledJson(result) }).slice(0, -1)
  yield `,"draws":{"names":${JSON.stringify(result.draws.names)},"chains":[`
  for (const [i, { chain, count, columns, values, statistics }] of result.draws.chains.entries()) {
    yield `${i === 0 ? '' : ','}\n{"chain":${chain},"count":${count},"columns":${JSON.stringify(columns)},"values":`
    yield* listed(values)
    yield ',"statistics":'
    yield* listed(statistics)
    yield '}'
  }
  yield `\n]},\n"resume":${JSON.stringify(resume)}`
}

/** So many numbers are a piece. */
const PIECE = 2 ** 14

function* listed(numbers: Float64Array): Generator<string> {
  yield '['
  for (let at = 0; at < numbers.length; at += PIECE) {
    yield `${at === 0 ? '' : ','}${JSON.stringify(exactly(numbers.subarray(at, at + PIECE))).slice(1, -1)}`
  }
  yield ']'
}

/** [chain, draw, name], in the order of the summary; chains cut short are padded with NaN. */
function writeArray(path: string, draws: Draws): readonly Diagnostic[] {
  const longest = Math.max(0, ...draws.chains.map((c) => c.count))
  const width = draws.names.length
  const data = new Float64Array(draws.chains.length * longest * width).fill(Number.NaN)
  for (const [i, c] of draws.chains.entries()) data.set(c.values, i * longest * width)
  return writeWhole(path, writeNpy([draws.chains.length, longest, width], data))
}
