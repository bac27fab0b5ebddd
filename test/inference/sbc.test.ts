import { describe, expect, it } from 'vitest'
import { type Key, keyFromSeed, type Stream } from '../../src/base/random.ts'
import { runChain } from '../../src/inference/chains/chain.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { nutsSampler } from '../../src/inference/samplers/adaptive-nuts.ts'
import { calibrate, type Simulation, uniformity } from '../../src/inference/sbc.ts'

/** log s ~ N(0, 1), x ~ N(0, 1), and two data y ~ N(x, s); a posterior without closed form. */
function simulate(tilt: number) {
  return (stream: Stream, key: Key): Simulation => {
    const truth = Float64Array.of(stream.normal(), stream.normal())
    const [x, l] = truth as unknown as [number, number]
    const y = [0, 1].map(() => x + Math.exp(l) * stream.normal())
    const density: LogDensity = {
      dimension: 2,
      evaluate(q, gradient) {
        const [a = 0, b = 0] = q
        const precision = Math.exp(-2 * b)
        const squares = y.reduce((s, v) => s + (v - a) ** 2, 0)
        gradient[0] = -a + precision * y.reduce((s, v) => s + v - a, 0)
        gradient[1] = -b - 2 + precision * squares + tilt
        return -0.5 * (a * a + b * b) - 2 * b - 0.5 * precision * squares + tilt * b
      },
    }
    const chain = runChain(nutsSampler(density), key, 0, { warmup: 150, draws: 63, thin: 3 })
    return { truth, draws: chain.draws }
  }
}

describe('simulation-based calibration', () => {
  const options = { simulations: 320, bins: 16 }

  it('finds ranks of a right posterior uniform', () => {
    const { parameters, draws } = calibrate(['x', 'log s'], simulate(0), keyFromSeed(71), options)
    expect(draws).toBe(63)
    // A right posterior falls below with probability 1e-6.
    for (const { p } of parameters) expect(p).toBeGreaterThan(1e-6)
  })

  it('finds a wrong posterior', () => {
    const { parameters } = calibrate(['x', 'log s'], simulate(1), keyFromSeed(71), options)
    expect(parameters[1]?.p).toBeLessThan(1e-6)
  })

  it('computes the tail of chi-square', () => {
    // Ranks 0 .. 3 of three draws, counts 4, 0, 0, 0 in four bins: chi-square 12 with 3 degrees of freedom.
    const { chiSquare, p } = uniformity(Uint32Array.of(0, 0, 0, 0), 3, 4)
    expect(chiSquare).toBe(12)
    // Q(3/2, 6) = erfc(sqrt 6) + 2 sqrt(6 / pi) e^-6.
    expect(p).toBeCloseTo(0.007383160505359769, 14)
    expect(uniformity(Uint32Array.of(0, 1, 2, 3), 3, 4).p).toBe(1)
  })
})
