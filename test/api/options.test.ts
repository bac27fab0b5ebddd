import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type RetrieveOptions, retrieve } from '../../src/api/retrieve.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf } from '../../src/run/inputs.ts'

const model = must(load({ name: 'm.amp', text: 'axis i = 2\nstate x[i] ~ normal(0, 1)' }).value, 'model')
const nothing = must(givenOf({}).value, 'inputs')

describe('options that make no sense', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ temperature: -1 }, 'a number above 0'],
    [{ temperature: 0 }, 'a number above 0'],
    [{ temperature: Number.NaN }, 'a number above 0'],
    [{ draws: 2.5 }, 'a whole number from 1 on'],
    [{ draws: '100' }, 'a whole number from 1 on'],
    [{ chains: 0 }, 'a whole number from 1 on'],
    [{ delta: 1 }, 'a number between 0 and 1'],
    [{ seed: 1.5 }, 'a whole number from 0 on'],
    [{ sampler: 'nutz' }, 'auto, nuts, langevin, gibbs, exact, tempering'],
  ])('%o is reported by sampling', async (options, expected) => {
    for (const prior of [false, true]) {
      const { value, diagnostics } = await sample(model, nothing, { ...(options as SampleOptions), prior })
      expect(value).toBeUndefined()
      expect(diagnostics.map((d) => [d.code, d.expected])).toEqual([['AMP717', expected]])
    }
  })

  it('are those that do not exist', async () => {
    const drawn = await sample(model, nothing, { draw: 5 } as unknown as SampleOptions)
    expect(drawn.diagnostics.map((d) => [d.code, d.message, d.hint])).toEqual([
      ['AMP717', 'There is no option "draw".', "did you mean 'draws'?"],
    ])
    const found = await retrieve(model, nothing, { draws: 5 } as unknown as RetrieveOptions)
    expect(found.diagnostics.map((d) => [d.code, d.message])).toEqual([['AMP717', 'There is no option "draws".']])
  })

  it('come with the word that was meant', async () => {
    const { diagnostics } = await sample(model, nothing, { sampler: 'nutz' } as unknown as SampleOptions)
    expect(diagnostics.map((d) => [d.message, d.hint])).toEqual([['The option sampler is "nutz".', "did you mean 'nuts'?"]])
  })

  it.each([{ maxSteps: -1 }, { tolerance: -1 }, { update: 'sync' }, { temperature: 0 }])('%o is reported by retrieval', async (options) => {
    const { value, diagnostics } = await retrieve(model, nothing, options as RetrieveOptions)
    expect([value, ...diagnostics.map((d) => d.code)]).toEqual([undefined, 'AMP717'])
  })

  it('do not hinder those that do', async () => {
    expect((await sample(model, nothing, { draws: 10, temperature: 0.5, sampler: 'nuts', delta: 0.9 })).diagnostics).toEqual([])
  })
})
