import { expect, it } from 'vitest'
import { type Key, keyFromSeed, Stream } from '../../../src/base/random.ts'
import { drawLogGamma } from '../../../src/families/numbers/gamma.ts'
import { newWeight, seatWeight } from '../../../src/families/processes/partitions.ts'
import { addUp, collapsedGibbs, emptyCollapsed } from '../../../src/inference/partitions/collapsed.ts'
import { drawConcentration } from '../../../src/inference/partitions/escobar-west.ts'
import { naturalOf } from '../../../src/inference/partitions/natural.ts'
import { emptySeats, seat, seatAll } from '../../../src/inference/partitions/seats.ts'
import { splitMerge } from '../../../src/inference/partitions/split-merge.ts'
import { pickLog } from '../../../src/inference/partitions/weights.ts'
import { calibrate, type Simulation } from '../../../src/inference/sbc.ts'

const [N, SIGMA, TAU, SHAPE, RATE] = [8, 0.7, 2, 2, 1.5]

/** alpha, who shares an element, and numbers with its mean; then the posterior of alpha and of the number of elements. */
function simulate(wrong: boolean) {
  return (stream: Stream, key: Key): Simulation => {
    const alpha = Math.exp(drawLogGamma(stream, SHAPE)) / RATE
    const c = emptyCollapsed(naturalOf('gaussian', { groups: 1, members: 1 }), emptySeats(new Int32Array(N).fill(-1), N))
    const { seats } = c
    const weights = new Float64Array(N + 1)
    const means: number[] = []
    c.prior.set([1 / (TAU * TAU), 0])
    for (let i = 0; i < N; i += 1) {
      const law = { discount: 0, concentration: alpha }
      for (let b = 0; b < seats.blocks; b += 1) weights[b] = Math.log(seatWeight(law, seats.counts[b] as number))
      weights[seats.blocks] = Math.log(newWeight(law, seats.blocks))
      const slot = pickLog(weights, seats.blocks + 1, stream)
      seat(seats, i, slot)
      means[slot] ??= TAU * stream.normal()
      const y = (means[slot] as number) + SIGMA * stream.normal()
      c.own.set([1 / (SIGMA * SIGMA), y / (SIGMA * SIGMA)], 2 * i)
    }
    // Ties of whole numbers are broken by a number of their own.
    const truth = Float64Array.of(alpha, seats.blocks + stream.uniform())
    const own = new Stream(key)
    const [gibbs, jumps] = [collapsedGibbs(c, 1), splitMerge(c, 1)]
    seatAll(seats, new Int32Array(N))
    addUp(c)
    let now = SHAPE / RATE
    const draws = new Float64Array(2 * 15)
    for (let step = -15; step < 15 * 5; step += 1) {
      const law = { discount: 0, concentration: now }
      jumps.step(law, own)
      gibbs.sweep(law, own)
      now = drawConcentration(own, now, { n: N, blocks: seats.blocks + (wrong ? 1 : 0), shape: SHAPE, rate: RATE })
      if (step >= 0 && step % 5 === 4) draws.set([now, seats.blocks + own.uniform()], 2 * Math.floor(step / 5))
    }
    return { truth, draws }
  }
}

const options = { simulations: 400, bins: 16 }

it('ranks the concentration and the number of elements evenly among their draws', () => {
  const { parameters } = calibrate(['alpha', 'elements'], simulate(false), keyFromSeed(17), options)
  // A right posterior falls below with probability 1e-6.
  for (const { p } of parameters) expect(p).toBeGreaterThan(1e-6)
})

it('notices one block too many in what the concentration is drawn given', () => {
  const { parameters } = calibrate(['alpha', 'elements'], simulate(true), keyFromSeed(17), options)
  expect(parameters[0]?.p).toBeLessThan(1e-6)
})
