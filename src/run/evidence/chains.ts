import { fold } from '../../base/random.ts'
import { runChain } from '../../inference/chains/chain.ts'
import { rHat } from '../../inference/diagnostics/r-hat.ts'
import { nutsSampler } from '../../inference/samplers/adaptive-nuts.ts'
import { defaults } from '../../middle/options.ts'
import type { EvidenceBench } from './bench.ts'

export interface ChainedDraws {
  /** [draw, coordinate], row-major, of each chain. */
  readonly chains: readonly Float64Array[]
  /** The largest of the coordinates'. */
  readonly rhat: number
  /** Why there are none, as a sentence. */
  readonly trouble: string | undefined
}

/** Draws of the coordinates by NUTS. */
export function chainedDraws({ scene, options }: EvidenceBench): ChainedDraws {
  const { chains = defaults.chains, draws = defaults.draws, warmup = defaults.warmup } = options
  const { density, initial, run } = scene
  const key = fold(run.key, 'evidence')
  const results = Array.from({ length: chains }, (_, chain) =>
    runChain(nutsSampler(density, { initial, metric: 'auto' }), key, chain, { draws, warmup }),
  )
  const failed = results.find((r) => r.outcome.kind === 'failed')?.outcome
  const all = results.map((r) => r.draws)
  const rhat =
    failed === undefined
      ? Math.max(...Array.from({ length: density.dimension }, (_, i) => rHat(all.map((c) => column(c, i, density.dimension)))))
      : Number.NaN
  return { chains: all, rhat, trouble: failed?.kind === 'failed' ? failed.sentence : undefined }
}

function column(draws: Float64Array, i: number, width: number): Float64Array {
  return Float64Array.from({ length: draws.length / width }, (_, d) => draws[d * width + i] as number)
}
