import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import type { ChainResult } from '../../src/inference/chains/chain.ts'
import { chiSquareTail } from '../../src/inference/diagnostics/quantiles.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { reference } from '../../src/targets/reference.ts'
import { compiled, generate } from './compiled.ts'

/** A chain of `count` visits to the one point of a model whose every other variable is given. */
function still(count: number): ChainResult {
  const nothing = new Float64Array(0)
  const plain = { tuning: {}, outcome: { kind: 'finished' }, state: undefined, warmupCount: 0, first: 0, chain: 0 } as const
  return { ...plain, dimension: 0, count, draws: nothing, columns: [], statistics: nothing }
}

const random = (n: number, seed: number, scale = 1) => {
  const stream = new Stream(keyFromSeed(seed))
  return Array.from({ length: n }, () => scale * stream.normal())
}

/** Rows that sum to one. */
const moves = (size: number, seed: number) => {
  const raw = random(size * size, seed, 1.5).map(Math.exp)
  return raw.map((w, i) => w / raw.slice(Math.floor(i / size) * size, (Math.floor(i / size) + 1) * size).reduce((a, b) => a + b, 0))
}

/** Every setting of sites with so many levels each. */
const settings = (levels: readonly number[]): number[][] =>
  levels.reduce<number[][]>((all, n) => all.flatMap((s) => Array.from({ length: n }, (_, k) => [...s, k])), [[]])

/** Pearson's chi-square of the joint settings drawn against exact weights; settings expected fewer than 5 times count together. */
function tail(drawn: readonly string[], weights: ReadonlyMap<string, number>): number {
  const counts = new Map<string, number>()
  for (const s of drawn) counts.set(s, (counts.get(s) ?? 0) + 1)
  expect([...counts.keys()].filter((s) => !weights.has(s))).toEqual([])
  const total = [...weights.values()].reduce((a, b) => a + b, 0)
  const rare = { expected: 0, seen: 0 }
  let chi = 0
  let cells = 0
  for (const [s, w] of weights) {
    const expected = (drawn.length * w) / total
    const seen = counts.get(s) ?? 0
    if (expected < 5) {
      rare.expected += expected
      rare.seen += seen
      continue
    }
    chi += (seen - expected) ** 2 / expected
    cells += 1
  }
  if (rare.expected >= 5) {
    chi += (rare.seen - rare.expected) ** 2 / rare.expected
    cells += 1
  }
  return chiSquareTail(chi, cells - 1)
}

const draws = 20_000

/** The joint settings drawn, each as a text of levels in the order of `names`. */
function drawn(
  text: string,
  data: Record<string, readonly number[]>,
  sizes: Record<string, number>,
  sumOut: readonly string[],
  names: readonly string[],
  target = kernel,
  temperature = 1,
) {
  const made = compiled(text, { data, sizes, target, sumOut, temperature })
  const { draws: all } = generate(made, [still(target === reference ? 300 : draws)], keyFromSeed(17))
  const columns = names.map((n) => series(all, n)[0] as Float64Array)
  return Array.from({ length: all.chains[0]?.count ?? 0 }, (_, d) => columns.map((c) => c[d]).join(' '))
}

const hmm = `
model chain
data  move[k, next]
data  score[k]
data  x[t]
axis  k = 3
axis  next = size(k)
state z[t] : k
z ~ markov[t](move)
energy -sum[t](x * score[z])
`

describe('joint draws of states that were summed out', () => {
  const move = moves(3, 5)
  const score = random(3, 6)
  const x = random(4, 7, 1.2)
  const weightOf = (z: readonly number[], xs: readonly number[], T: number): number => {
    const energy = z.reduce((e, k, t) => {
      const step = t === 0 ? Math.log(1 / 3) : Math.log(move[(z[t - 1] as number) * 3 + k] as number)
      return e - step - (xs[t] as number) * (score[k] as number)
    }, 0)
    return Math.exp(-energy / T)
  }

  // A right sampler falls below with probability 1e-6 in each of these tests.
  it.each([1, 2.5])('along a chain, at temperature %d', (T) => {
    const weights = new Map(settings([3, 3, 3, 3]).map((z) => [z.map((k) => k + 1).join(' '), weightOf(z, x, T)]))
    const names = ['z[1]', 'z[2]', 'z[3]', 'z[4]']
    expect(tail(drawn(hmm, { move, score, x }, { t: 4 }, ['z'], names, kernel, T), weights)).toBeGreaterThan(1e-6)
  })

  it('along a chain: neighbours from their marginals alone would be found out', () => {
    const marginal = [0, 1].map((t) =>
      [0, 1, 2].map((k) => settings([3, 3, 3, 3]).reduce((s, z) => s + (z[t] === k ? weightOf(z, x, 1) : 0), 0)),
    )
    const independent = new Map(
      settings([3, 3]).map(([a = 0, b = 0]) => [`${a + 1} ${b + 1}`, (marginal[0]?.[a] as number) * (marginal[1]?.[b] as number)]),
    )
    expect(tail(drawn(hmm, { move, score, x }, { t: 4 }, ['z'], ['z[1]', 'z[2]']), independent)).toBeLessThan(1e-12)
  })

  it('along several chains at once', () => {
    const text = hmm.replace('x[t]', 'x[row, t]').replace('z[t]', 'z[row, t]').replace('sum[t]', 'sum[row, t]')
    const xs = random(4, 8)
    const weights = new Map(
      settings([3, 3, 3, 3]).map((z) => [
        z.map((k) => k + 1).join(' '),
        weightOf(z.slice(0, 2), xs.slice(0, 2), 1) * weightOf(z.slice(2), xs.slice(2), 1),
      ]),
    )
    const names = ['z[1,1]', 'z[1,2]', 'z[2,1]', 'z[2,2]']
    expect(tail(drawn(text, { move, score, x: xs }, { row: 2, t: 2 }, ['z'], names), weights)).toBeGreaterThan(1e-6)
  })

  const mixed = `
model mixed
data  A[l]
data  f[l]
data  x[row]
axis  l = 3
state c : bit
state s : spin
state z[row] : l
state h[row] : bit
energy -sum[row](c * A[z] + x * f[z] + 0.7 * s * f[z] + h * (x + 0.8 * s + 0.3 * c))
`
  const A = random(3, 11, 1.2)
  const f = random(3, 12)
  const given = random(2, 13)
  const weights = new Map(
    settings([2, 2, 3, 3, 2, 2]).map(([c = 0, s = 0, z1 = 0, z2 = 0, h1 = 0, h2 = 0]) => {
      const spin = 2 * s - 1
      const minus = [
        [z1, h1],
        [z2, h2],
      ].reduce((sum, [z = 0, h = 0], i) => {
        const v = given[i] as number
        const g = f[z] as number
        return sum + c * (A[z] as number) + v * g + 0.7 * spin * g + h * (v + 0.8 * spin + 0.3 * c)
      }, 0)
      return [[c, spin, z1 + 1, z2 + 1, h1, h2].join(' '), Math.exp(minus)]
    }),
  )
  const names = ['c', 's', 'z[1]', 'z[2]', 'h[1]', 'h[2]']

  it('several that depend on each other', () => {
    expect(tail(drawn(mixed, { A, f, x: given }, { row: 2 }, ['c', 's', 'z', 'h'], names), weights)).toBeGreaterThan(1e-6)
  })

  it('is the same on the reference', () => {
    const few = drawn(mixed, { A, f, x: given }, { row: 2 }, ['c', 's', 'z', 'h'], names, reference)
    expect(few).toEqual(drawn(mixed, { A, f, x: given }, { row: 2 }, ['c', 's', 'z', 'h'], names).slice(0, few.length))
  })
})
