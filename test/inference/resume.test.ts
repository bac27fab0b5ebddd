import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { type ChainResult, joined, openChain, runChain } from '../../src/inference/chains/chain.ts'
import { langevinSampler } from '../../src/inference/samplers/adaptive-langevin.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'
import { gibbsSampler } from '../../src/inference/samplers/gibbs-sampler.ts'
import type { Sampler } from '../../src/inference/samplers/sampler.ts'
import { schedule } from '../../src/inference/samplers/schedule.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { compiled } from './compiled.ts'
import { banana } from './targets.ts'

const key = keyFromSeed(52)
const options = { warmup: 170, draws: 60 }

const boltzmann = `
model boltzmann
data  J[a, b]
state x[a] ~ normal(0, 1)
state s[a] : spin
state z[b] : bit
energy -sum[a, b](J * s * z) - 0.3 * sum[a](x * s) + 0.2 * sum[b](z) * sum[a](s)
`
const spins = () => {
  const stream = new Stream(keyFromSeed(4))
  const J = Array.from({ length: 12 }, () => stream.normal())
  return compiled(boltzmann, { data: { J }, sizes: { a: 3, b: 4 }, target: kernel })
}

const samplers: Readonly<Record<string, () => Sampler>> = {
  'NUTS, diagonal metric': () => nutsSampler(banana, { metric: 'diagonal' }),
  'NUTS, low-rank metric': () => nutsSampler(banana, { metric: 'low-rank' }),
  "NUTS, Stan's warm-up": () => nutsSampler(banana, { metric: 'stan' }),
  'NUTS, dense metric': () => nutsSampler(banana, { metric: 'dense' }),
  'NUTS, unit metric': () => nutsSampler(banana, { metric: 'unit' }),
  Langevin: () => langevinSampler(banana),
  Gibbs: () => gibbsSampler(spins().fields),
  'NUTS and Gibbs in turn': () => {
    const { density, fields } = spins()
    return schedule([nutsSampler(density), gibbsSampler(fields)])
  },
}

/** The chain, broken off at every `looks`th look at its stop, wherever in a step that is, and gone on with each time. */
function broken(sampler: () => Sampler, looks: number): { readonly chain: ChainResult; readonly breaks: number } {
  const stretches: ChainResult[] = []
  for (;;) {
    let left = looks
    const signal = {
      get aborted() {
        left -= 1
        return left < 0
      },
    }
    const run = openChain(sampler(), key, 2, { ...options, signal }, stretches.at(-1)?.state)
    while (run.advance(1));
    stretches.push(run.take())
    if (stretches.at(-1)?.outcome.kind !== 'interrupted') return { chain: joined(stretches), breaks: stretches.length - 1 }
  }
}

/** Runs `cuts` steps in stretches, each on a sampler made anew from the state as it was in a file. */
function pieces(sampler: () => Sampler, cuts: readonly number[]): ChainResult {
  const stretches: ChainResult[] = []
  for (const cut of [...cuts, 1e9]) {
    const before = stretches.at(-1)?.state
    const run = openChain(sampler(), key, 2, options, before === undefined ? undefined : JSON.parse(JSON.stringify(before)))
    run.advance(cut)
    stretches.push(run.take())
  }
  return joined(stretches)
}

describe.each(Object.entries(samplers))('%s', (_, sampler) => {
  const whole = runChain(sampler(), key, 2, options)

  // Longer than the longest step has looks, so that each stretch gets on.
  it.each([67, 150, 211])('gives the same draws when it is broken off within steps, after %i looks', (looks) => {
    const { chain, breaks } = broken(sampler, looks)
    expect(breaks).toBeGreaterThan(0)
    expect(chain.draws).toEqual(whole.draws)
    expect(chain.statistics).toEqual(whole.statistics)
    expect(chain.state).toEqual(whole.state)
  })

  // Cuts in the first buffer, just before, at and after the end of a window (steps 99 and 119), and while sampling.
  it.each([
    [[0]],
    [[1]],
    [[40, 59, 1, 18, 2]],
    [[119, 2]],
    [[170]],
    [[150, 21, 1, 33]],
    [[230]],
  ])('goes on after %j steps as if never stopped', (cuts) => {
    const again = pieces(sampler, cuts)
    expect(again).toEqual(whole)
    expect(again.state?.step).toBe(230)
  })

  it('draws more than was asked at first', () => {
    const first = runChain(sampler(), key, 2, { ...options, draws: 25 })
    const rest = runChain(sampler(), key, 2, options, first.state)
    expect(rest.first).toBe(25)
    expect(joined([first, rest])).toEqual(whole)
  })

  it('has nothing left to do at its end', () => {
    const rest = runChain(sampler(), key, 2, options, whole.state)
    expect([rest.count, rest.outcome.kind]).toEqual([0, 'finished'])
  })
})

describe('stretches', () => {
  it('count divergences and kept draws over their cuts, thinned or not', () => {
    // A step far too large for the target: every step diverges.
    const wild = () => nutsSampler(banana, { stepSize: 1e6 })
    const thinned = { warmup: 0, draws: 10, thin: 3 }
    const run = openChain(wild(), key, 0, thinned)
    run.advance(13)
    const first = run.take()
    expect([first.count, first.state?.divergent, first.state?.kept]).toEqual([4, 13, 4])
    const rest = runChain(wild(), key, 0, thinned, first.state)
    expect([rest.count, rest.state?.divergent, rest.state?.kept]).toEqual([6, 30, 10])
  })

  it('that do not follow each other are refused', () => {
    const whole = runChain(nutsSampler(banana), key, 0, options)
    expect(() => joined([whole, whole])).toThrow('do not follow')
  })
})
