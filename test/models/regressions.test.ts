import { describe, expect, it } from 'vitest'
import type { SampleResult } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { readNamed } from '../../src/cli/files/read.ts'
import { all, dot, drawsOf, from, given, logSumExp, mean, model, retrieved, sampled } from './gallery.ts'

// Posterior means against exact ones, at six of the sampler's own standard errors (and those of the comparison): a false
// alarm in 2e-9 of checks, below 1e-6 for the at most a hundred of a test.
const SIX = 6

const column = (file: string, name: string): Float64Array => {
  const { value } = must(
    all(file).find((g) => g.name === name),
    name,
  )
  return value.kind === 'numbers' ? value.data : new Float64Array(0)
}
const row = (result: SampleResult, name: string) =>
  must(
    result.summary.find((r) => r.name === name),
    name,
  )
const range = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.5)) / count)
const within = (result: SampleResult, name: string, exact: number, slack = 0): void => {
  const { mean: own, mcse_mean } = row(result, name)
  expect(Math.abs(own - exact), `${name}: ${own} for ${exact}`).toBeLessThan(SIX * mcse_mean + slack)
}
/** Solves A x = b for a symmetric positive A by elimination; also the log determinant. */
function solve(A: readonly (readonly number[])[], b: readonly number[]): { readonly x: number[]; readonly logDet: number } {
  const n = b.length
  const M = A.map((r, i) => [...r, b[i] as number])
  let logDet = 0
  const at = (i: number, j: number): number => (M[i] as number[])[j] as number
  for (let i = 0; i < n; i += 1) {
    logDet += Math.log(at(i, i))
    for (let k = i + 1; k < n; k += 1) {
      const f = at(k, i) / at(i, i)
      for (let j = i; j <= n; j += 1) (M[k] as number[])[j] = at(k, j) - f * at(i, j)
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i -= 1) {
    let rest = at(i, n)
    for (let j = i + 1; j < n; j += 1) rest -= at(i, j) * (x[j] as number)
    x[i] = rest / at(i, i)
  }
  return { x, logDet }
}

describe('eight_schools', () => {
  const y = column('eight_schools/schools.json', 'y')
  const se = column('eight_schools/schools.json', 'se')
  const values = given(all('eight_schools/schools.json'))

  it('has no mode, and says along what the energy falls', async () => {
    const [r] = await retrieved(model('eight_schools'), values)
    expect(r?.outcome.kind).toBe('unbounded')
    expect(r?.outcome.sentence).toContain('tau')
  })

  it('without centres has one: nothing near it is lower', async () => {
    const [r] = await retrieved(model('eight_schools', 'eight_schools_noncentered'), values)
    expect(r?.outcome.kind).toBe('converged')
    const at = [r?.states.mu?.data[0] as number, r?.states.tau?.data[0] as number, ...(r?.states.z?.data ?? [])]
    const energy = ([mu, tau, ...z]: readonly number[]): number =>
      ((mu as number) / 5) ** 2 / 2 +
      Math.log1p(((tau as number) / 5) ** 2) +
      z.reduce((s, v, j) => s + v ** 2 / 2 + (((y[j] as number) - (mu as number) - (tau as number) * v) / (se[j] as number)) ** 2 / 2, 0)
    at.forEach((_, k) => {
      for (const step of [-0.01, 0.01]) {
        const moved = at.map((v, i) => (i === k ? v + step : v))
        if ((moved[1] as number) > 0) expect(energy(moved)).toBeGreaterThan(energy(at))
      }
    })
  })

  it('sampled without centres agrees with a quadrature over mu and tau, in which the effects are integrated out', async () => {
    const result = await sampled(model('eight_schools', 'eight_schools_noncentered'), values, { delta: 0.95, draws: 2000 })
    // tau by its angle t = 5 tan(a), where a half Cauchy is uniform: the tail is in the grid.
    const grid = range(0, Math.PI / 2, 600).flatMap((angle) => range(-25, 35, 300).map((mu) => ({ mu, tau: 5 * Math.tan(angle) })))
    const logs = grid.map(
      ({ mu, tau }) =>
        -((mu / 5) ** 2) / 2 -
        y.reduce(
          (s, v, j) => s + Math.log((se[j] as number) ** 2 + tau ** 2) / 2 + (v - mu) ** 2 / (2 * ((se[j] as number) ** 2 + tau ** 2)),
          0,
        ),
    )
    const logZ = logSumExp(logs)
    const expectation = (f: (mu: number, tau: number) => number): number =>
      grid.reduce((s, { mu, tau }, k) => s + f(mu, tau) * Math.exp((logs[k] as number) - logZ), 0)
    within(
      result,
      'mu',
      expectation((mu) => mu),
    )
    within(
      result,
      'tau',
      expectation((_, tau) => tau),
    )
    const [mu, tau] = [drawsOf(result, 'mu'), drawsOf(result, 'tau')]
    for (const j of [0, 2, 6]) {
      const v = (se[j] as number) ** 2
      const effect = expectation((m, t) => (m * v + (y[j] as number) * t ** 2) / (v + t ** 2))
      const theta = drawsOf(result, `z[${j + 1}]`).map((z, i) => (mu[i] as number) + (tau[i] as number) * z)
      const own = mean(theta)
      const sd = Math.sqrt(mean(theta.map((t) => (t - own) ** 2)))
      // 8000 draws, worth at least 2000: effects mix better than mu.
      expect(Math.abs(own - effect)).toBeLessThan((SIX * sd) / Math.sqrt(2000))
    }
  })
})

describe('logistic_regression', () => {
  const loaded = model('logistic_regression')
  const values = given(all('logistic_regression/iris.json'))
  const y = column('logistic_regression/iris.json', 'y')
  const flat = column('logistic_regression/iris.json', 'x')
  const x = Array.from(y, (_, i) => [1, ...flat.slice(4 * i, 4 * i + 4)])
  const precision = [1 / 25, ...new Array<number>(4).fill(1 / 2.5 ** 2)]
  const logDensity = (w: readonly number[]): number =>
    -w.reduce((s, v, k) => s + (v * v * (precision[k] as number)) / 2, 0) -
    x.reduce((s, r, i) => s + Math.log1p(Math.exp(-(2 * (y[i] as number) - 1) * dot(r, w))), 0)
  const hessian = (w: readonly number[]): number[][] =>
    precision.map((p, a) =>
      precision.map((_, b) =>
        x.reduce(
          (s, r) => {
            const q = 1 / (1 + Math.exp(-dot(r, w)))
            return s + q * (1 - q) * (r[a] as number) * (r[b] as number)
          },
          a === b ? p : 0,
        ),
      ),
    )
  const newton = (): number[] => {
    let w = precision.map(() => 0)
    for (let k = 0; k < 50; k += 1) {
      const gradient = precision.map((p, a) =>
        x.reduce((s, r, i) => s + ((y[i] as number) - 1 / (1 + Math.exp(-dot(r, w)))) * (r[a] as number), -p * (w[a] as number)),
      )
      const { x: step } = solve(hessian(w), gradient)
      w = w.map((v, a) => v + (step[a] as number))
    }
    return w
  }

  it('retrieves the mode that Newton steps find', async () => {
    const [r] = await retrieved(loaded, values)
    const mode = newton()
    expect(r?.states.b?.data[0]).toBeCloseTo(mode[0] as number, 5)
    for (const [k, w] of mode.slice(1).entries()) expect(r?.states.w?.data[k]).toBeCloseTo(w, 5)
  })

  it('sampled has the posterior means and deviations of importance sampling', async () => {
    const result = await sampled(loaded, values)
    // A multivariate t with 5 degrees of freedom at the mode, its scale 1.2 of the curvature there: drawn by the Cholesky factor.
    const mode = newton()
    const L = cholesky(inverse(hessian(mode)))
    const stream = new Stream(keyFromSeed(17))
    const n = 100_000
    const draws = Array.from({ length: n }, () => {
      const z = mode.map(() => stream.normal())
      const chi = [0, 0, 0, 0, 0].reduce((s) => s + stream.normal() ** 2, 0)
      const scale = 1.2 * Math.sqrt(5 / chi)
      const w = mode.map((m, a) => m + scale * z.reduce((s, v, c) => s + (c <= a ? (L[a]?.[c] as number) * v : 0), 0))
      const square = z.reduce((s, v) => s + v * v, 0) * (5 / chi)
      return { w, log: logDensity(w) + 5 * Math.log1p(square / 5) }
    })
    const logZ = logSumExp(draws.map((d) => d.log))
    const weights = draws.map((d) => Math.exp(d.log - logZ))
    const worth = 1 / weights.reduce((s, v) => s + v * v, 0)
    expect(worth).toBeGreaterThan(20_000)
    ;['b', 'w[1]', 'w[2]', 'w[3]', 'w[4]'].forEach((name, a) => {
      const centre = draws.reduce((s, d, k) => s + (weights[k] as number) * (d.w[a] as number), 0)
      const sd = Math.sqrt(draws.reduce((s, d, k) => s + (weights[k] as number) * ((d.w[a] as number) - centre) ** 2, 0))
      within(result, name, centre, (SIX * sd) / Math.sqrt(worth))
      // A standard deviation from draws worth m is off by a share of about 1/sqrt(2 m), a little more in these skewed tails.
      expect(Math.abs(row(result, name).sd / sd - 1)).toBeLessThan(SIX * (1 / Math.sqrt(row(result, name).ess_bulk) + 1 / Math.sqrt(worth)))
    })
  })
})

describe('varying_intercepts', () => {
  const loaded = model('varying_intercepts')
  const file = 'varying_intercepts/radon.csv'
  const values = given(must(readNamed(`models/${file}`).value, file))
  const y = column(file, 'y')
  const basement = column(file, 'basement')
  const { value } = must(
    values.fixed.find((g) => g.name === 'county_of'),
    'county_of',
  )
  const names = value.kind === 'labels' ? value.labels : []

  it('collapses as a mode, which the result says', async () => {
    const [r] = await retrieved(loaded, values)
    expect(r?.outcome.kind).toBe('unbounded')
    expect(r?.outcome.sentence).toContain('tau')
  })

  it('sampled agrees with a quadrature over tau and sigma, in which all else is integrated out', async () => {
    const result = await sampled(loaded, values, { draws: 1500 })
    const counties = result.bound.labels.county as readonly string[]
    expect(counties).toHaveLength(85)
    const own = counties.map((county) => names.flatMap((n, i) => (n === county ? [i] : [])))
    const sums = own.map((houses) => ({
      n: houses.length,
      y: houses.reduce((s, i) => s + (y[i] as number), 0),
      x: houses.reduce((s, i) => s + (basement[i] as number), 0),
      yy: houses.reduce((s, i) => s + (y[i] as number) ** 2, 0),
      xy: houses.reduce((s, i) => s + (y[i] as number) * (basement[i] as number), 0),
    }))
    // Given tau and sigma, y of a county is normal about mu + b x with covariance sigma^2 I + tau^2 11', whose inverse is
    // (I - w 11') / sigma^2 with w = tau^2 / (sigma^2 + n tau^2); mu and b are normal with precision 1/25 beforehand.
    const given2 = (tau: number, sigma: number) => {
      const A = [
        [1 / 25, 0],
        [0, 1 / 25],
      ] as [[number, number], [number, number]]
      const g: [number, number] = [0, 0]
      let rest = 0
      for (const c of sums) {
        const w = tau ** 2 / (sigma ** 2 + c.n * tau ** 2)
        A[0][0] += (c.n - w * c.n * c.n) / sigma ** 2
        A[0][1] += (c.x - w * c.n * c.x) / sigma ** 2
        A[1][1] += (c.x - w * c.x * c.x) / sigma ** 2
        g[0] += (c.y - w * c.n * c.y) / sigma ** 2
        g[1] += (c.xy - w * c.x * c.y) / sigma ** 2
        rest += (c.yy - w * c.y ** 2) / sigma ** 2 + 2 * c.n * Math.log(sigma) + Math.log1p((c.n * tau ** 2) / sigma ** 2)
      }
      A[1][0] = A[0][1]
      const { x, logDet } = solve(A, g)
      return { mu: x[0] as number, b: x[1] as number, log: (dot(g, x) - rest - logDet) / 2 - tau ** 2 / 8 - sigma ** 2 / 8 }
    }
    const grid = range(0.1, 0.7, 120).flatMap((tau) => range(0.62, 0.84, 120).map((sigma) => ({ tau, sigma, ...given2(tau, sigma) })))
    const logZ = logSumExp(grid.map((p) => p.log))
    const expectation = (f: (p: (typeof grid)[number]) => number): number => grid.reduce((s, p) => s + f(p) * Math.exp(p.log - logZ), 0)
    within(
      result,
      'tau',
      expectation((p) => p.tau),
    )
    within(
      result,
      'sigma',
      expectation((p) => p.sigma),
    )
    within(
      result,
      'mu',
      expectation((p) => p.mu),
    )
    within(
      result,
      'b',
      expectation((p) => p.b),
    )
    sums.forEach((c, k) => {
      // The pooled mean: the county's own residual, weighted by its houses, and the mean of all counties, which only that
      // far takes part in.
      const exact = expectation((p) => {
        const share = (c.n * p.tau ** 2) / (p.sigma ** 2 + c.n * p.tau ** 2)
        return share * ((c.y - p.b * c.x) / c.n) + (1 - share) * p.mu
      })
      within(result, `a[${k + 1}]`, exact)
    })
  })
})

describe('gaussian_mixture', () => {
  const loaded = model('gaussian_mixture')
  const values = given(all('gaussian_mixture/iris.json'), { cues: [from('mu', 'gaussian_mixture/centres.json')] })
  const y = column('gaussian_mixture/iris.json', 'y')

  it('retrieves a mode in which setosa is a cluster of its own', async () => {
    const [r] = await retrieved(loaded, values)
    expect(r?.outcome.kind).toBe('converged')
    const z = must(r?.responsibilities.end.z, 'responsibilities')
    expect(z.shape).toEqual([150, 3])
    for (let i = 0; i < 150; i += 1) {
      if (i < 50) expect(z.data[3 * i]).toBeGreaterThan(0.999)
      else expect(z.data[3 * i]).toBeLessThan(0.001)
    }
    // At a mode each mean is the average under the responsibilities, drawn to 0 by its normal(0, 5) prior.
    for (let k = 0; k < 3; k += 1) {
      const weight = Array.from({ length: 150 }, (_, i) => z.data[3 * i + k] as number)
      const n = weight.reduce((s, w) => s + w, 0)
      const variance = (r?.states.sigma?.data[k] as number) ** 2
      for (let d = 0; d < 2; d += 1) {
        const average = weight.reduce((s, w, i) => s + w * (y[2 * i + d] as number), 0)
        expect(r?.states.mu?.data[2 * k + d]).toBeCloseTo(average / (n + variance / 25), 4)
      }
    }
  })

  it('sampled from that mode gives the posterior of the setosa cluster, which is nearly conjugate', async () => {
    const result = await sampled(loaded, values, { draws: 500 })
    // With its fifty flowers certain, mu given sigma is normal about n ybar / (n + sigma^2/25): 1e-5 from ybar.
    for (let d = 0; d < 2; d += 1)
      within(result, `mu[1,${d + 1}]`, mean(Array.from({ length: 50 }, (_, i) => y[2 * i + d] as number)), 1e-4)
    // The weight of a cluster with 50 of 150 is Beta(51, 102), whatever the other two do.
    within(result, 'weight(cluster)[1]', 51 / 153)
    const sd = row(result, 'weight(cluster)[1]').sd
    expect(Math.abs(sd / Math.sqrt((51 * 102) / (153 ** 2 * 154)) - 1)).toBeLessThan(
      SIX / Math.sqrt(row(result, 'weight(cluster)[1]').ess_bulk),
    )
    expect(Math.min(...drawsOf(result, 'z[1]'))).toBe(1)
    expect(Math.max(...drawsOf(result, 'z[50]'))).toBe(1)
    expect(Math.min(...drawsOf(result, 'z[51]'))).toBeGreaterThan(1)
  })
})

function inverse(A: readonly (readonly number[])[]): number[][] {
  const columns = A.map(
    (_, k) =>
      solve(
        A,
        A.map((__, i) => (i === k ? 1 : 0)),
      ).x,
  )
  return A.map((_, i) => columns.map((c) => c[i] as number))
}

function cholesky(A: readonly (readonly number[])[]): number[][] {
  const L = A.map((r) => r.map(() => 0))
  A.forEach((r, i) => {
    for (let j = 0; j <= i; j += 1) {
      const rest = (r[j] as number) - (L[i] as number[]).slice(0, j).reduce((s, v, k) => s + v * (L[j]?.[k] as number), 0)
      ;(L[i] as number[])[j] = i === j ? Math.sqrt(rest) : rest / (L[j]?.[j] as number)
    }
  })
  return L
}
