import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

/** What sampling says of its first chain, and retrieval of its only cue. */
async function said(text: string, inputs: Inputs): Promise<readonly string[]> {
  const loaded = must(load({ name: 'm.amp', text }).value, 'a model that reads')
  const given = must(givenOf(inputs).value, 'inputs')
  const [sampled, retrieved] = [await sample(loaded, given, { chains: 1, draws: 2, warmup: 2 }), await retrieve(loaded, given)]
  const outcome = sampled.value?.outcomes[0]
  return [outcome !== undefined && 'sentence' in outcome ? outcome.sentence : '', retrieved.value?.retrievals[0]?.outcome.sentence ?? '']
}

describe('data that are impossible under the model', () => {
  it('are named by row and value, in both readings', async () => {
    const text = 'data y[row]\nstate mu ~ normal(0, 1)\nparam s : positive = 50\ny ~ uniform(mu - s, mu + s)'
    for (const sentence of await said(text, { data: { y: [1, 2, -300, 4, -500] } }))
      expect(sentence).toContain('That is at row = 3, where y is -300.')
  })

  it('are named along several axes, those of the data in their own order', async () => {
    const text = 'data n[j, i]\ndata N[j, i]\nstate p[i] : probability ~ uniform(0, 1)\nn ~ uniform(p - 2, p + N)'
    const data = {
      n: [
        [1, 2],
        [3, 9],
        [0, 1],
      ],
      N: [
        [4, 4],
        [5, 5],
        [6, 6],
      ],
    }
    for (const sentence of await said(text, { data })) expect(sentence).toContain('That is at i = 2, j = 2, where n is 9.')
  })

  it('are named by the labels of elements', async () => {
    const text = 'data y[site]\nstate mu ~ normal(0, 1)\ny ~ uniform(mu - 50, mu + 50)'
    for (const sentence of await said(text, { data: { site: ['north', 'south'], y: [1, -100] } })) {
      expect(sentence).toContain('That is at site = south, where y is -100.')
    }
  })

  it('are named by the row where the term has a name of its own', async () => {
    const text = 'data y[row]\nstate mu ~ normal(0, 1)\nmu ~ normal(0, 1)\nenergy sum[row](where(y > mu + 100, inf, (y - mu)^2))'
    const [sampled] = await said(text, { data: { y: [1, 2, 300] } })
    expect(sampled).toMatch(/That is at row = 3\.$/)
  })

  it('leave the sentence as it is where no sum over rows is to blame', async () => {
    const text = 'data y\nstate mu ~ normal(0, 1)\ny ~ uniform(mu - 50, mu + 50)'
    for (const sentence of await said(text, { data: { y: -100 } })) {
      expect(sentence).not.toBe('')
      expect(sentence).not.toContain('That is at')
    }
  })

  it('leave nothing to draw where all else is summed out', async () => {
    const text = 'data w[row, k]\nstate z[row] : k\nenergy -sum[row](log(w)[k = z])'
    const w = [[1, 2], [0, 0]] // biome-ignore format: rows
    const [sentence] = await said(text, { data: { w } })
    expect(sentence).toContain('At the values that are given the energy is not finite')
    expect(sentence).toContain('That is at row = 2.')
    const loaded = must(load({ name: 'm.amp', text }).value, 'a model that reads')
    const sampled = await sample(loaded, must(givenOf({ data: { w } }).value, 'inputs'), { chains: 2, draws: 3 })
    expect(sampled.value?.draws.chains.map((c) => c.count)).toEqual([0, 0])
  })
})
