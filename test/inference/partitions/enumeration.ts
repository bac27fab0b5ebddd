import { lgamma } from '../../../src/base/special/operations.ts'

/** All partitions of n things, each by the number of the block of every thing, in order of appearance. */
export function partitionsOf(n: number): readonly (readonly number[])[] {
  let all: number[][] = [[]]
  for (let i = 0; i < n; i += 1) all = all.flatMap((p) => Array.from({ length: Math.max(-1, ...p) + 2 }, (_, k) => [...p, k]))
  return all
}

/** The blocks of a partition, as the things in each. */
export function blocksOf(labels: readonly number[]): readonly (readonly number[])[] {
  return [...new Set(labels)].map((k) => labels.flatMap((label, i) => (label === k ? [i] : [])))
}

/** The same partition by order of appearance. */
export function canonical(labels: ArrayLike<number>): string {
  const seen = [...new Set(Array.from(labels))]
  return Array.from(labels, (k) => seen.indexOf(k)).join('')
}

/** Thing after thing: log of the product of what each takes, as the process is defined. */
export function logSeating(labels: readonly number[], d: number, alpha: number): number {
  const counts: number[] = []
  let log = 0
  for (const [i, k] of labels.entries()) {
    const own = counts[k] ?? 0
    if (i > 0) log += Math.log((own === 0 ? alpha + d * counts.length : own - d) / (i + alpha))
    counts[k] = own + 1
  }
  return log
}

/** Probabilities from unnormalised logs. */
export function normalised(logs: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const most = Math.max(...logs.values())
  const total = [...logs.values()].reduce((sum, x) => sum + Math.exp(x - most), 0)
  return new Map([...logs].map(([key, x]) => [key, Math.exp(x - most) / total]))
}

/** The posterior of all partitions, by what each block makes likely. */
export function posterior(n: number, law: { readonly d: number; readonly alpha: number }, block: (things: readonly number[]) => number) {
  const all = partitionsOf(n).map((labels): [string, number] => {
    const seen = blocksOf(labels).reduce((sum, things) => sum + block(things), 0)
    return [canonical(labels), logSeating(labels, law.d, law.alpha) + seen]
  })
  return normalised(new Map(all))
}

/** Half the sum of differences between probabilities and shares. */
export function totalVariation(truth: ReadonlyMap<string, number>, drawn: readonly string[]): number {
  const shares = new Map<string, number>()
  for (const key of drawn) shares.set(key, (shares.get(key) ?? 0) + 1 / drawn.length)
  return [...new Set([...truth.keys(), ...shares.keys()])].reduce(
    (sum, key) => sum + Math.abs((truth.get(key) ?? 0) - (shares.get(key) ?? 0)) / 2,
    0,
  )
}

/** Log marginal densities of numbers that share parameters, each from its textbook. */
export const marginals = {
  /** y ~ normal(mu, sigma), mu ~ normal(0, tau): the normal with covariance sigma^2 I + tau^2. */
  normal: (y: readonly number[], sigma: number, tau: number): number => {
    const n = y.length
    const [s, t] = [sigma * sigma, tau * tau]
    const sum = y.reduce((a, b) => a + b, 0)
    const squares = y.reduce((a, b) => a + b * b, 0)
    const logDet = (n - 1) * Math.log(s) + Math.log(s + n * t)
    return -0.5 * (n * Math.log(2 * Math.PI) + logDet + squares / s - (t / (s * (s + n * t))) * sum * sum)
  },
  /** y ~ poisson(rate), rate ~ gamma(a, b). */
  poisson: (y: readonly number[], a: number, b: number): number => {
    const sum = y.reduce((x, z) => x + z, 0)
    const constant = y.reduce((x, z) => x - lgamma(z + 1), 0)
    return constant + a * Math.log(b) - lgamma(a) + lgamma(a + sum) - (a + sum) * Math.log(b + y.length)
  },
  /** y ~ bernoulli(p), p ~ beta(a, b), several independent bits a thing. */
  bernoulli: (y: readonly (readonly number[])[], a: number, b: number): number =>
    (y[0] ?? []).reduce((total, _, j) => {
      const ones = y.reduce((x, row) => x + (row[j] as number), 0)
      const beta = (p: number, q: number): number => lgamma(p) + lgamma(q) - lgamma(p + q)
      return total + beta(a + ones, b + y.length - ones) - beta(a, b)
    }, 0),
  /** y ~ normal(mu, sqrt(v)), mu ~ normal(m, sqrt(v / k)), v ~ inverse_gamma(a, b): DeGroot 1970, section 9.6. */
  normalInverseGamma: (y: readonly number[], { m, k, a, b }: Readonly<Record<'m' | 'k' | 'a' | 'b', number>>): number => {
    const n = y.length
    const mean = y.reduce((x, z) => x + z, 0) / n
    const spread = y.reduce((x, z) => x + (z - mean) * (z - mean), 0)
    const [kn, an] = [k + n, a + n / 2]
    const bn = b + 0.5 * spread + (k * n * (mean - m) * (mean - m)) / (2 * kn)
    return lgamma(an) - lgamma(a) + a * Math.log(b) - an * Math.log(bn) + 0.5 * Math.log(k / kn) - (n / 2) * Math.log(2 * Math.PI)
  },
  /**
   * Pairs y ~ multi_normal(mu, S), S ~ inverse_wishart(nu, V), mu ~ multi_normal(m, S / k): Murphy 2007, "Conjugate Bayesian analysis of the
   * Gaussian distribution", equation 266. Without k the means are m.
   */
  normalInverseWishart: (
    y: readonly (readonly number[])[],
    {
      m,
      k,
      nu,
      V,
    }: { readonly m: readonly [number, number]; readonly k?: number; readonly nu: number; readonly V: readonly [number, number, number] },
  ): number => {
    const n = y.length
    const mean = k === undefined ? m : [0, 1].map((j) => y.reduce((x, row) => x + (row[j] as number), 0) / n)
    const product = (i: 0 | 1, j: 0 | 1): number => {
      const spread = y.reduce((x, row) => x + ((row[i] as number) - (mean[i] as number)) * ((row[j] as number) - (mean[j] as number)), 0)
      const pull = k === undefined ? 0 : (k * n) / (k + n)
      return spread + pull * ((mean[i] as number) - m[i]) * ((mean[j] as number) - m[j])
    }
    const [a, b, c] = [V[0] + product(0, 0), V[1] + product(0, 1), V[2] + product(1, 1)]
    const gamma = (half: number): number => 0.5 * Math.log(Math.PI) + lgamma(half) + lgamma(half - 0.5)
    const before = (nu / 2) * Math.log(V[0] * V[2] - V[1] * V[1]) - gamma(nu / 2)
    const after = ((nu + n) / 2) * Math.log(a * c - b * b) - gamma((nu + n) / 2)
    return before - after - n * Math.log(Math.PI) + (k === undefined ? 0 : Math.log(k / (k + n)))
  },
}
