import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { summary } from '../../../src/inference/diagnostics/summary.ts'
import { warnings } from '../../../src/inference/diagnostics/warnings.ts'
import type { Draws } from '../../../src/inference/draws/draws.ts'

interface Trouble {
  /** Added to all draws of the second chain. */
  readonly apart?: number
  /** Draws a new number only so often. */
  readonly every?: number
  readonly divergent?: number
  readonly depth?: number
  /** Steps of the energy as a share of its spread. */
  readonly slow?: boolean
}

function draws({ apart = 0, every = 1, divergent = 0, depth = 3, slow = false }: Trouble): Draws {
  const stream = new Stream(keyFromSeed(1))
  const count = 800
  const chains = [0, 1].map((chain) => {
    let x = 0
    let energy = 0
    const values = Float64Array.from({ length: count }, (_, d) => {
      if (d % every === 0) x = stream.normal() + chain * apart
      return x
    })
    const statistics = new Float64Array(3 * count)
    for (let d = 0; d < count; d += 1) {
      energy = slow ? 0.99 * energy + 0.1 * stream.normal() : stream.normal()
      statistics.set([d < divergent ? 1 : 0, d === 5 ? depth : 3, energy], 3 * d)
    }
    return { chain, count, values, columns: ['divergent__', 'treedepth__', 'energy__'], statistics }
  })
  return { variables: [{ name: 'x', axes: [], shape: [] }], names: ['x'], chains }
}

const kinds = (t: Trouble) => warnings(draws(t), summary(draws(t))).map((w) => w.kind)

describe('warnings', () => {
  it.each<[string, Trouble, string[]]>([
    ['nothing', {}, []],
    ['divergences', { divergent: 3 }, ['divergences']],
    ['saturated trees', { depth: 10 }, ['tree_depth']],
    ['a slow energy', { slow: true }, ['low_e_bfmi']],
    ['chains that disagree', { apart: 2 }, ['r_hat', 'ess']],
    ['few effective draws', { every: 16 }, ['r_hat', 'ess']],
  ])('of %s', (_, trouble, expected) => {
    const found = kinds(trouble)
    if (trouble.every === undefined) expect(found).toEqual(expected)
    else expect(found).toContain('ess')
  })

  it('name the chains that stayed in another mode', () => {
    const plain = draws({ apart: 9 })
    const lp = (chain: number) => Float64Array.from({ length: 800 }, (_, d) => -1901 - 62 * chain + Math.sin(d))
    const chains = plain.chains.map((c) => ({ ...c, columns: ['lp__'], statistics: lp(c.chain) }))
    const [found] = warnings({ ...plain, chains }, summary(plain))
    expect(found?.sentence).toMatch(
      /The chains are in different modes: x is near -?0\.\d+ in chain 1 \(mean lp__ -1901\.0\) and near (8\.9|9)\d* in chain 2 \(mean lp__ -1963\.0\)\./,
    )
  })

  it('tell modes by their level where no quantity parts them, and count chains from one', () => {
    const plain = draws({ apart: 2 })
    const lp = (chain: number) => Float64Array.from({ length: 800 }, (_, d) => -10 - 30 * chain + Math.sin(d))
    const chains = plain.chains.map((c) => ({ ...c, columns: ['lp__'], statistics: lp(c.chain) }))
    const [found] = warnings({ ...plain, chains }, summary(plain))
    expect(found?.sentence).toContain('The chains are in different modes: lp__ is near -40 in chain 2 and near -10 in chain 1.')
  })

  it('name what was summed out after all others, however much worse it is', () => {
    const [a, b] = [draws({ apart: 2 }), draws({ apart: 9 })]
    const chains = a.chains.map((c, k) => {
      const other = b.chains[k] as (typeof b.chains)[number]
      return { ...c, values: Float64Array.from({ length: 2 * c.count }, (_, i) => (i % 2 === 0 ? other : c).values[i >> 1] as number) }
    })
    const variables = [
      { name: 'z', axes: ['t'], shape: [1] },
      { name: 'mu', axes: [], shape: [] },
    ]
    const both: Draws = { variables, names: ['z[1]', 'mu'], chains }
    const said = (last: ReadonlySet<string>) => warnings(both, summary(both), 10, last).find((w) => w.kind === 'r_hat')?.sentence
    expect(said(new Set())).toMatch(/^The chains disagree about z\[1\], mu /)
    expect(said(new Set(['z']))).toMatch(/^The chains disagree about mu, z\[1\] /)
  })

  it('say how many and what to do', () => {
    const [divergence] = warnings(draws({ divergent: 3 }), [])
    expect(divergence?.sentence).toMatch(/^6 of 1600 transitions were divergent: .* Raise the target acceptance/)
    const [chains] = warnings(draws({ apart: 2 }), summary(draws({ apart: 2 })))
    expect(chains?.sentence).toMatch(/^The chains disagree about x \(R-hat above 1.01; worst x, 1\.\d\d\)/)
    expect(chains?.sentence).not.toContain('different modes')
  })
})

describe('the summary', () => {
  it('has the sample moments and quantiles of all chains together', () => {
    const d: Draws = {
      variables: [{ name: 'x', axes: [], shape: [] }],
      names: ['x'],
      chains: [0, 1].map((chain) => ({
        chain,
        count: 11,
        values: Float64Array.from({ length: 11 }, (_, i) => 11 * chain + ((7 * i) % 11)),
        columns: [],
        statistics: new Float64Array(0),
      })),
    }
    const [row] = summary(d)
    // 0 .. 21: mean 10.5, variance 22 * 23 / 12, quantiles by linear interpolation.
    expect(row?.mean).toBeCloseTo(10.5, 12)
    expect(row?.sd).toBeCloseTo(Math.sqrt((22 * 23) / 12), 12)
    expect([row?.q5, row?.q50, row?.q95].map((q) => Math.round((q ?? 0) * 1e9) / 1e9)).toEqual([1.05, 10.5, 19.95])
  })
})
