import { expect, it } from 'vitest'
import { keyFromSeed } from '../../src/base/random.ts'
import { farBetterMode } from '../../src/inference/adaptation/far-better-mode.ts'
import { metric as diagonal } from '../../src/inference/adaptation/metric.ts'
import { joined, openChain, runChain } from '../../src/inference/chains/chain.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'

/** Two normal modes, at -1 and 1 along the first coordinate; `log` is of the mass, up to a constant. */
function twoModes(
  n: number,
  left: { readonly log: number; readonly sd: number },
  right: { readonly log: number; readonly sd: number },
): LogDensity {
  const modes = [
    { ...left, at: -1 },
    { ...right, at: 1 },
  ]
  return {
    dimension: n,
    evaluate(q, gradient) {
      const logs = modes.map(({ log, sd, at }) => {
        const square = q.reduce((sum, v, i) => sum + (v - (i === 0 ? at : 0)) ** 2, 0)
        return log - n * Math.log(sd) - square / (2 * sd * sd)
      })
      const most = Math.max(...logs)
      const weights = logs.map((l) => Math.exp(l - most))
      const total = weights.reduce((a, b) => a + b)
      for (let i = 0; i < n; i += 1)
        gradient[i] = modes.reduce(
          (sum, { sd, at }, k) => sum - ((weights[k] as number) / total) * (((q[i] as number) - (i === 0 ? at : 0)) / (sd * sd)),
          0,
        )
      return most + Math.log(total)
    },
  }
}

const key = keyFromSeed(20)
const options = { warmup: 200, draws: 40 }
const chains = [0, 1, 2, 3, 4, 5, 6, 7]
const firsts = (density: LogDensity, screened: boolean) =>
  chains.map((chain) => {
    const { draws } = runChain(nutsSampler(density, { screened }), key, chain, options)
    return draws.filter((_, i) => i % density.dimension === 0)
  })

it('a chain leaves a mode without weight in warm-up, and only such chains draw anything else', () => {
  const density = twoModes(3, { log: -60, sd: 0.1 }, { log: 0, sd: 0.1 })
  const [before, after] = [firsts(density, false), firsts(density, true)]
  const trapped = before.map((draws) => draws.every((x) => x < 0))
  expect(new Set(trapped)).toEqual(new Set([true, false]))
  for (const [i, draws] of after.entries()) {
    expect(draws.every((x) => Math.abs(x - 1) < 0.6)).toBe(true)
    if (trapped[i] === false) expect(draws).toEqual(before[i])
  }
})

it('stays in a mode that has weight, though another is heavier by e^8', () => {
  const density = twoModes(2, { log: -8, sd: 0.1 }, { log: 0, sd: 0.1 })
  const before = firsts(density, false)
  expect(new Set(before.map((draws) => Math.sign(draws[0] as number)))).toEqual(new Set([-1, 1]))
  expect(firsts(density, true)).toEqual(before)
})

it('asks for more mass, not for more height alone', () => {
  // One normal mode of six coordinates, sd 0.1, with log mass 0 (+ 3 log 2 pi); the chain is 20 nats below it, where a normal density
  // with standard deviations sd has the log mass -20 + 6 log sd + 6 (1 + log 2 pi) / 2.
  const density = twoModes(6, { log: 0, sd: 0.1 }, { log: -200, sd: 0.1 })
  const level = 6 * Math.log(10) - 3 - 20
  const found = (sd: number, highest: number) => {
    const metric = diagonal('diagonal', 6)
    metric.update(new Float64Array(6).fill(sd * sd))
    return farBetterMode(density, { highest, logDensity: level, metric, spent: 1e6 }, undefined, key, undefined)
  }
  // Masses of e^-20 and e^-5 of what is found.
  expect(found(0.1, level + 3)?.[0]).toBeCloseTo(-1, 0)
  expect(found(0.1 * Math.exp(15 / 6), level + 3)).toBeUndefined()
  // It was nearly as high as that before.
  expect(found(0.1, level + 12)).toBeUndefined()
})

it('goes on from anywhere as if it had not stopped', () => {
  const density = twoModes(3, { log: -60, sd: 0.1 }, { log: 0, sd: 0.1 })
  const sampler = () => nutsSampler(density, { screened: true })
  for (const chain of [0, 1, 2, 3]) {
    const whole = runChain(sampler(), key, chain, options)
    for (const stop of [1, 39, 40, 41, 60, 210]) {
      const run = openChain(sampler(), key, chain, options)
      run.advance(stop)
      const first = run.take()
      const rest = openChain(sampler(), key, chain, options, structuredClone(first.state))
      while (rest.advance(50));
      expect(joined([first, rest.take()]).draws, `chain ${chain}, from step ${stop}`).toEqual(whole.draws)
    }
  }
})

it('keeps to a start that someone gave', () => {
  const density = twoModes(3, { log: -60, sd: 0.1 }, { log: 0, sd: 0.1 })
  const { draws } = runChain(nutsSampler(density, { screened: true, initial: { at: Float64Array.of(-1, 0, 0) } }), key, 0, options)
  expect(draws.filter((_, i) => i % 3 === 0).every((x) => x < 0)).toBe(true)
})
