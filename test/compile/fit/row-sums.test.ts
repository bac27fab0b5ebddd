import { describe, expect, it } from 'vitest'
import { load } from '../../../src/api/load.ts'
import { fitParts } from '../../../src/api/pipeline.ts'
import { must } from '../../../src/base/internal-error.ts'
import { situationOf } from '../../../src/middle/situation.ts'
import { fitOf, normals } from '../../run/fitted.ts'

const programOf = (text: string) => {
  const { energy } = must(load({ name: 'm.amp', text }).value, 'model')
  const situation = situationOf(energy)
  return must(fitParts(energy, situation, { axes: [], grows: false }).value, 'fit').fit
}

const mixture = `axis k = 3
data y[row, dim]
state w[k] : simplex[k] ~ dirichlet(1)
state mu[k, dim] ~ normal(CENTRE, 3)
state tau[k, dim] : positive ~ gamma(2, 2)
state z[row] : k ~ categorical(w)
y ~ normal(mu[z], 1 / sqrt(tau[z]))`

describe('sums over rows', () => {
  it.each([
    ['a mixture of normals', mixture.replace('CENTRE', '0'), 4],
    [
      'one of regressions',
      'axis k = 2\ndata y[row]\ndata x[row, p]\nstate b[k, p] ~ normal(0, 1)\nstate z[row] : k\ny ~ normal(sum[p](b[z] * x), 1)',
      5,
    ],
    ['one of counts', 'axis k = 2\ndata y[row] : count\nstate l[k] : positive ~ gamma(1, 1)\nstate z[row] : k\ny ~ poisson(l[z])', 4],
    // The codes of each row move, too.
    [
      'one of factors',
      'axis k = 2\ndata y[row, p]\nstate m[k, p] ~ normal(0, 1)\nstate h[row] ~ normal(0, 1)\nstate z[row] : k\nenergy sum[row, p]((y - m[z] - h)^2)',
      10,
    ],
  ] as const)('are all that others read of the rows of %s', (_, text, most) => {
    const { rows, mean, blocks } = programOf(text)
    expect(rows?.axis).toBe('row')
    expect(rows?.sums.length).toBeLessThanOrEqual(most)
    const shared = blocks.flatMap((b) => (b.kind === 'levels' || b.kind === 'gaussian' ? [] : [b.draw.program.graph]))
    for (const graph of [mean, ...shared]) expect(graph.nodes.filter((n) => n.axes.includes('row'))).toEqual([])
  })

  it.each([
    ['spins that meet', 'axis i = 5\nparam W[i, j]\nstate s[i] : spin\nenergy -sum[i, j](W * s * s[i -> j])'],
    [
      'rows that are counted',
      'axis k = 2\nstate z[row] : k\ndata x[row]\nstate m[k] ~ normal(0, 1)\nenergy (sum[row](m[z]) - 1)^2 + sum[row](x * m[z])',
    ],
  ])('are not there for %s', (_, text) => {
    expect(programOf(text).rows).toBeUndefined()
  })

  it('lose no digits far from 0: the ELBO does not depend on where 0 is', () => {
    const y = normals(40, 2, 5).map((row, i) => row.map((v) => v + 4 * (i % 3)))
    const at = (offset: number) => {
      const moved = y.map((row) => row.map((v) => v + offset))
      const cue = { z: y.map((__, i) => 1 + (i % 3)) }
      return fitOf(mixture.replace('CENTRE', String(offset)), { data: { y: moved }, cue }, { draws: 2, gain: 0, sweeps: 200 }).elbo
    }
    // Moved by 2^24, the data themselves keep 29 of their 53 bits: 2e-9 each.
    expect(at(2 ** 24)).toBeCloseTo(at(0), 5)
  })
})
