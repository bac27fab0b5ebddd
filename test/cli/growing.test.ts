import { describe, expect, it } from 'vitest'
import { logPartition } from '../../src/families/processes/partitions.ts'
import { marginals } from '../inference/partitions/enumeration.ts'
import { amp, folderWith } from './amp.ts'

/** Kin of a memory of means that opens elements as patterns need them: covariances, counts, bits. */
const models = {
  covariances: `axis dim = 2
axis other = size(dim)
axis cluster ~ dp(1)
data V[dim, other] : covariance[dim, other]
memory S[cluster, dim, other] : covariance[dim, other] ~ inverse_wishart[dim](5, V)
state z : cluster
state x[dim] ~ multi_normal[dim](0, S[z])
`,
  counts: `axis cluster ~ dp(1)
memory rate[cluster, dim] : positive ~ gamma(1, 0.1)
state z : cluster
state x[dim] : count ~ poisson(rate[z])
`,
  bits: `axis cluster ~ dp(0.5)
memory p[cluster, dim] : probability ~ beta(0.5, 0.5)
state z : cluster
state x[dim] : bit ~ bernoulli(p[z])
`,
} as const

const table = (rows: readonly (readonly number[])[]): string => rows.map((r) => `${r.join(',')}\n`).join('')
const narrow = [[0.05, 0.1], [-0.1, 0.02], [0.08, -0.07], [0.01, 0.12], [-0.06, -0.03], [0.11, 0.04]] // biome-ignore format: one row
const wide = [[7, -5], [-6, 9], [4, 8], [-9, -3], [8, 6], [-5, -7]] // biome-ignore format: one row
const patterns = narrow.flatMap((row, i) => [row, wide[i] as (typeof wide)[number]])
const prior = { m: [0, 0], nu: 5, V: [0.3, 0.05, 0.2] } as const

const folder = folderWith({
  ...Object.fromEntries(Object.entries(models).map(([name, text]) => [`${name}.amp`, text])),
  'covariances.csv': table(patterns),
  'some.csv': table([[0.02, -0.03], [6, -6], [2000, -1000]]), // biome-ignore format: one row
  'far.csv': '2000,-1000\n',
  'V.json': JSON.stringify({ V: [[0.3, 0.05], [0.05, 0.2]] }), // biome-ignore format: a matrix
  'counts.csv': table([[0, 9], [1, 12], [0, 8], [20, 1], [18, 0], [25, 2], [1, 11]]), // biome-ignore format: one row
  'new-counts.csv': table([[1, 10], [21, 1], [60, 70]]), // biome-ignore format: one row
  'bits.csv': table([[1, 1, 1, 1, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [0, 0, 0, 1, 1]]), // biome-ignore format: one row
  'new-bits.csv': table([[1, 1, 1, 1, 0], [0, 0, 0, 0, 1]]), // biome-ignore format: one row
})

const said = (...args: string[]): string => {
  const { code, out, err } = amp(folder, args)
  if (code !== 0) throw new Error(err)
  return out
}

describe('a memory of full covariances that grows', () => {
  it('is written from a table as patterns need it', () => {
    const out = said('write', 'covariances.store', '--model', 'covariances.amp', '--data', 'V.json', '--observed', 'x=covariances.csv')
    expect(out).toContain('Along cluster it has 2 elements now, 2 of them new.')
    // Pattern after pattern: its predictive densities (multivariate t) by the shares of the process; it goes to the likeliest.
    const law = { discount: 0, concentration: 1 }
    const elements: (readonly number[])[][] = []
    let density = 0
    for (const x of patterns) {
      const counts = elements.map((e) => e.length)
      const logs = [...elements, []].map((own, k) => {
        const next = [...counts, 0].map((n, i) => (i === k ? n + 1 : n))
        const seen =
          marginals.normalInverseWishart([...own, x], prior) - (own.length === 0 ? 0 : marginals.normalInverseWishart(own, prior))
        return logPartition(law, next) - logPartition(law, counts) + seen
      })
      density += Math.log(logs.reduce((sum, l) => sum + Math.exp(l), 0))
      const best = logs.indexOf(Math.max(...logs))
      elements[best] = [...(elements[best] ?? []), x]
    }
    expect(elements.map((e) => e.length)).toEqual([6, 6])
    expect(Number(/before is (\S+) nats/.exec(out)?.[1])).toBeCloseTo(density, 1)
  })

  it('answers whose a pattern is, "none of these" among the answers', () => {
    const rows = said('retrieve', 'covariances.store', '--observed', 'x=some.csv').split('\n').slice(1, 4)
    expect(rows.map((row) => row.trim().split(/\s+/).at(-2))).toEqual(['1', '2', 'new'])
  })

  it('is sampled, and undone', () => {
    const drawn = said(
      'sample',
      'covariances.store',
      '--observed',
      'x=far.csv',
      '--draws',
      '50',
      '--warmup',
      '50',
      '--seed',
      '1',
      '--quiet',
    )
    expect(drawn).toMatch(/Posterior of z: new \((0\.9|1\.0)/)
    expect(said('undo', 'covariances.store')).toContain('holds 0 now')
  })
})

it.each([
  ['counts', ['1', '4', 'new']],
  ['bits', ['1', '4']],
])('so are %s', (name, answers) => {
  expect(said('write', `${name}.store`, '--model', `${name}.amp`, '--observed', `x=${name}.csv`)).toContain('has 2 elements now')
  const rows = said('retrieve', `${name}.store`, '--observed', `x=new-${name}.csv`)
    .split('\n')
    .slice(1, 1 + answers.length)
  expect(rows.map((row) => row.trim().split(/\s+/).at(-2))).toEqual(answers)
})
