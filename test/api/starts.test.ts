import { describe, expect, it } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { samplingParts } from '../../src/api/pipeline.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { bind } from '../../src/bind/bind.ts'
import { mean } from '../../src/inference/diagnostics/moments.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { madeSizes } from '../../src/middle/derived-sizes.ts'
import { situationOf, unknownsOf } from '../../src/middle/situation.ts'
import { chainStart } from '../../src/run/chain-start.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import { beginRun } from '../../src/run/run.ts'
import { kernel } from '../../src/targets/kernel.ts'

const written = (text: string): Loaded => {
  const { value, diagnostics } = load({ name: 'm.amp', text: `model m\n${text}\n` })
  return must(value, JSON.stringify(diagnostics))
}
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'inputs')

/** Where so many chains start: what a cue says, and around what the rest is drawn. */
function startsOf(text: string, inputs: Inputs, chains: number, seed = 1, infer: readonly string[] = []) {
  const { energy } = written(text)
  const situation = situationOf(energy, { infer })
  const bound = must(bind(energy, given(inputs), unknownsOf(situation)).value, 'bound')
  const parts = must(samplingParts(energy, situation).value, 'parts')
  const sized = { ...bound, sizes: madeSizes(parts.program.axes, bound.sizes) }
  const run = must(beginRun(parts, parts.program.fixed, { target: kernel, bound: sized }, { seed }).value, 'run')
  const starts = Array.from({ length: chains }, (_, i) => chainStart(run, i, []))
  return starts.map(({ initial }) => ({ at: [...must(initial.at, 'at')], around: [...must(initial.around, 'around')] }))
}

const density = 'memory xi[pattern, pixel]\nparam sigma : positive = 0.25\nstate which : pattern\nstate x[pixel] ~ normal(xi[which], sigma)'
const rows = [[1, 2], [30, 4], [0, -10], [7, 7], [-5, 5]] // biome-ignore format: a table
const nowhere = [Number.NaN, Number.NaN]

describe('chains start near rows of a memory that the state looks like', () => {
  it('each near another while there are rows left, by the seed', () => {
    const around = startsOf(density, { memory: { xi: rows } }, 10).map((s) => s.around)
    expect(new Set(around.slice(0, 5).map(String))).toEqual(new Set(rows.map(String)))
    expect(around.slice(5)).toEqual(around.slice(0, 5))
    expect(startsOf(density, { memory: { xi: rows } }, 10).map((s) => s.around)).toEqual(around)
    const seeds = [2, 3, 4, 5, 6].map((seed) =>
      startsOf(density, { memory: { xi: rows } }, 5, seed)
        .map((s) => s.around)
        .join(';'),
    )
    expect(new Set(seeds).size).toBeGreaterThan(1)
  })

  it('however the memory is laid out, in the coordinates of the state, and several states near the same row', () => {
    const text = `memory p[pixel, pattern] : positive\nmemory q[pattern]\nstate x[pixel] : positive\nstate y
energy sum[pixel](x) - logsumexp[pattern](sum[pixel](log(p) * x) - (y - q)^2)`
    const inputs = { memory: { p: [[1, 10, 100], [2, 20, 200]], q: [1, 10, 100] } } // biome-ignore format: a table
    for (const { around } of startsOf(text, inputs, 3)) {
      const [a, b, y] = around as [number, number, number]
      expect(Math.exp(a)).toBeCloseTo(y, 12)
      expect(Math.exp(b)).toBeCloseTo(2 * y, 12)
    }
  })

  it.each([
    ['of another kind', 'memory m[pattern, pixel] : positive\nstate x[pixel] ~ normal(sum[pattern](m), 1)'],
    ['over other axes', 'memory m[pattern, other]\nstate x[pixel] ~ normal(sum[pattern, other](m), 1)\naxis pixel = 2'],
    ['that is data', 'data m[pattern, pixel]\nstate x[pixel] ~ normal(sum[pattern](m), 1)'],
  ])('and not near one %s', (_, text) => {
    const [start] = startsOf(text, { [text.startsWith('data') ? 'data' : 'memory']: { m: [[3, 4], [5, 6]] } }, 1) // biome-ignore format: a table
    expect(start).toEqual({ at: nowhere, around: [0, 0] })
  })

  it('near those first that fit what is observed of the state', () => {
    const known = { memory: { xi: [[9, 1], [2, 5], [2.5, -7], [40, 0]] }, observed: { x: [2.1, null] } } // biome-ignore format: a table
    const around = startsOf(density, known, 5).map((s) => s.around.at(-1))
    expect(around).toEqual([5, -7, 1, 0, 5])
  })

  it('so that two memories that fit a partial cue are both met', async () => {
    const known = { memory: { xi: [[1, 4], [1, -4], [9, 0], [-9, 0], [20, 0]] }, observed: { x: [1, null] } } // biome-ignore format: a table
    const options = { chains: 4, warmup: 200, draws: 200, seed: 2 } as const
    const { warnings, draws } = must((await sample(written(density), given(known), options)).value, 'draws')
    expect(series(draws, 'x[2]').map((chain) => Math.round(mean(chain)))).toEqual(expect.arrayContaining([4, -4]))
    expect(warnings.map((w) => w.sentence).join()).toContain('different modes')
  })

  it('so that no mode of a memory is overlooked without a word', async () => {
    const inputs = { memory: { xi: [[-3, -3], [3, 3]] } } // biome-ignore format: a table
    const options = { sampler: 'nuts', chains: 4, warmup: 200, draws: 300, seed: 1, initRadius: 0.5 } as const
    const { draws, warnings } = must((await sample(written(density), given(inputs), options)).value, 'draws')
    const means = series(draws, 'x[1]').map((c) => Math.round(mean(c)))
    expect([...means].sort((a, b) => a - b)).toEqual([-3, -3, 3, 3])
    const sentence = must(
      warnings.find((w) => w.kind === 'r_hat'),
      'warning',
    ).sentence
    const low = means.flatMap((m, i) => (m < 0 ? [i + 1] : []))
    expect(sentence).toContain('The chains are in different modes: ')
    expect(sentence).toMatch(new RegExp(`near (-3|-2\\.9|-3\\.0|1)\\d* in chains (${low.join(' and ')}|\\d and \\d)`))
  })
})

const several =
  'state a ~ normal(0, 1)\nstate b[i] : positive ~ exponential(1)\nstate w[k] : simplex[k] ~ dirichlet(1)\naxis i = 2\naxis k = 3\nstate d = 5 ~ normal(0, 10)'

describe('cues in samples', () => {
  it('say where what they name starts; the rest is drawn, a state with a default around it', () => {
    const [start] = startsOf(several, { cue: { b: [2, null] as never } }, 1)
    expect(start?.at.map((v) => (Number.isNaN(v) ? '?' : v))).toEqual(['?', Math.log(2), '?', '?', '?', '?'])
    expect(start?.around).toEqual([0, Math.log(2), 0, 0, 0, 5])
  })

  it('hold a simplex whole, and take one for each chain in turn', () => {
    const starts = startsOf(several, { cue: { a: [1, 2], w: [0.2, 0.3, 0.5] } }, 3)
    expect(starts.map((s) => s.at[0])).toEqual([1, 2, 1])
    for (const { at } of starts) expect(at.slice(3, 5).some(Number.isNaN)).toBe(false)
    expect(starts.every(({ at }) => Number.isNaN(at[1]) && Number.isNaN(at[5]))).toBe(true)
  })
})

describe('the radius', () => {
  it('is how far from there chains start', async () => {
    const run = async (options: SampleOptions) =>
      must(
        (
          await sample(written('data y\nstate a\nenergy (a - y)^2 / 2e12'), given({ data: { y: 0 } }), {
            warmup: 0,
            draws: 1,
            chains: 20,
            sampler: 'langevin',
            ...options,
          })
        ).value,
        'draws',
      )
    const spread = async (initRadius?: number) =>
      Math.max(...series((await run(initRadius === undefined ? {} : { initRadius })).draws, 'a').map((c) => Math.abs(c[0] as number)))
    // A step of Langevin moves by the step size of 1 or less.
    expect(await spread(1000)).toBeGreaterThan(100)
    expect(await spread()).toBeLessThan(20)
  })
})

describe('what is inferred starts as states do', () => {
  const text = 'param mu = 9 ~ normal(1, 2)\nmemory xi[k] ~ normal(0, 1)\nstate x = mu + 1 ~ normal(mu, 1)\nxi ~ normal(x, 1)'
  const start = (inputs: Inputs, infer: readonly string[]) => startsOf(text, inputs, 1, 1, infer)[0]

  it('at its default, from which those of states follow, or at a cue', () => {
    expect(start({ memory: { xi: [3] } }, ['mu'])).toEqual({ at: [Number.NaN, Number.NaN], around: [9, 10] })
    expect(start({ memory: { xi: [3] }, cue: { mu: -4 } }, ['mu'])).toEqual({ at: [-4, Number.NaN], around: [-4, -3] })
    expect(start({ memory: { xi: [3] }, param: { mu: 2 } }, [])).toEqual({ at: [Number.NaN], around: [3] })
  })

  it('and no state starts near a row of a memory that moves itself', () => {
    const near = 'memory xi[row, k] ~ normal(0, 1)\naxis row = 2\naxis k = 1\nstate x[k]\nxi ~ normal(x, 1)'
    expect(startsOf(near, {}, 2, 1, ['xi']).map((s) => s.around)).toEqual([[0, 0, 0], [0, 0, 0]]) // biome-ignore format: numbers
  })
})
