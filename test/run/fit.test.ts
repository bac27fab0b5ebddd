import { describe, expect, it } from 'vitest'
import { type FitOptions, type FitResult, fit as fitted } from '../../src/api/fit.ts'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { digamma, lgamma, logBesselI } from '../../src/base/special/operations.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

function outcome(text: string, given: Inputs, options: FitOptions = {}) {
  const loaded = must(load({ name: 'm.amp', text }).value, 'model')
  return fitted(loaded, must(givenOf(given).value, 'given'), options)
}

function fitOf(text: string, given: Inputs, options: FitOptions = {}): FitResult {
  const { value, diagnostics } = outcome(text, given, options)
  return must(value, JSON.stringify(diagnostics))
}

const rowOf = (result: FitResult, name: string) => must(result.summary.find((r) => r.name === name), name) // biome-ignore format: one thought
const sum = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0)
const normals = (n: number, seed: number): number[] => {
  const stream = new Stream(keyFromSeed(seed))
  return Array.from({ length: n }, () => stream.normal())
}

const logBeta = (a: readonly number[]): number => sum(a.map(lgamma)) - lgamma(sum(a))

describe('where q can be the posterior, the ELBO is the log evidence', () => {
  const y = [1.2, 0.3, 2.2, 1.9, 0.7, 1.1]

  it('of a mean', () => {
    const result = fitOf('data y[i]\nstate mu ~ normal(0, 2)\ny ~ normal(mu, 1.5)', { data: { y } })
    const [precision, linear] = [1 / 4 + 6 / 2.25, sum(y) / 2.25]
    const square = sum(y.map((v) => v * v)) / 2.25 - (linear * linear) / precision
    expect(result.elbo).toBeCloseTo(-3 * Math.log(2 * Math.PI * 2.25) - 0.5 * (Math.log(4 * precision) + square), 10)
    expect(rowOf(result, 'mu').mean).toBeCloseTo(linear / precision, 12)
    expect(rowOf(result, 'mu').sd).toBeCloseTo(1 / Math.sqrt(precision), 12)
    expect(result.khat).toBe(Number.NEGATIVE_INFINITY)
  })

  it('of a rate of counts', () => {
    const counts = [1, 2, 0, 4]
    const result = fitOf('data y[i] : count\nstate l : positive ~ gamma(2, 3)\ny ~ poisson(l)', { data: { y: counts } })
    const log = 2 * Math.log(3) - lgamma(2) + lgamma(9) - 9 * Math.log(7) - sum(counts.map((v) => lgamma(v + 1)))
    expect(result.elbo).toBeCloseTo(log, 10)
  })

  it('of a variance', () => {
    const result = fitOf('data y[i]\nstate v : positive ~ inverse_gamma(3, 2)\ny ~ normal(0, sqrt(v))', { data: { y } })
    const half = sum(y.map((v) => v * v)) / 2
    const log = 3 * Math.log(2) - lgamma(3) + lgamma(6) - 6 * Math.log(2 + half) - 3 * Math.log(2 * Math.PI)
    expect(result.elbo).toBeCloseTo(log, 10)
  })

  it('of a probability and of shares', () => {
    const bits = fitOf('data y[i] : bit\nstate p : probability ~ beta(2, 1)\ny ~ bernoulli(p)', { data: { y: [1, 1, 0, 1] } })
    expect(bits.elbo).toBeCloseTo(logBeta([5, 2]) - logBeta([2, 1]), 10)
    const shares = fitOf('axis k = 3\ndata y[i] : k\nstate w[k] : simplex[k] ~ dirichlet(0.7)\ny ~ categorical(w)', {
      data: { y: [1, 1, 3, 2, 1] },
    })
    expect(shares.elbo).toBeCloseTo(logBeta([3.7, 1.7, 1.7]) - logBeta([0.7, 0.7, 0.7]), 10)
  })

  it('of a direction, whose pull is the sum of all pulls', () => {
    const text = 'axis c = 3\ndata a[i, c]\nstate u[c] : unit[c]\nenergy -sum[i, c](a * u)'
    const result = fitOf(text, { data: { a: [[1, 0.5, 0], [0, 2, 1]] } }) // biome-ignore format: a row each
    const kappa = Math.hypot(1, 2.5, 1)
    expect(result.elbo).toBeCloseTo(1.5 * Math.log(2 * Math.PI) + logBesselI(0.5, kappa) - 0.5 * Math.log(kappa), 10)
    // coth(kappa) - 1 / kappa, the mean length in three dimensions.
    expect(rowOf(result, 'u[2]').mean).toBeCloseTo((2.5 / kappa) * (1 / Math.tanh(kappa) - 1 / kappa), 10)
  })

  it('of weights and an intercept together, and at a temperature', () => {
    const text = 'data X[i, j]\ndata y[i]\nstate a ~ normal(0, 3)\nstate b[j] ~ normal(0, 3)\ny ~ normal(a + sum[j](X * b), 0.7)'
    const x = normals(12, 3)
    const X = Array.from({ length: 6 }, (_, i) => x.slice(2 * i, 2 * i + 2))
    const given = { data: { X, y } }
    const loaded = must(load({ name: 'm.amp', text }).value, 'model')
    expect(loaded.energy.terms.length).toBe(3)
    for (const temperature of [1, 0.5]) {
      const result = fitOf(text, given, { temperature })
      // The log density of y, a multivariate normal of covariance 0.49 I + 9 (1 1' + X X') over the powers of all densities at T.
      const covariance = X.map((row, i) =>
        X.map((other, k) => (i === k ? 0.49 : 0) + 9 * (1 + sum(row.map((v, j) => v * (other[j] as number))))),
      )
      const { logDet, square } = gaussian(covariance, y)
      const atOne = -3 * Math.log(2 * Math.PI) - 0.5 * (logDet + square)
      // Integral of N^(1/T): every Gaussian factor of sd s becomes one of sd s sqrt(T), times (2 pi s^2)^(1/2 - 1/(2T)) T^(1/2).
      const t = temperature
      const factors = [...y.map(() => 0.7), 3, 3, 3]
      const rest = sum(factors.map((s) => (0.5 - 0.5 / t) * Math.log(2 * Math.PI * s * s) + 0.5 * Math.log(t)))
      const cooled = -3 * Math.log(2 * Math.PI * t) - 0.5 * (logDet + square / t) + rest
      expect(result.elbo).toBeCloseTo(t === 1 ? atOne : cooled, 9)
    }
  })
})

/** log |A| and y' A^-1 y by elimination. */
function gaussian(a: readonly (readonly number[])[], y: readonly number[]): { readonly logDet: number; readonly square: number } {
  const rows = a.map((row, i) => [...row, y[i] as number])
  let [logDet, square] = [0, 0]
  rows.forEach((row, k) => {
    const pivot = row[k] as number
    logDet += Math.log(pivot)
    square += (row[rows.length] as number) ** 2 / pivot
    for (const other of rows.slice(k + 1)) {
      const factor = (other[k] as number) / pivot
      row.forEach((v, j) => {
        other[j] = (other[j] as number) - factor * v
      })
    }
  })
  return { logDet, square }
}

describe('where it cannot, it ends where the equations of the books end', () => {
  it('for a mean and a precision (Bishop 2006, 10.1.3)', () => {
    const y = [1.2, 0.3, 2.2, 1.9, 0.7, 1.1]
    const text = 'data y[i]\nstate tau : positive ~ gamma(2, 1)\nstate mu ~ normal(0, 2)\ny ~ normal(mu, 1 / sqrt(tau))'
    const result = fitOf(text, { data: { y } }, { gain: 0 })
    let tau = 1
    let [mean, variance] = [0, 0]
    for (let k = 0; k < 200; k += 1) {
      variance = 1 / (1 / 4 + 6 * tau)
      mean = variance * tau * sum(y)
      tau = (2 + 3) / (1 + 0.5 * sum(y.map((v) => (v - mean) ** 2 + variance)))
    }
    expect(rowOf(result, 'mu').mean).toBeCloseTo(mean, 8)
    expect(rowOf(result, 'mu').sd).toBeCloseTo(Math.sqrt(variance), 8)
    expect(rowOf(result, 'tau').mean).toBeCloseTo(tau, 8)
  })

  it('for a mixture of normals (Bishop 2006, 10.2)', () => {
    const y = [...normals(30, 1).map((v) => v - 3), ...normals(20, 2).map((v) => 0.6 * v + 2)]
    const text = `axis k = 2
data y[i]
state w[k] : simplex[k] ~ dirichlet(1.5)
state mu[k] ~ normal(0, 5)
state tau[k] : positive ~ gamma(2, 2)
state z[i] : k ~ categorical(w)
y ~ normal(mu[z], 1 / sqrt(tau[z]))`
    const result = fitOf(text, { data: { y }, cue: { z: y.map((v) => (v < 0 ? 1 : 2)) } }, { gain: 0 })
    const { elbo, means, shares } = mixtureByHand(y)
    expect(result.elbo).toBeCloseTo(elbo, 8)
    means.forEach((m, k) => {
      expect(rowOf(result, `mu[${k + 1}]`).mean).toBeCloseTo(m, 6)
    })
    shares.forEach((s, k) => {
      expect(rowOf(result, `w[${k + 1}]`).mean).toBeCloseTo(s, 6)
    })
    expect(result.responsibilities[0]?.mean[0]).toBeGreaterThan(0.99)
  })

  it('for spins that meet: the magnetisation of mean field', () => {
    const text = 'axis site = 12\ndata h\nstate s[site] : spin\nenergy -0.3 * sum[site](s * s[site = site - 1 else 0]) - h * sum[site](s)'
    const result = fitOf(text, { data: { h: 0.2 } }, { gain: 0, sweeps: 5000 })
    const upper = Array.from({ length: 12 }, (_, i) => (result.responsibilities[0]?.mean[2 * i + 1] as number) * 2 - 1)
    upper.forEach((m, i) => {
      expect(m).toBeCloseTo(Math.tanh(0.2 + 0.3 * ((upper[i - 1] ?? 0) + (upper[i + 1] ?? 0))), 6)
    })
  })
})

/** Coordinate ascent for two components with independent priors of means and precisions, written out. */
function mixtureByHand(y: readonly number[]): {
  readonly elbo: number
  readonly means: readonly number[]
  readonly shares: readonly number[]
} {
  const K = [0, 1]
  let r = y.map((v) => [Number(v < 0), Number(v >= 0)])
  let tau = [1, 1]
  let result = { elbo: 0, means: [0], shares: [0] }
  for (let sweep = 0; sweep < 500; sweep += 1) {
    const n = K.map((k) => sum(r.map((row) => row[k] as number)))
    const variance = K.map((k) => 1 / (1 / 25 + (tau[k] as number) * (n[k] as number)))
    const means = K.map((k) => (variance[k] as number) * (tau[k] as number) * sum(y.map((v, i) => v * (r[i]?.[k] as number))))
    const spread = (k: number, v: number): number => (v - (means[k] as number)) ** 2 + (variance[k] as number)
    const shape = n.map((c) => 2 + c / 2)
    const rate = K.map((k) => 2 + 0.5 * sum(y.map((v, i) => (r[i]?.[k] as number) * spread(k, v))))
    tau = K.map((k) => (shape[k] as number) / (rate[k] as number))
    const logTau = K.map((k) => digamma(shape[k] as number) - Math.log(rate[k] as number))
    const alpha = n.map((c) => 1.5 + c)
    const logW = alpha.map((a) => digamma(a) - digamma(sum(alpha)))
    const score = (v: number, k: number): number =>
      (logW[k] as number) + 0.5 * ((logTau[k] as number) - Math.log(2 * Math.PI) - (tau[k] as number) * spread(k, v))
    r = y.map((v) => {
      const e = K.map((k) => Math.exp(score(v, k)))
      return e.map((x) => x / sum(e))
    })
    const entropyOfGamma = (a: number, b: number): number => a - Math.log(b) + lgamma(a) + (1 - a) * digamma(a)
    const ofMeans = K.map((k) => -0.5 * Math.log(2 * Math.PI * 25) - ((means[k] as number) ** 2 + (variance[k] as number)) / 50 + 0.5 * (1 + Math.log(2 * Math.PI * (variance[k] as number)))) // biome-ignore format: one thought
    const ofTaus = K.map((k) => 2 * Math.log(2) - lgamma(2) + (logTau[k] as number) - 2 * (tau[k] as number) + entropyOfGamma(shape[k] as number, rate[k] as number)) // biome-ignore format: one thought
    const total = sum(alpha)
    const ofW = -logBeta([1.5, 1.5]) + 0.5 * sum(logW) + logBeta(alpha) + (total - 2) * digamma(total) - sum(alpha.map((a) => (a - 1) * digamma(a))) // biome-ignore format: one thought
    const ofZ = sum(y.map((v, i) => sum(K.map((k) => (r[i]?.[k] as number) * (score(v, k) - Math.log(r[i]?.[k] as number))))))
    result = { elbo: sum(ofMeans) + sum(ofTaus) + ofW + ofZ, means, shares: alpha.map((a) => a / total) }
  }
  return result
}

describe('the ELBO never falls', () => {
  const noise = normals(400, 9)
  const never = (result: FitResult): void => {
    result.trace.forEach((e, i) => {
      // Rounding of sums of a few hundred terms.
      if (i > 0) expect(e).toBeGreaterThanOrEqual((result.trace[i - 1] as number) - 1e-10 * Math.abs(e))
    })
    expect(result.trace.length).toBeGreaterThan(1)
  }

  it('of a factor model', () => {
    const Y = Array.from({ length: 20 }, (_, n) => [0, 1, 2, 3].map((d) => 2 * (noise[n] as number) * (d < 2 ? 1 : -1) + 0.3 * (noise[20 + 4 * n + d] as number))) // biome-ignore format: one thought
    const text = `axis k = 2
data Y[n, d]
state W[d, k] ~ normal(0, 1 / sqrt(alpha))
state alpha[k] : positive ~ gamma(1, 1)
state z[n, k] ~ normal(0, 1)
state tau : positive ~ gamma(1, 1)
Y ~ normal(sum[k](W * z), 1 / sqrt(tau))`
    const result = fitOf(text, { data: { Y } }, { sweeps: 60, draws: 50 })
    never(result)
    expect(result.blocks.map((b) => b.density)).toEqual(['Gaussian', 'Gaussian', 'gamma', 'gamma'])
  })

  it('of random intercepts, whose mean and intercepts are one block', () => {
    const group = Array.from({ length: 60 }, (_, i) => (i % 6) + 1)
    const y = group.map((g, i) => 3 + (noise[g] as number) + 0.5 * (noise[i + 10] as number))
    const text = `data g[i] : group
data y[i]
state m ~ normal(0, 10)
state a[group] ~ normal(m, sqrt(v))
state v : positive ~ inverse_gamma(2, 2)
state tau : positive ~ gamma(1, 1)
y ~ normal(a[g], 1 / sqrt(tau))`
    const result = fitOf(text, { data: { g: group, y } })
    never(result)
    expect(result.outcome.kind).toBe('converged')
    expect(result.blocks[0]?.names).toEqual(['m', 'a'])
    expect(result.khat).toBeLessThan(0.7)
  })

  it('of topics of documents', () => {
    const doc = Array.from({ length: 80 }, (_, i) => (i % 4) + 1)
    const word = doc.map((d, i) => (d <= 2 ? (i % 2) + 1 : (i % 2) + 3))
    const text = `axis topic = 2
axis vocab = 4
data doc[token] : document
data word[token] : vocab
state theta[document, topic] : simplex[topic] ~ dirichlet(0.5)
state phi[topic, vocab] : simplex[vocab] ~ dirichlet(0.5)
state z[token] : topic ~ categorical(theta[document = doc])
word ~ categorical(phi[topic = z])`
    const result = fitOf(text, { data: { doc, word } }, { draws: 50 })
    never(result)
    // Documents 1 and 2 share their words, 3 and 4 theirs.
    const theta = [1, 2, 3, 4].map((d) => rowOf(result, `theta[${d},1]`).mean)
    expect(Math.abs((theta[0] as number) - (theta[1] as number))).toBeLessThan(0.1)
    expect(Math.abs((theta[0] as number) - (theta[2] as number))).toBeGreaterThan(0.8)
  })
})

it('takes the best of several starts', () => {
  const y = [-3, -2.8, -3.1, 0.1, -0.1, 0.2, 3, 2.9, 3.2]
  const text = `axis k = 3
data y[i]
state mu[k] ~ normal(0, 5)
state z[i] : k
y ~ normal(mu[z], 0.3)`
  const result = fitOf(text, { data: { y } }, { starts: 6, draws: 20 })
  expect(result.starts.length).toBe(6)
  expect(result.elbo).toBe(Math.max(...result.starts))
  expect(result.starts[result.start]).toBe(result.elbo)
})

describe('says why it fits nothing', () => {
  it.each([
    ['data y[i]\nstate mu ~ student_t(3, 0, 1)\ny ~ normal(mu, 1)', 'mu', 'the density of student_t'],
    ['data y[i]\nstate s : positive ~ half_normal(1)\ny ~ normal(0, s)', 's', 'do not make one of the forms of its type'],
    ['data y[i]\nstate mu : real(lower = 0) ~ normal(0, 1)\ny ~ normal(mu, 1)', 'mu', 'bounds cut its conditional form off'],
  ])('%s', (text, name, why) => {
    const [found] = outcome(text, { data: { y: [1, 2] } }, { method: 'ascent' }).diagnostics
    expect(found?.code).toBe('AMP614')
    expect(found?.message).toContain(`"${name}" cannot be fitted by coordinate ascent`)
    expect(found?.message).toContain(why)
    expect(found?.hint).toContain('amp sample')
  })

  it('where spins meet inside a function', () => {
    const [found] = outcome('axis v = 4\nstate s[v] : spin\nenergy -log(1 + exp(sum[v](s)))', {}).diagnostics
    expect([found?.code, found?.hint]).toEqual(['AMP612', expect.stringContaining('amp sample')])
  })

  it('where a part is observed, or nothing is left', () => {
    const text = 'state x[i] ~ normal(0, 1)\nenergy sum[i](x^2)'
    expect(outcome(text, { observed: { x: [1, null] } }, { method: 'ascent' }).diagnostics.map((d) => d.code)).toEqual(['AMP511'])
    expect(outcome(text, { observed: { x: [1, 2] } }).diagnostics.map((d) => d.code)).toEqual(['AMP607'])
  })

  it('where a treatment has no meaning', () => {
    const text = 'state z : bit\nstate x ~ normal(0, 1)\nenergy x * z'
    for (const given of [{ relax: ['z'] }, { keep: ['z'] }, { minimise: ['x'] }])
      expect(outcome(text, {}, given as FitOptions).diagnostics[0]?.code).toMatch(/AMP71[67]/)
  })
})
