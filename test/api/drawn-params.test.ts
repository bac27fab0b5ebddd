import { describe, expect, it } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed } from '../../src/base/random.ts'
import { priorDrawsOf } from '../../src/compile/prior-draws.ts'
import { drawPrior } from '../../src/inference/draws/prior-draw.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import { kernel } from '../../src/targets/kernel.ts'

const loadedOf = (text: string): Loaded => {
  const { value, diagnostics } = load({ name: 'm.amp', text: `model m\n${text}\n` })
  return must(value, JSON.stringify(diagnostics))
}
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'inputs')

const text = `
memory xi[pattern, pixel]
data   s : positive
axis   k = 3
param  sigma : positive = 2 * tau
param  scale[pixel] : positive ~ lognormal(log(sigma), 0.1)
param  tau : positive ~ half_normal(s)
param  w[k] : simplex[k] ~ dirichlet(1)
param  z[pixel] : k ~ categorical(w)
state  which : pattern
state  x[pixel] ~ normal(xi[which], scale)
state  q[pixel] ~ normal(index(k)[z], 1)
`
// Declared with what a default needs first.
const model = text.replace(/(param {2}sigma.*\n)(param {2}scale.*\n)(param {2}tau.*\n)/, '$3$2$1')
const inputs: Inputs = { memory: { xi: [[1, 2], [3, 4], [0, 0]] }, data: { s: 2 } } // biome-ignore format: a table

describe('params with a prior and no default', () => {
  const loaded = loadedOf(model)
  const sampled = async (more: Inputs, seed: number) =>
    must((await sample(loaded, given({ ...inputs, ...more }), { seed, draws: 5, chains: 1 })).value, 'draws')

  it('start from one draw under the seed, the same in both readings', async () => {
    const { drawn } = await sampled({}, 7)
    const { retrievals } = must((await retrieve(loaded, given(inputs), { seed: 7 })).value, 'retrieval')
    expect(must(retrievals[0], 'retrieval').drawn).toEqual(drawn)
    expect(Object.keys(drawn)).toEqual(['tau', 'scale', 'w', 'z'])
    expect((await sampled({}, 7)).drawn).toEqual(drawn)
    expect((await sampled({}, 8)).drawn).not.toEqual(drawn)
  })

  it('are drawn after what their priors read, defaults included', async () => {
    const { drawn } = await sampled({ param: { tau: 1000 } }, 7)
    expect(Object.keys(drawn)).toEqual(['scale', 'w', 'z'])
    // log(scale) is normal(log(2 * 1000), 0.1): ten deviations are never seen.
    for (const v of must(drawn.scale, 'scale').data) expect(Math.abs(Math.log(v / 2000))).toBeLessThan(1)
    const narrow = await sampled({ param: { w: [0, 1, 0] } }, 7)
    expect([...must(narrow.drawn.z, 'z').data]).toEqual([2, 2])
  })

  it('each have a stream of their own: what is given leaves the others alone', async () => {
    const all = (await sampled({}, 7)).drawn
    const some = (await sampled({ param: { w: must(all.w, 'w') } }, 7)).drawn
    expect(some).toEqual(Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'w')))
  })

  it('come to the same run when they are given as they were drawn', async () => {
    const first = await sampled({}, 9)
    const again = await sampled({ param: first.drawn }, 9)
    expect(again.drawn).toEqual({})
    expect(again.draws).toEqual(first.draws)
    const [a] = must((await retrieve(loaded, given(inputs), { seed: 9 })).value, 'retrieval').retrievals
    const [b] = must((await retrieve(loaded, given({ ...inputs, param: first.drawn }), { seed: 9 })).value, 'retrieval').retrievals
    expect(b?.states).toEqual(a?.states)
    expect(b?.energy).toBe(a?.energy)
  })

  it('may depend on what is observed', async () => {
    const observed = loadedOf('state a ~ normal(0, 1)\nparam b ~ normal(a, 0.001)\nstate c ~ normal(b, 1)')
    const { value } = await sample(observed, given({ observed: { a: 50 } }), { draws: 5, chains: 1 })
    expect(Math.abs((must(value?.drawn.b, 'b').data[0] as number) - 50)).toBeLessThan(0.01)
  })

  it('are drawn in draws from the prior, too', async () => {
    const loaded = loadedOf(
      'param tau : positive ~ exponential(1)\nparam b ~ normal(100, 0.001 * tau)\ndata y[row]\naxis row = 2\nstate a ~ normal(b, 0.1)\ny ~ normal(a, 0.1)',
    )
    const { drawn, draws } = must((await sample(loaded, given({}), { prior: true, draws: 50, chains: 1 })).value, 'draws')
    expect(Object.keys(drawn)).toEqual(['tau', 'b'])
    // Sixty deviations.
    for (const v of must(draws.chains[0], 'chain').values) expect(Math.abs(v - 100)).toBeLessThan(10)
  })
})

describe('what cannot be drawn', () => {
  const told = async (body: string, more: Inputs = {}) => {
    const loaded = loadedOf(body)
    const [a, b] = [await sample(loaded, given(more), { draws: 5 }), await retrieve(loaded, given(more), {})]
    const said = (d: typeof a.diagnostics) => d.filter((e) => e.severity === 'error').map((e) => `${e.code} ${e.message}`)
    expect(said(a.diagnostics)).toEqual(said(b.diagnostics))
    return said(a.diagnostics)
  }
  const end = 'state q ~ normal(a, 1)'

  it.each([
    [
      'a state',
      'state s ~ normal(0, 1)\nparam a ~ normal(s, 1)',
      'AMP501 The param "a" was not given, and its prior depends on "s", which has no value before the run.',
    ],
    [
      'each other',
      'param a ~ normal(b, 1)\nparam b ~ normal(a, 1)',
      'AMP501 The param "a" was not given, and its prior depends on "b", in a circle.',
    ],
    [
      'two priors',
      'param a ~ normal(0, 1)\na ~ normal(1, 1)',
      'AMP501 The param "a" was not given, and it cannot be drawn from its prior: "a" has more than one statement of its own.',
    ],
    ['what was not given', 'data s : positive\nparam a ~ normal(0, s)', 'AMP501 The data "s" was not given.'],
    [
      'no mass',
      'data s : positive\nparam a : real(lower = 2 * s) ~ uniform(0, s)',
      'AMP501 The param "a" was not given, and no finite value could be drawn from its prior.',
    ],
    [
      'a bad parameter',
      'data s = 0\nparam a ~ normal(0, s)',
      'AMP501 The param "a" was not given, and no finite value could be drawn from its prior.',
    ],
  ])('%s', async (_, body, sentence) => {
    const inputs = body.includes('data s =') ? { data: { s: Number.POSITIVE_INFINITY } } : body.includes('2 * s') ? { data: { s: 1 } } : {}
    expect(await told(`${body.replace('data s = 0', 'data s')}\n${end}`, inputs)).toContain(sentence)
  })

  it('a size that nobody knows', async () => {
    const loaded = loadedOf('param a[i] ~ normal(0, 1)\nstate q ~ normal(sum[i](a), 1)')
    const { diagnostics } = await sample(loaded, given({}), { draws: 5 })
    expect(diagnostics.map((d) => d.code)).toEqual(['AMP504'])
    expect(diagnostics[0]?.message).toContain('The size of the axis i is not known')
    expect((await sample(loaded, given({ param: { a: [1, 2] } }), { draws: 5 })).value?.drawn).toEqual({})
  })
})

/** Draws of the model's param `a` under so many keys. */
function drawsOf(body: string, count: number, sizes: Sizes = {}): readonly Float64Array[] {
  const { energy } = loadedOf(`${body}\nstate nothing ~ normal(0, 1)`)
  const draw = must(
    priorDrawsOf(energy).find((d) => d.name === 'a'),
    'draw of a',
  )
  if (!('program' in draw)) throw new Error(JSON.stringify(draw))
  const executable = kernel(draw.program.graph, sizes)
  return Array.from({ length: count }, (_, i) => drawPrior(draw, executable, sizes, fold(keyFromSeed(4), i)))
}

/** Whether the mean of independent numbers is `wanted`, within six standard errors: a right one is outside with probability 2e-9. */
function expectMean(x: readonly number[], wanted: number): void {
  const mean = x.reduce((a, b) => a + b, 0) / x.length
  const sd = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / (x.length - 1))
  expect(Math.abs(mean - wanted), `${mean} is not ${wanted}`).toBeLessThan((6 * sd) / Math.sqrt(x.length))
}
const first = (draws: readonly Float64Array[]): readonly number[] => draws.map((d) => d[0] as number)

/** Of the largest and the smallest of three standard normal numbers. */
const extreme = 3 / (2 * Math.sqrt(Math.PI))

describe('the draw is of the prior restricted to the type', () => {
  const n = 20_000
  it('a half line', () => {
    // A normal number above 0: mean mu + phi(mu) / Phi(mu) at mu = -0.5.
    const wanted = -0.5 + 0.3520653267642995 / 0.3085375387259869
    const x = first(drawsOf('param a : positive ~ normal(-0.5, 1)', n))
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0)
    expectMean(x, wanted)
  })
  it('a half line far out in the tail', () => {
    // Above z deviations: 1/z - 2/z^3 + 10/z^5, the next term being 7e-11 here.
    expectMean(first(drawsOf('param a : positive ~ normal(-100, 1)', 300)), 1 / 100 - 2 / 100 ** 3 + 10 / 100 ** 5)
  })
  it('an interval of expressions, and a range of the statement besides', () => {
    const x = first(drawsOf('param a : real(lower = 1, upper = 2 + 1) ~ uniform(0, 10)', n))
    expectMean(x, 2)
    expectMean(
      first(drawsOf('axis k = 2\nparam a : real(lower = size(k) / 4, upper = 2) ~ normal(0.5, 100) in (-1, 2)', n, { k: 2 })),
      1.25,
    )
  })
  it('increasing numbers, drawn alike', () => {
    const draws = drawsOf('axis k = 3\nparam a[row, k] : ordered[k] ~ normal(1, 2)', n / 2, { row: 2, k: 3 })
    for (const d of draws) expect((d[3] as number) < (d[4] as number) && (d[4] as number) < (d[5] as number)).toBe(true)
    expectMean(first(draws), 1 - 2 * extreme)
    expectMean(
      draws.map((d) => d[4] as number),
      1,
    )
    expectMean(
      draws.map((d) => d[5] as number),
      1 + 2 * extreme,
    )
  })
  it('increasing numbers, drawn each by its own', () => {
    // (b - a) / sqrt(2) is normal(-1 / sqrt(2), 1) above 0, and independent of the sum.
    const density = Math.exp(-0.25) / Math.sqrt(2 * Math.PI)
    const wanted = Math.SQRT2 * (-Math.SQRT1_2 + density / 0.2397500610934767)
    const draws = drawsOf('axis k = 2\nparam a[k, row] : ordered[k] ~ normal(2 - index(k), 1)', n, { row: 3, k: 2 })
    expectMean(
      draws.map((d) => (d[4] as number) - (d[1] as number)),
      wanted,
    )
    expectMean(
      draws.map((d) => (d[4] as number) + (d[1] as number)),
      1,
    )
  })
  it('positive vectors', () => {
    // Of two normal numbers with correlation 1/2, both above 0: E[x] = (1 + rho) / (2 sqrt(2 pi)) / P, P = 1/4 + asin(rho) / (2 pi).
    const wanted = 1.5 / (2 * Math.sqrt(2 * Math.PI)) / (1 / 4 + Math.asin(0.5) / (2 * Math.PI))
    const text = 'axis d = 2\naxis e = size(d)\nparam a[d] : positive ~ multi_normal[d](0, where(index(d) == index(e), 1, 0.5))'
    const draws = drawsOf(text, n, { d: 2, e: 2 })
    expectMean(first(draws), wanted)
    expectMean(
      draws.map((d) => d[1] as number),
      wanted,
    )
  })
  it('elements, bits, counts, simplexes, directions and matrices', () => {
    expectMean(
      first(drawsOf('axis k = 3\nparam a : k ~ categorical(where(index(k) == 2, 0.5, 0.25))', n, { k: 3 })).map((z) => (z === 1 ? 1 : 0)),
      0.5,
    )
    expectMean(first(drawsOf('param a : bit ~ bernoulli(0.3)', n)), 0.3)
    expectMean(first(drawsOf('param a : count ~ poisson(2.5)', n)), 2.5)
    expectMean(first(drawsOf('axis k = 4\nparam a[k] : simplex[k] ~ dirichlet(2)', n, { k: 4 })), 0.25)
    expectMean(
      first(drawsOf('axis d = 3\nparam a[d] : unit[d] ~ von_mises_fisher[d](where(index(d) == 1, 1, 0), 2)', n, { d: 3 })),
      1 / Math.tanh(2) - 1 / 2,
    )
    const wishart = 'axis d = 2\naxis e = size(d)\nparam a[d, e] : covariance[d, e] ~ wishart(5, where(index(d) == index(e), 2, 0))'
    expectMean(first(drawsOf(wishart, n, { d: 2, e: 2 })), 10)
  })
})
