import { describe, expect, it } from 'vitest'
import { keyFromSeed } from '../../src/base/random.ts'
import { type Progress, runChain } from '../../src/inference/chains/chain.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'
import { sampleChains } from './sample-chains.ts'
import { banana } from './targets.ts'

const key = keyFromSeed(123)
const few = { warmup: 60, draws: 40 }

describe('chains', () => {
  it('give the same draws for the same seed, bit for bit, and others for another', () => {
    const again = sampleChains(() => nutsSampler(banana), key, few)
    expect(sampleChains(() => nutsSampler(banana), key, few)).toEqual(again)
    expect(sampleChains(() => nutsSampler(banana), keyFromSeed(124), few)[0]?.draws).not.toEqual(again[0]?.draws)
  })

  it('do not depend on how many there are or in which order they run', () => {
    const four = sampleChains(() => nutsSampler(banana), key, { ...few, chains: 4 })
    const two = sampleChains(() => nutsSampler(banana), key, { ...few, chains: 2 })
    expect(two).toEqual(four.slice(0, 2))
    expect(runChain(nutsSampler(banana), key, 3, few)).toEqual(four[3])
    expect(new Set(four.map((c) => c.draws[0])).size).toBe(4)
  })

  it('are plain data', () => {
    const [chain] = sampleChains(() => nutsSampler(banana), key, { ...few, chains: 1 })
    expect(structuredClone(chain)).toEqual(chain)
  })

  it('keep what was drawn when interrupted', () => {
    const signal = { aborted: false }
    const onProgress = ({ step }: Progress) => {
      signal.aborted = step >= 80
    }
    const results = sampleChains(() => nutsSampler(banana), key, { ...few, signal, onProgress, progressEvery: 10 })
    const [whole] = sampleChains(() => nutsSampler(banana), key, { ...few, chains: 1 })
    expect(results.length).toBe(1)
    expect(results[0]?.outcome).toEqual({ kind: 'interrupted', sentence: 'Interrupted after 20 steps of sampling.' })
    expect(results[0]?.count).toBe(20)
    expect(results[0]?.draws).toEqual(whole?.draws.slice(0, 40))
  })

  it('say that they were interrupted in warm-up', () => {
    const chain = runChain(nutsSampler(banana), key, 0, { ...few, signal: { aborted: true } })
    expect(chain.outcome).toEqual({ kind: 'interrupted', sentence: 'Interrupted in warm-up, after 0 of 60 steps.' })
  })

  it('tell how far they are', () => {
    const seen: Progress[] = []
    runChain(nutsSampler(banana), key, 2, { ...few, progressEvery: 30, onProgress: (p) => seen.push(p) })
    expect(seen.map(({ chain, step, steps, warmingUp }) => [chain, step, steps, warmingUp])).toEqual([
      [2, 30, 100, true],
      [2, 60, 100, true],
      [2, 90, 100, false],
      [2, 100, 100, false],
    ])
  })

  it('thin, and keep the warm-up when asked', () => {
    const all = runChain(nutsSampler(banana), key, 0, { ...few, keepWarmup: true })
    expect([all.count, all.warmupCount]).toEqual([100, 60])
    const thinned = runChain(nutsSampler(banana), key, 0, { warmup: 60, draws: 20, thin: 2 })
    // The second, fourth, ... draw of the same chain.
    const every = Array.from({ length: 20 }, (_, i) => all.draws[(60 + 2 * i + 1) * 2])
    expect(Array.from({ length: 20 }, (_, i) => thinned.draws[2 * i])).toEqual(every)
  })
})
