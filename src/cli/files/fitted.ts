import type { FitResult } from '../../api/fit.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { unusedJson } from '../../compile/unused.ts'
import { cmdStanPieces } from '../../inference/files/cmdstan-csv.ts'
import { drawnJson } from '../drawn.ts'
import { labelledNames } from '../labels.ts'
import { labelledCells, writeArray } from './coordinates.ts'
import { endingOf, endless } from './out.ts'
import { listed } from './sampled.ts'
import { writeInTurns } from './write.ts'

/** Draws of q in a file, as those of a sampler: for CmdStan's readers (.csv), with everything (.json), as an array (.npy). */
export async function writeFitted(
  path: string,
  result: FitResult,
  run: { readonly model: string; readonly seed: number },
): Promise<readonly Diagnostic[]> {
  const { draws } = result
  const [chain] = draws.chains
  const count = chain?.count ?? 0
  switch (endingOf(path)) {
    case '.csv':
      return writeInTurns(
        path,
        cmdStanPieces(draws, { ...run, chain: 0, warmup: 0, draws: count, tuning: {}, called: labelledCells(draws, result.bound.labels) }),
      )
    case '.json':
      return writeInTurns(path, pieces(result))
    case '.npy':
      return writeArray(path, draws, result.bound.labels)
    case undefined:
      return [endless(path)]
  }
}

export function fittedJson(result: FitResult): Readonly<Record<string, unknown>> {
  const { draws, bound, drawn, unused, summary, responsibilities, outcome, trace, blocks, gone, start, starts, temperature } = result
  const { method, why, elbo, elboError, logEvidence, khat, spread } = result
  const names = labelledNames(draws.variables, bound.labels)
  return {
    elements: result.elements,
    ...{ method, why, elbo, elboError, logEvidence, outcome, khat, spread, temperature, blocks, gone, start, starts, trace },
    ...(method === 'ascent' ? { sweeps: trace.length } : {}),
    sizes: bound.sizes,
    labels: bound.labels,
    unused: unusedJson(unused),
    ...drawnJson(drawn),
    variables: draws.variables,
    summary: summary.map((r) => (names.has(r.name) ? { ...r, label: names.get(r.name) } : r)),
    responsibilities: responsibilities.map((r) => ({ name: r.name, axes: r.axes, mean: [...r.mean] })),
  }
}

function* pieces(result: FitResult): Generator<string> {
  yield JSON.stringify(fittedJson(result)).slice(0, -1)
  yield `,"draws":{"names":${JSON.stringify(result.draws.names)},"chains":[`
  for (const { chain, count, columns, values, statistics } of result.draws.chains) {
    yield `\n{"chain":${chain},"count":${count},"columns":${JSON.stringify(columns)},"values":`
    yield* listed(values)
    yield ',"statistics":'
    yield* listed(statistics)
    yield '}'
  }
  yield '\n]}}\n'
}
