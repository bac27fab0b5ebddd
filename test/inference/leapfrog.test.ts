import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { type Metric, type MetricKind, metric } from '../../src/inference/adaptation/metric.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { hamiltonian, leapfrog, type PhasePoint, point } from '../../src/inference/samplers/leapfrog.ts'
import { flipped, gaussian, logExponential, sharpBanana } from './targets.ts'

const kinds: readonly MetricKind[] = ['unit', 'diagonal', 'dense']

/** A metric away from the identity: diagonally dominant, so positive definite. */
function someMetric(kind: MetricKind, n: number): Metric {
  const m = metric(kind, n)
  const dense = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 + (k % 3) : 0.5 / n))
  const variances = Float64Array.from({ length: n }, (_, i) => 0.5 + 0.3 * i)
  m.update(kind === 'dense' ? symmetric(dense, n) : variances)
  return m
}

function symmetric(a: Float64Array, n: number): Float64Array {
  return a.map((_, k) => 0.5 * ((a[k] as number) + (a[(k % n) * n + Math.floor(k / n)] as number)))
}

function start(density: LogDensity, m: Metric, seed: number): PhasePoint {
  const stream = new Stream(keyFromSeed(seed))
  const z = point(density.dimension)
  for (let i = 0; i < z.q.length; i += 1) z.q[i] = stream.normal()
  m.draw(z.p, stream)
  m.velocity(z.p, z.v)
  z.logDensity = density.evaluate(z.q, z.gradient)
  return z
}

/** The largest energy error along a trajectory of length 1. */
function energyError(density: LogDensity, m: Metric, steps: number): number {
  const z = start(density, m, 3)
  const before = hamiltonian(z)
  let worst = 0
  for (let i = 0; i < steps; i += 1) {
    leapfrog(density, m, z, 1 / steps)
    worst = Math.max(worst, Math.abs(hamiltonian(z) - before))
  }
  return worst
}

const densities: readonly [string, LogDensity][] = [
  ['a correlated normal', gaussian.density],
  ['a log-exponential', logExponential],
  ['a banana', sharpBanana],
]

describe.each(densities)('leapfrog on %s', (_, density) => {
  it.each(kinds)('runs back to where it came from (%s metric)', (kind) => {
    const m = someMetric(kind, density.dimension)
    const z = start(density, m, 5)
    const from = [...z.q, ...z.p]
    for (let i = 0; i < 20; i += 1) leapfrog(density, m, z, 0.05)
    for (let i = 0; i < 20; i += 1)
      leapfrog(density, m, z, -0.05)
      // 40 steps of rounding errors of 1e-16, grown by the curvature of the trajectory.
    ;[...z.q, ...z.p].forEach((x, i) => {
      expect(Math.abs(x - (from[i] as number))).toBeLessThan(1e-10)
    })
  })

  it.each(kinds)('has an energy error of second order in the step (%s metric)', (kind) => {
    const m = someMetric(kind, density.dimension)
    // Steps small enough for the leading term: halving them divides the error by 4 up to higher orders.
    const ratio = energyError(density, m, 400) / energyError(density, m, 800)
    expect(ratio).toBeGreaterThan(3.9)
    expect(ratio).toBeLessThan(4.1)
  })

  it('has no such order when the sign of the gradient is wrong', () => {
    const m = someMetric('unit', density.dimension)
    const ratio = energyError(flipped(density), m, 400) / energyError(flipped(density), m, 800)
    expect(ratio).toBeLessThan(1.5)
  })
})

it.each(kinds)('leapfrog preserves volume (%s metric)', (kind) => {
  const m = someMetric(kind, 2)
  const image = (k: number, h: number): number[] => {
    const z = start(sharpBanana, m, 11)
    if (k < 2) z.q[k] = (z.q[k] as number) + h
    else z.p[k - 2] = (z.p[k - 2] as number) + h
    z.logDensity = sharpBanana.evaluate(z.q, z.gradient)
    for (let i = 0; i < 3; i += 1) leapfrog(sharpBanana, m, z, 0.3)
    return [...z.q, ...z.p]
  }
  const h = 1e-5
  const jacobian = [0, 1, 2, 3].map((k) => {
    const plus = image(k, h)
    const minus = image(k, -h)
    return plus.map((x, i) => (x - (minus[i] as number)) / (2 * h))
  })
  // Central differences: error h^2 times third derivatives (below 1e3 here), and rounding 1e-16 / h, grown by the other columns.
  expect(Math.abs(determinant(jacobian) - 1)).toBeLessThan(1e-6)
})

function determinant(a: number[][]): number {
  if (a.length === 1) return a[0]?.[0] as number
  return (a[0] as number[]).reduce(
    (sum, x, j) => sum + (j % 2 === 0 ? 1 : -1) * x * determinant(a.slice(1).map((r) => r.filter((_, k) => k !== j))),
    0,
  )
}
