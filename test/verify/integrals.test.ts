import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { laws } from '../../src/verify/laws/all.ts'
import { logIntegral, logIntegralOverPlane } from '../../src/verify/quadrature.ts'
import { runLaw } from '../../src/verify/run.ts'
import { openSubject } from '../../src/verify/subject.ts'

const names = [
  'integrating out = quadrature',
  'the order of summing out and integrating does not matter',
  'integrated - minimised = T/2 log det(H / 2 pi T)',
]

async function verdicts(text: string): Promise<Readonly<Record<string, string>>> {
  const subject = await openSubject(must(load({ name: 'm.amp', text }).value, 'model'), { emit: false, tfjs: false })
  const duality = must(laws.find((law) => law.number === 1), 'law 1') // biome-ignore format: one thought
  const law = { ...duality, checks: duality.checks.filter((c) => names.includes(c.name)) }
  const { checks } = runLaw(law, subject, { runs: 9, seed: 1 })
  return Object.fromEntries(checks.map((c) => [c.name, c.status]))
}

describe('quadrature', () => {
  it('knows what is known', () => {
    expect(logIntegral((u) => -((u - 3) ** 2) / 2e-4, 0)).toBeCloseTo(Math.log(2 * Math.PI * 1e-4) / 2, 10)
    // Gamma(0.3), in logs.
    expect(logIntegral((u) => 0.3 * u - Math.exp(u), 0)).toBeCloseTo(1.0957979948180756, 10)
    expect(logIntegralOverPlane((u, v) => -(u * u - u * v + v * v), [1, 1])).toBeCloseTo(Math.log((2 * Math.PI) / Math.sqrt(3)), 10)
    expect(logIntegral(() => 0, 0)).toBeUndefined()
  })
})

describe('verify tests integrals', () => {
  it('of a regression with two weights, in two dimensions', async () => {
    const found = await verdicts('axis f = 2\ndata X[row, f]\ndata y[row]\nstate w[f] ~ normal(0, 2)\ny ~ normal(sum[f](X * w), 1)')
    expect(found).toEqual({ [names[0] as string]: 'holds', [names[1] as string]: 'not applicable', [names[2] as string]: 'holds' })
  })

  it('of positive numbers and shares, and in any order with a sum that they do not meet', async () => {
    const found = await verdicts(
      'axis k = 3\nparam p[k] : simplex[k] ~ dirichlet[k](2)\nstate z : k\nz ~ categorical(p)\nstate r : positive ~ gamma(3, 2)\ndata n[i] : count\nn ~ poisson(r)',
    )
    expect(found).toEqual({ [names[0] as string]: 'holds', [names[1] as string]: 'holds', [names[2] as string]: 'not applicable' })
  })
})
