import { describe, expect, it } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import type { LogDensity } from '../../../src/inference/density/density.ts'
import { laplaceNormal } from '../../../src/inference/laplace/normal.ts'
import type { CovarianceRoot } from '../../../src/inference/variational/covariance-root.ts'
import { fullRank } from '../../../src/inference/variational/full-rank.ts'
import { inverseHessian } from '../../../src/inference/variational/inverse-hessian.ts'
import { lowRank } from '../../../src/inference/variational/low-rank.ts'
import { meanField } from '../../../src/inference/variational/mean-field.ts'
import type { FamilyStart, NormalFamily } from '../../../src/inference/variational/normal-family.ts'
import { pathfinder } from '../../../src/inference/variational/pathfinder.ts'
import { stochasticAscent } from '../../../src/inference/variational/stochastic-ascent.ts'
import { gaussian, logExponential } from '../targets.ts'

const key = keyFromSeed(7)
const options = { iterations: 20_000, within: 1e-4 }

function startOf(density: LogDensity): FamilyStart {
  const { mean, root } = must(pathfinder(density, new Float64Array(density.dimension), key), 'path')
  const stream = new Stream(key)
  return { centre: mean, root, normal: () => stream.normal() }
}

/** Mean of q, its covariance by opposite and single units of noise, and log p - log q where the noise is 0. */
function read(shape: NormalFamily) {
  const n = shape.dimension
  const at = (noise: Float64Array): Float64Array => {
    const q = new Float64Array(n)
    shape.place(noise, q)
    return q
  }
  const centre = at(new Float64Array(shape.noise))
  const columns = Array.from({ length: shape.noise }, (_, k) => {
    const noise = new Float64Array(shape.noise)
    noise[k] = 1
    return at(noise).map((v, i) => v - (centre[i] as number))
  })
  const covariance = (i: number, j: number): number => columns.reduce((sum, c) => sum + (c[i] as number) * (c[j] as number), 0)
  return { centre, covariance }
}

function elboOf(density: LogDensity, shape: NormalFamily, draws = 4000): { readonly mean: number; readonly error: number } {
  const stream = new Stream(keyFromSeed(11))
  const [noise, q, slope] = [new Float64Array(shape.noise), new Float64Array(shape.dimension), new Float64Array(shape.dimension)]
  let [sum, squares] = [0, 0]
  for (let d = 0; d < draws; d += 1) {
    for (let i = 0; i < noise.length; i += 1) noise[i] = stream.normal()
    const log = shape.place(noise, q)
    const gap = density.evaluate(q, slope) - log
    sum += gap
    squares += gap * gap
  }
  const mean = sum / draws
  return { mean, error: Math.sqrt(Math.max(0, squares / draws - mean * mean) / draws) }
}

/** Rows of the inverse, by elimination. */
function inverse(n: number, a: (i: number, j: number) => number): number[][] {
  const rows = Array.from({ length: n }, (_, i) => Array.from({ length: 2 * n }, (_, j) => (j < n ? a(i, j) : Number(j - n === i))))
  for (let k = 0; k < n; k += 1) {
    const pivot = rows[k] as number[]
    const by = pivot[k] as number
    for (let j = 0; j < 2 * n; j += 1) pivot[j] = (pivot[j] as number) / by
    rows.forEach((row, i) => {
      if (i === k) return
      const factor = row[k] as number
      for (let j = 0; j < 2 * n; j += 1) row[j] = (row[j] as number) - factor * (pivot[j] as number)
    })
  }
  return rows.map((row) => row.slice(n))
}

const { density, centre, covariance } = gaussian
const n = density.dimension
const precision = inverse(n, covariance)
/** The factor of the covariance has the diagonal 0.5 * 10^(i / 9). */
const halfLogDet = Array.from({ length: n }, (_, i) => Math.log(0.5 * 10 ** (i / 9))).reduce((a, b) => a + b)
const logZ = 0.5 * n * Math.log(2 * Math.PI) + halfLogDet

/** Half of W + B B' in three directions, for 30 coordinates: log Z by its determinant. */
const factors = (() => {
  const size = 30
  const b = (i: number, k: number): number => 1.5 * Math.sin(1 + i * (k + 1))
  const own = (i: number): number => 0.3 + (i % 5) / 5
  const cov = (i: number, j: number): number => [0, 1, 2].reduce((sum, k) => sum + b(i, k) * b(j, k), i === j ? own(i) : 0)
  const p = inverse(size, cov)
  const target: LogDensity = {
    dimension: size,
    evaluate(q, gradient) {
      let value = 0
      p.forEach((row, i) => {
        const sum = row.reduce((s, v, j) => s + v * ((q[j] as number) - j / 10), 0)
        gradient[i] = -sum
        value -= 0.5 * ((q[i] as number) - i / 10) * sum
      })
      return value
    },
  }
  // det(W + B B') = det(W) det(1 + B' W^-1 B), the latter of three rows.
  const m = [0, 1, 2].map((k) =>
    [0, 1, 2].map((l) => Array.from({ length: size }, (_, i) => (b(i, k) * b(i, l)) / own(i)).reduce((x, y) => x + y, k === l ? 1 : 0)),
  )
  const [x = [], y = [], z = []] = m
  const det3 =
    (x[0] ?? 0) * ((y[1] ?? 0) * (z[2] ?? 0) - (y[2] ?? 0) * (z[1] ?? 0)) -
    (x[1] ?? 0) * ((y[0] ?? 0) * (z[2] ?? 0) - (y[2] ?? 0) * (z[0] ?? 0)) +
    (x[2] ?? 0) * ((y[0] ?? 0) * (z[1] ?? 0) - (y[1] ?? 0) * (z[0] ?? 0))
  const logDet = Math.log(det3) + Array.from({ length: size }, (_, i) => Math.log(own(i))).reduce((s, v) => s + v)
  return { target, cov, logZ: 0.5 * size * Math.log(2 * Math.PI) + 0.5 * logDet }
})()

describe('what families of normal densities find of a normal density', () => {
  it('full rank: all of it, and the ELBO is log Z', () => {
    const shape = fullRank(startOf(density))
    expect(stochasticAscent(density, shape, key, options).outcome).toBe('converged')
    const found = read(shape)
    for (let i = 0; i < n; i += 1) {
      const sd = Math.sqrt(covariance(i, i))
      // No noise is left where q is p, so what is left is the step size's.
      expect(Math.abs((found.centre[i] as number) - (centre[i] as number)) / sd).toBeLessThan(0.01)
      for (let j = 0; j <= i; j += 1)
        expect(Math.abs(found.covariance(i, j) - covariance(i, j)) / sd / Math.sqrt(covariance(j, j))).toBeLessThan(0.02)
    }
    expect(elboOf(density, shape).mean).toBeCloseTo(logZ, 3)
  })

  it('mean field: its mean, one over the roots of the diagonal of the precision, and the ELBO that has', () => {
    const shape = meanField(startOf(density))
    expect(stochasticAscent(density, shape, key, options).outcome).toBe('converged')
    const found = read(shape)
    const sds = precision.map((row, i) => 1 / Math.sqrt(row[i] as number))
    for (let i = 0; i < n; i += 1) {
      expect(Math.abs((found.centre[i] as number) - (centre[i] as number)) / Math.sqrt(covariance(i, i))).toBeLessThan(0.05)
      expect(Math.sqrt(found.covariance(i, i)) / (sds[i] as number)).toBeCloseTo(1, 1)
    }
    const best = 0.5 * n * Math.log(2 * Math.PI) + sds.reduce((sum, s) => sum + Math.log(s), 0)
    const { mean, error } = elboOf(density, shape)
    expect(Math.abs(mean - best)).toBeLessThan(5 * error + 0.02)
    expect(mean).toBeLessThan(logZ - 1)
  })

  it('low rank: all of it, where three directions are all that there is', () => {
    const { target, cov, logZ: whole } = factors
    const shape = lowRank(startOf(target), 3)
    expect(stochasticAscent(target, shape, key, options).outcome).toBe('converged')
    const found = read(shape)
    for (let i = 0; i < target.dimension; i += 1) expect(found.covariance(i, i) / cov(i, i)).toBeCloseTo(1, 1)
    const { mean, error } = elboOf(target, shape)
    expect(mean).toBeLessThan(whole + 5 * error)
    expect(mean).toBeGreaterThan(whole - 0.02 - 5 * error)
  })

  it('Laplace: all of it to rounding', () => {
    const found = laplaceNormal(density, new Float64Array(n).fill(3))
    if ('why' in found) throw new Error(found.why)
    expect(found.logEvidence).toBeCloseTo(logZ, 6)
    centre.forEach((c, i) => {
      expect(found.mean[i]).toBeCloseTo(c, 6)
      expect(found.root.precisions()[i]).toBeCloseTo((precision[i] as number[])[i] as number, 5)
    })
  })

  it('Pathfinder: nearly all of it', () => {
    const found = must(pathfinder(density, new Float64Array(n).fill(3), key), 'path')
    centre.forEach((c, i) => {
      expect(Math.abs((found.mean[i] as number) - c) / Math.sqrt(covariance(i, i))).toBeLessThan(0.1)
    })
    expect(found.elbo).toBeLessThan(logZ + 0.5)
    expect(found.elbo).toBeGreaterThan(logZ - 3)
  })
})

describe('a density that is no normal one', () => {
  it('mean field ends at the best ELBO: x = log of an exponential variable, log Z = 0', () => {
    const shape = meanField(startOf(logExponential))
    stochasticAscent(logExponential, shape, key, options)
    // ELBO = m - exp(m + s^2/2) + log s + (1 + log 2 pi) / 2, largest at m = -1/2, s = 1.
    const found = read(shape)
    expect(found.centre[0]).toBeCloseTo(-0.5, 1)
    expect(found.covariance(0, 0)).toBeCloseTo(1, 1)
    const { mean, error } = elboOf(logExponential, shape, 20_000)
    expect(Math.abs(mean - (-1.5 + 0.5 * (1 + Math.log(2 * Math.PI))))).toBeLessThan(5 * error + 1e-3)
  })

  it('Laplace is what its formula says: mode 0, curvature 1', () => {
    const found = laplaceNormal(logExponential, Float64Array.of(-2))
    if ('why' in found) throw new Error(found.why)
    expect(found.logEvidence).toBeCloseTo(-1 + 0.5 * Math.log(2 * Math.PI), 6)
  })

  it('Laplace refuses a density that rises without end', () => {
    const rising: LogDensity = { dimension: 1, evaluate: (q, g) => (g.fill(Math.exp(-(q[0] as number)))[0] as number) * -1 }
    expect(laplaceNormal(rising, Float64Array.of(0))).toHaveProperty('why')
  })
})

describe('gradients by the parameters', () => {
  // log q(z) with its own parameters held has no part in them: the same as differences of log p of the point alone, and of log q there.
  const shapes: Readonly<Record<string, (start: FamilyStart) => NormalFamily>> = {
    meanField,
    fullRank,
    lowRank: (start) => lowRank(start, 2),
  }
  it.each(Object.keys(shapes))('of %s are differences along the path of a point', (name) => {
    const make = must(shapes[name], name)
    const [shape, held] = [make(startOf(density)), make(startOf(density))]
    const stream = new Stream(keyFromSeed(3))
    for (let k = 0; k < shape.parameters.length; k += 1) shape.parameters[k] = (shape.parameters[k] as number) + 0.1 * stream.normal()
    held.parameters.set(shape.parameters)
    shape.settle()
    held.settle()
    const noise = Float64Array.from({ length: shape.noise }, () => stream.normal())
    const [q, slope, out] = [new Float64Array(n), new Float64Array(n), new Float64Array(shape.parameters.length)]
    shape.place(noise, q)
    density.evaluate(q, slope)
    shape.pull(noise, slope, out)
    // log q of the held family at any point, as a quadratic around its mean.
    const { centre: m, covariance: c } = read(held)
    const p = inverse(n, c)
    const logQ = (z: Float64Array): number =>
      -0.5 *
      p.reduce(
        (s, row, i) =>
          s + ((z[i] as number) - (m[i] as number)) * row.reduce((t, v, j) => t + v * ((z[j] as number) - (m[j] as number)), 0),
        0,
      )
    const gap = (k: number, h: number): number => {
      shape.parameters[k] = (shape.parameters[k] as number) + h
      shape.settle()
      shape.place(noise, q)
      shape.parameters[k] = (shape.parameters[k] as number) - h
      return density.evaluate(q, slope) - logQ(q)
    }
    for (let k = 0; k < out.length; k += 1) {
      const h = 1e-4
      const difference = (gap(k, h) - gap(k, -h)) / (2 * h)
      expect(Math.abs(difference - (out[k] as number))).toBeLessThan(1e-5 * (1 + Math.abs(difference)))
    }
  })
})

describe('what L-BFGS knows of the inverse Hessian', () => {
  const filled = (size: number, steps: number) => {
    const hessian = inverseHessian(size, 4)
    const stream = new Stream(keyFromSeed(5))
    for (let k = 0; k < steps; k += 1) {
      const s = Float64Array.from({ length: size }, () => stream.normal())
      hessian.learn(
        s,
        s.map((v, i) => v * (1 + i) + 0.3 * (s[(i + 1) % size] as number) + 0.3 * (s[(i + size - 1) % size] as number)),
      )
    }
    return hessian
  }
  const times = (root: CovarianceRoot, x: Float64Array): Float64Array => {
    const out = new Float64Array(x.length)
    root.applyTransposed(x, out)
    root.apply(out, out)
    return out
  }
  it.each([
    [3, 6],
    [9, 2],
    [9, 7],
    [1, 3],
  ])('has a root in %i dimensions after %i steps', (size, steps) => {
    const hessian = filled(size, steps)
    const root = must(hessian.root(), 'root')
    const dense = Array.from({ length: size }, (_, j) => {
      const unit = new Float64Array(size)
      unit[j] = 1
      const [by, out] = [times(root, unit), new Float64Array(size)]
      hessian.apply(unit, out)
      out.forEach((v, i) => {
        expect(by[i]).toBeCloseTo(v, 8)
      })
      return out
    })
    const p = inverse(size, (i, j) => (dense[j] as Float64Array)[i] as number)
    root.precisions().forEach((v, i) => {
      expect(v / ((p[i] as number[])[i] as number)).toBeCloseTo(1, 6)
    })
  })
})
