import { hasErrors } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { columnNames, seriesAt } from '../../inference/draws/draws.ts'
import type { Loaded } from '../load.ts'
import { sample } from '../sample.ts'
import type { MovingNumbers } from './coordinates.ts'

const WARMUP = 500
const CHAINS = 4

export interface DrawnPoints {
  readonly points: readonly Float64Array[]
  readonly trouble: string | undefined
}

/** Draws of all that moves; where there are none, why. */
export async function drawnPoints(
  loaded: Loaded,
  given: GivenByRole,
  { moving, states }: MovingNumbers,
  { draws: count, seed }: { readonly draws: number; readonly seed: number },
  common: { readonly temperature?: number },
): Promise<DrawnPoints> {
  if (count === 0) return { points: [], trouble: undefined }
  const each = Math.ceil(count / CHAINS)
  const result = await sample(loaded, { ...given, cues: [] }, { ...common, seed, chains: CHAINS, warmup: WARMUP, draws: each })
  if (result.value === undefined || hasErrors(result.diagnostics))
    return { points: [], trouble: result.diagnostics.find((d) => d.severity === 'error')?.message ?? 'there are none.' }
  const { draws } = result.value
  const columns = moving.map(({ state, element }) => {
    const shape = states.find((s) => s.name === state)?.shape ?? []
    return draws.names.indexOf(columnNames(state, shape)[element] ?? state)
  })
  if (columns.some((c) => c < 0)) return { points: [], trouble: 'sampling does not draw all that moves here.' }
  const chains = columns.map((c) => seriesAt(draws, c))
  const points = draws.chains.flatMap((chain, k) =>
    Array.from({ length: chain.count }, (_, d) => Float64Array.from(columns, (_, i) => must(chains[i]?.[k]?.[d], 'draw'))),
  )
  return { points: points.slice(0, count), trouble: undefined }
}
