import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { energies, energyAt } from '../../src/api/energy.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { type OpenStore, openStore } from '../../src/api/store/open.ts'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const text = readFileSync(new URL('../language/dp_memory.amp', import.meta.url), 'utf8')
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'given')
const modelOf = (own: string): Loaded => must(load({ name: 'm.amp', text: own }).value, 'model')
const storeOf = (own = text): OpenStore => must(openStore(modelOf(own)).value, 'store')
const writing = (x: NonNullable<Inputs['observed']>[string]): Parameters<OpenStore['write']>[0] => given({ observed: { x } })

const random = new Stream(fold(keyFromSeed(4), 'growing store'))
const clusters = Array.from({ length: 60 }, (_, i) =>
  [[-6, 0, 7][i % 3] as number, [2, -5, 4][i % 3] as number].map((m) => m + 0.4 * random.normal()),
)

describe('a memory over an axis that grows', () => {
  test('is written as patterns need it, in one write or in many', async () => {
    const [whole, parts] = [storeOf(), storeOf()]
    const written = must((await whole.write(writing(clusters))).value, 'write')
    expect(written.grown).toEqual({ axis: 'cluster', elements: 3, opened: 3 })
    let density = 0
    for (const x of clusters) density += must(must((await parts.write(writing(x))).value, 'write').logDensity, 'density')
    expect(parts.contents().elements).toEqual(whole.contents().elements)
    expect(parts.given().value?.fixed).toEqual(whole.given().value?.fixed)
    expect(density).toBeCloseTo(must(written.logDensity, 'density'), 9)
    expect(whole.contents().elements.cluster).toEqual([1, 2, 3].map((k) => ({ name: String(k), count: 20 })))
    expect(whole.contents().memories).toEqual([{ name: 'mu', axes: ['cluster', 'dim'], sizes: [3, 2], grows: 'cluster', posterior: true }])
  })

  test('answers with the element of a cue, or that it is new; its energy is minus the log predictive density', async () => {
    const store = storeOf()
    await store.write(writing(clusters))
    const x = [-5.7, 1.8]
    const point = must(energyAt(modelOf(text), must(store.given().value, 'given'), { x }).value, 'energy')
    const next = must((await store.write(writing(x))).value, 'write')
    expect(point.energy).toBeCloseTo(-must(next.logDensity, 'density'), 10)
    const own = must(store.given(given({ cue: { x: [[7, 4], [30, 30]] } })).value, 'given') // biome-ignore format: one thought
    const { retrievals, bound } = must((await retrieve(modelOf(text), own)).value, 'retrieval')
    expect(bound.labels.cluster).toEqual(['1', '2', '3', 'new'])
    expect(retrievals.map((r) => bound.labels.cluster?.[must(r.likeliest.z?.data[0], 'z') - 1])).toEqual(['3', 'new'])
  })

  test('undoing and forgetting take patterns back, and names of elements are not given twice', async () => {
    const store = storeOf()
    await store.write(writing(clusters))
    const before = store.given().value?.fixed
    await store.write(writing([[40, 40], [41, 40]]), { label: 'far' }) // biome-ignore format: one thought
    expect(store.contents().elements.cluster?.length).toBe(4)
    expect(store.undo().ok).toBe(true)
    expect(store.given().value?.fixed).toEqual(before)
    await store.write(writing([-40, 40]), { label: 'far' })
    await store.write(writing([-6, 2]))
    expect(store.forget(given({}), { label: 'far' }).value?.count).toBe(1)
    expect(store.contents().elements.cluster?.map((e) => e.name)).toEqual(['1', '2', '3'])
    // Numbers 61 and 62 were undone, 63 was forgotten.
    expect(store.forget(given({}), { label: '64' }).ok).toBe(true)
    for (const [i, item] of (store.given().value?.fixed ?? []).entries()) {
      const [now, then] = [item.value, before?.[i]?.value]
      // Relative to the largest entry: a pattern is added and taken away.
      if (now.kind === 'numbers' && then?.kind === 'numbers')
        expect(Math.max(...Array.from(now.data, (v, k) => Math.abs(v - must(then.data[k], 'number'))))).toBeLessThan(1e-9)
    }
    await store.write(writing([50, 0]))
    expect(store.contents().elements.cluster?.at(-1)).toEqual({ name: '65', count: 1 })
  })

  test('shares of patterns: refused of what shares cannot be taken back from, and with a discount', async () => {
    const store = storeOf()
    const written = await store.write(writing(clusters), { assign: 'soft' })
    expect(written.value?.grown?.elements).toBe(3)
    expect(store.contents().elements.cluster?.reduce((sum, e) => sum + e.count, 0)).toBeCloseTo(60, 9)
    expect(store.forget(given({}), { label: '1' }).diagnostics.map((d) => d.code)).toEqual(['AMP810'])
    const py = storeOf(text.replace('dp(alpha)', 'pitman_yor(0.3, alpha)'))
    expect((await py.write(writing(clusters), { assign: 'soft' })).diagnostics.map((d) => d.code)).toEqual(['AMP805'])
    expect((await py.write(writing(clusters))).value?.grown?.elements).toBe(3)
  })

  test.each([
    [[1, Number.NaN], 'AMP805'],
    [
      [
        [1, 2],
        [3, null],
      ],
      'AMP805',
    ],
  ] as const)('a pattern that is not whole is refused, and nothing is written: %j', async (x, code) => {
    const store = storeOf()
    expect((await store.write(writing(x))).diagnostics.map((d) => d.code)).toEqual([code])
    expect(store.contents().patterns).toBe(0)
  })

  test('alpha outside its domain is refused', async () => {
    const store = must(openStore(modelOf(text.replace('dp(alpha)', 'pitman_yor(0.9, alpha - 3)'))).value, 'store')
    expect((await store.write(writing([1, 2]))).diagnostics.map((d) => d.code)).toEqual(['AMP518'])
  })
})

test.each([
  ['dp(1.2)', 'memory mu[cluster] ~ normal(0, 3)\nstate z : cluster\nstate x ~ normal(mu[z], 0.6)\n'],
  ['pitman_yor(0.3, 0.7)', 'memory v[cluster] : positive ~ inverse_gamma(3, 2)\nstate z : cluster\nstate x ~ normal(0, sqrt(v[z]))\n'],
])('the predictive density of the next pattern integrates to 1, under %s', async (process, own) => {
  const model = `axis cluster ~ ${process}\n${own}`
  const store = storeOf(model)
  await store.write(writing([0.1, -0.2, 4, 4.3, -5]))
  expect(must(store.contents().elements.cluster, 'elements').length).toBeGreaterThan(1)
  // By trapezoids in u, where x = sinh(u): tails of a t with 6 degrees of freedom are 1e-9 of the whole at 100.
  const [steps, end] = [1200, 6]
  const places = Array.from({ length: 2 * steps + 1 }, (_, i) => ((i - steps) * end) / steps)
  const all = must(
    energies(modelOf(model), must(store.given(given({ cue: { x: places.map(Math.sinh) } })).value, 'given')).value,
    'energies',
  )
  const total = all.points.reduce((sum, { energy }, i) => sum + Math.exp(-energy) * Math.cosh(places[i] as number) * (end / steps), 0)
  expect(Math.abs(total - 1)).toBeLessThan(1e-7)
})
