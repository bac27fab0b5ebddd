import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { verify } from '../../src/api/verify.ts'
import { must } from '../../src/base/internal-error.ts'

const listed = `
axis k = ("quiet", "loud", "mute")
data y[row]
data reference : k
state z[row] : k
state mu[k] ~ normal(0, 2)
state p : probability ~ uniform(0, 1)
energy -sum[row](where(z == "loud", log(p), log(1 - p)))
y ~ normal(mu[z] + where(z != "quiet", mu[reference], 0), 1)
energy (mu["mute"] - mu[k = "loud"])^2`

const open = listed.replace('axis k = ("quiet", "loud", "mute")', 'axis k')

describe('the laws hold of models that name elements', () => {
  it.each([
    ['that the model lists', listed],
    ['whose labels come with the data', open],
  ])('%s', async (_, text) => {
    const loaded = must(load({ name: 'm.amp', text }).value, 'a model that reads')
    const { laws } = must((await verify(loaded, { runs: 4, seed: 3, laws: [1, 2, 3], tfjs: false })).value, 'verification')
    expect(laws.map((law) => [law.number, law.status, law.shown])).toEqual([1, 2, 3].map((number) => [number, 'holds', undefined]))
    const emitted = laws.flatMap((law) => law.checks).filter((c) => c.name.startsWith('emitted'))
    expect(emitted.map((c) => (c.status === 'not applicable' ? 0 : c.cases)).every((cases) => cases > 0)).toBe(true)
  })
})
