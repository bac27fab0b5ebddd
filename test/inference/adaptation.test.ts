import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { dualAveraging } from '../../src/inference/adaptation/dual-averaging.ts'
import { initialStepSize } from '../../src/inference/adaptation/initial-step-size.ts'
import { metric } from '../../src/inference/adaptation/metric.ts'
import { windows } from '../../src/inference/adaptation/windows.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { nuts } from '../../src/inference/samplers/nuts.ts'

describe('warm-up windows', () => {
  it('of 1000 iterations end where Stan says', () => {
    expect(windows(1000)).toEqual({ first: 75, ends: [99, 149, 249, 449, 949] })
  })

  it('are those of the counter that Stan runs, for any length', () => {
    for (let warmup = 150; warmup < 1500; warmup += 1) expect(windows(warmup).ends).toEqual(counted(warmup))
  })

  it('shrink to 15 %, 75 % and 10 % when they do not fit', () => {
    expect(windows(149)).toEqual({ first: 22, ends: [134] })
    expect(windows(20)).toEqual({ first: 3, ends: [17] })
  })

  it('are none for a very short warm-up', () => {
    expect(windows(19).ends).toEqual([])
    expect(windows(0).ends).toEqual([])
  })
})

/** The iterations after which Stan's `windowed_adaptation` (buffers 75 and 50, base 25) closes a window, step by step. */
function counted(warmup: number): number[] {
  const ends: number[] = []
  let size = 25
  let next = 75 + size - 1
  const last = warmup - 50 - 1
  for (let counter = 0; counter < warmup; counter += 1) {
    if (counter !== next) continue
    ends.push(counter)
    if (next === last) continue
    size *= 2
    next = counter + size
    if (next !== last && next + 2 * size >= warmup - 50) next = last
  }
  return ends
}

describe('dual averaging', () => {
  it('takes the first step as Hoffman and Gelman write it', () => {
    const d = dualAveraging(0.8, 0.5)
    // x_1 = mu - sqrt(1) / gamma * (delta - a) / (1 + t0), mu = log(10 * 0.5).
    expect(d.learn(0.3)).toBeCloseTo(Math.exp(Math.log(5) - (20 * (0.8 - 0.3)) / 11), 12)
    expect(d.average()).toBeCloseTo(Math.exp(Math.log(5) - (20 * (0.8 - 0.3)) / 11), 12)
  })

  it('finds the step at which the acceptance is the target', () => {
    const d = dualAveraging(0.8, 1)
    let size = 1
    for (let i = 0; i < 3000; i += 1) size = d.learn(Math.exp(-size))
    // exp(-s) = 0.8; the iterates converge like 1 / sqrt(i) times small constants.
    expect(d.average()).toBeCloseTo(-Math.log(0.8), 2)
  })

  it('counts an acceptance above one as one, and forgets at a restart', () => {
    const [a, b] = [dualAveraging(0.8, 1), dualAveraging(0.8, 0.25)]
    a.learn(0.1)
    a.restart(0.25)
    expect(a.learn(7)).toBe(b.learn(1))
  })
})

function density(value: (x: number) => number, slope: (x: number) => number): LogDensity {
  return {
    dimension: 1,
    evaluate(q, gradient) {
      gradient[0] = slope(q[0] as number)
      return value(q[0] as number)
    },
  }
}

describe('the initial step size', () => {
  const at = (target: LogDensity, scale: number) => {
    const m = metric('unit', 1)
    return initialStepSize(target, m, nuts(target, m).init(Float64Array.of(0)), scale, new Stream(keyFromSeed(4)))
  }

  it('is of the order of the scale of the density, from above and from below', () => {
    const narrow = density(
      (x) => -5e3 * x * x,
      (x) => -1e4 * x,
    )
    for (const from of [1e-6, 1, 1e4]) {
      const size = at(narrow, from)
      // The leapfrog of a normal with scale 0.01 is unstable above 0.02.
      expect(size).toBeGreaterThan(1e-3)
      expect(size).toBeLessThan(0.04)
    }
  })

  it('says that a flat density has none', () => {
    const flat = density(
      () => 0,
      () => 0,
    )
    expect(at(flat, 1)).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('does not fall off') })
  })

  it('says that a density finite at one point only has none', () => {
    const spike = density(
      (x) => (x === 0 ? 0 : Number.NaN),
      () => 0,
    )
    expect(at(spike, 1)).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('No step is small enough') })
  })
})
