import type { SampleResult } from '../../api/sample.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { unusedJson } from '../../compile/unused.ts'
import { cmdStanPieces } from '../../inference/files/cmdstan-csv.ts'
import { drawnJson } from '../drawn.ts'
import { labelledNames, withLabels } from '../labels.ts'
import { runHeader, sealed } from '../run-file.ts'
import { exactly, type SavedRun } from '../saved-run.ts'
import { coordinatesBeside, labelledCells, writeArray } from './coordinates.ts'
import { endingOf, endless } from './out.ts'
import { writeInTurns } from './write.ts'

/** What the files say of a run besides its draws. */
export interface RunDescription {
  readonly model: string
  readonly seed: number
  readonly warmup: number
  readonly draws: number
  readonly resume: SavedRun
}

/** Draws in a file: for CmdStan's readers (.csv), with everything and to be gone on with (.json), as an array (.npy). */
export async function writeSampled(
  path: string,
  result: SampleResult,
  run: RunDescription,
  patient?: () => boolean,
): Promise<readonly Diagnostic[]> {
  switch (endingOf(path)) {
    case '.csv':
      return writeChains(path, result, run, patient)
    case '.json':
      return writeInTurns(path, runText(result, run.resume), patient)
    case '.npy':
      return writeArray(path, result.draws, result.bound.labels, patient)
    case undefined:
      return [endless(path)]
  }
}

/** A run with everything, to be gone on with. */
export function runText(result: SampleResult, resume: SavedRun): Iterable<string> {
  return sealed(runPieces(result, resume))
}

export function sampledJson({
  summary,
  warnings,
  sampler,
  exact,
  draws,
  outcomes,
  responsibilities,
  eliminated,
  partitions,
  bound,
  backend,
  tuning,
  drawn,
  unused,
  temperature,
  started,
}: SampleResult): Readonly<Record<string, unknown>> {
  const names = labelledNames(draws.variables, bound.labels)
  return {
    sampler,
    exact,
    backend,
    temperature,
    started,
    sizes: bound.sizes,
    labels: bound.labels,
    unused: unusedJson(unused),
    ...drawnJson(drawn),
    variables: draws.variables,
    summary: summary.map((r) => (names.has(r.name) ? { ...r, label: names.get(r.name) } : r)),
    warnings: warnings.map((w) => ({ ...w, sentence: withLabels(w.sentence, names) })),
    outcomes,
    tuning: tuning.map((t) => ({ ...t, ...(t.inverseMetric === undefined ? {} : { inverseMetric: [...t.inverseMetric] }) })),
    responsibilities: responsibilities.map((r) => ({ name: r.name, axes: r.axes, mean: [...r.mean] })),
    eliminated,
    ...(partitions.length === 0 ? {} : { partitions }),
  }
}

/** As CmdStan does: a file a chain, `draws_1.csv`, `draws_2.csv`, ... */
async function writeChains(path: string, { draws, tuning, bound }: SampleResult, run: RunDescription, patient?: () => boolean) {
  const troubles: Diagnostic[] = []
  const called = labelledCells(draws, bound.labels)
  for (const [i, { chain }] of draws.chains.entries()) {
    const file = chainFile(path, chain, draws.chains.length)
    troubles.push(...(await writeInTurns(file, cmdStanPieces(draws, { ...run, chain, tuning: tuning[i] ?? {}, called }), patient)))
  }
  return troubles
}

/** The files that draws of so many chains go to, and what is written beside them. */
export function filesFor(path: string, chains: number): readonly string[] {
  const ending = endingOf(path)
  if (ending === '.csv') return Array.from({ length: chains }, (_, chain) => chainFile(path, chain, chains))
  const beside = ending === '.npy' ? coordinatesBeside(path) : undefined
  return beside === undefined ? [path] : [path, beside]
}

function chainFile(path: string, chain: number, chains: number): string {
  return chains === 1 ? path : path.replace(/(\.csv)$/i, `_${chain + 1}$1`)
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
  yield* resumePieces(resume)
}

/** The state of each chain is a piece: a dense metric alone can be long. */
function* resumePieces({ chains, ...rest }: SavedRun): Generator<string> {
  yield `\n]},\n"resume":${JSON.stringify(rest).slice(0, -1)},"chains":[`
  for (const [i, chain] of chains.entries()) yield `${i === 0 ? '' : ','}${JSON.stringify(chain)}`
  yield ']}'
}

/** So many numbers are a piece. */
const PIECE = 1 << 14

export function* listed(numbers: Float64Array): Generator<string> {
  yield '['
  for (let at = 0; at < numbers.length; at += PIECE) {
    yield `${at === 0 ? '' : ','}${JSON.stringify(exactly(numbers.subarray(at, at + PIECE))).slice(1, -1)}`
  }
  yield ']'
}
