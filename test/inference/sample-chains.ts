import type { Key } from '../../src/base/random.ts'
import { type ChainOptions, type ChainResult, runChain } from '../../src/inference/chains/chain.ts'
import type { Sampler } from '../../src/inference/samplers/sampler.ts'
import { defaults, type OptionsOf } from '../../src/middle/options.ts'

export interface ChainsOptions extends ChainOptions, Pick<OptionsOf<'sample'>, 'chains'> {}

/**
 * Runs several chains one after the other, each with a sampler of its own. Chain i's draws depend on the key and on i
 * only. Interrupted, it returns the chains that were begun.
 */
export function sampleChains(sampler: (chain: number) => Sampler, key: Key, options: ChainsOptions = {}): readonly ChainResult[] {
  const results: ChainResult[] = []
  for (let chain = 0; chain < (options.chains ?? defaults.chains); chain += 1) {
    if (chain > 0 && options.signal?.aborted === true) break
    results.push(runChain(sampler(chain), key, chain, options))
  }
  return results
}
