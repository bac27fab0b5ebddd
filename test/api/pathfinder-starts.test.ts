import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const run = (text: string, inputs: Inputs = {}, options: SampleOptions = {}) =>
  sample(must(load({ name: 'm.amp', text }).value, 'model'), must(givenOf(inputs).value, 'given'), { init: 'pathfinder', ...options })

describe('chains that start from draws of Pathfinder', () => {
  const far = 'state x ~ student_t(5, 1000, 0.01)\nstate s : positive ~ lognormal(-20, 1)'
  // Short steps: a first draw is where its chain starts.
  const first = { warmup: 0, draws: 1, chains: 4, sampler: 'langevin' } as const

  it('start where the density is, each from a draw of its own', async () => {
    const { draws } = must((await run(far, {}, first)).value, 'draws')
    const x = series(draws, 'x').map(([v]) => v as number)
    for (const v of x) expect(Math.abs(v - 1000)).toBeLessThan(0.1)
    for (const [v] of series(draws, 's')) expect(Math.abs(Math.log(v as number) + 20)).toBeLessThan(6)
    expect(new Set(x).size).toBe(4)
    const random = must((await run(far, {}, { ...first, init: 'random' })).value, 'draws')
    for (const [v] of series(random.draws, 'x')) expect(Math.abs((v as number) - 1000)).toBeGreaterThan(1)
  })

  it('start where they are told, where that is said of a state', async () => {
    const { draws } = must((await run(far, { cue: { x: 1000.04 } }, first)).value, 'draws')
    const random = must((await run(far, { cue: { x: 1000.04 } }, { ...first, init: 'random' })).value, 'draws')
    expect(series(draws, 'x').every(([v]) => Math.abs((v as number) - 1000.04) < 0.05)).toBe(true)
    expect(series(random.draws, 's').some(([v]) => (v as number) > 1e-3)).toBe(true)
  })

  it('draw the same bits under the same seed', async () => {
    const [one, two] = [await run(far, {}, { ...first, draws: 20 }), await run(far, {}, { ...first, draws: 20 })]
    expect(two.value?.draws).toEqual(one.value?.draws)
  })

  it('cannot be had beside a discrete state that has to move, and it is said which', async () => {
    const { value, diagnostics } = await run('axis v = 30\nstate s[v] : spin\nstate b ~ normal(0, 1)\nenergy -log(1 + exp(b * sum[v](s)))')
    expect(value).toBeUndefined()
    expect(diagnostics).toMatchObject([
      { code: 'AMP604', message: expect.stringContaining('"s"'), hint: expect.stringContaining('--init pathfinder') },
    ])
  })
})
