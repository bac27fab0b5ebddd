import { describe, expect, it } from 'vitest'
import { energyAt } from '../../src/api/energy.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import type { ForgetOptions } from '../../src/api/store/forget.ts'
import { openStore } from '../../src/api/store/open.ts'
import { must } from '../../src/base/internal-error.ts'
import { given, loadedOf, numbersOf, ways } from './setting.ts'

const S = 0.3
const layer = loadedOf(`model layer
memory W[h, p] ~ normal(0, 1)
state  a[h] ~ normal(0, 1)
state  x[p] ~ normal(sum[h](a * W), ${S})`)
const A = [[1, 0.5], [0.2, -1], [0.7, 0.3]] // biome-ignore format: rows
const X = [[1, 2, 3], [0, 1, -1], [0.5, -0.2, 0.4]] // biome-ignore format: rows
const PRECISION = 'precision stored of W'
const LINEAR = 'linear stored of W'

/** The posterior of ridge regression: I + A'A / s^2 and A'X / s^2, by hand. */
function ridge(a: readonly (readonly number[])[], x: readonly (readonly number[])[]) {
  const sums = (of: (i: number, r: number, c: number) => number, rows: number, columns: number, first: (r: number, c: number) => number) =>
    Array.from({ length: rows * columns }, (_, k) => {
      const [r, c] = [Math.floor(k / columns), k % columns]
      return a.reduce((sum, __, i) => sum + of(i, r, c) / S ** 2, first(r, c))
    })
  const at = (m: readonly (readonly number[])[], i: number, k: number): number => (m[i] as readonly number[])[k] as number
  return {
    precision: sums(
      (i, r, c) => at(a, i, r) * at(a, i, c),
      2,
      2,
      (r, c) => Number(r === c),
    ),
    linear: sums(
      (i, r, c) => at(a, i, r) * at(x, i, c),
      2,
      3,
      () => 0,
    ),
  }
}

/** log density of numbers that are normal around 0 with a covariance, by elimination. */
function logNormal(covariance: readonly (readonly number[])[], y: readonly number[]): number {
  const m = covariance.map((row, i) => [...row, y[i] as number])
  let log = -0.5 * y.length * Math.log(2 * Math.PI)
  for (let k = 0; k < m.length; k += 1) {
    const pivot = m[k] as number[]
    log -= 0.5 * Math.log(pivot[k] as number) + (0.5 * (pivot.at(-1) as number) ** 2) / (pivot[k] as number)
    for (const row of m.slice(k + 1)) {
      const by = (row[k] as number) / (pivot[k] as number)
      for (let c = k; c < row.length; c += 1) (row[c] as number) -= by * (pivot[c] as number)
    }
  }
  return log
}

/** Of all outputs given the inputs, with the weights integrated out: a Gaussian process with the kernel a.a'. */
function logEvidence(a: readonly (readonly number[])[], x: readonly (readonly number[])[]): number {
  const dot = (u: readonly number[], v: readonly number[]): number => u.reduce((s, w, i) => s + w * (v[i] as number), 0)
  const covariance = a.map((u, i) => a.map((v, j) => dot(u, v) + (i === j ? S ** 2 : 0)))
  const inputs = a.flat().reduce((sum, v) => sum - 0.5 * v * v - 0.5 * Math.log(2 * Math.PI), 0)
  return [0, 1, 2].reduce((sum, p) => sum + logNormal(covariance, x.map((row) => row[p] as number)), inputs) // biome-ignore format: one thought
}

function near(found: readonly number[] | undefined, wanted: readonly number[], digits = 12): void {
  expect(found?.length).toBe(wanted.length)
  for (const [i, v] of wanted.entries()) expect(found?.[i]).toBeCloseTo(v, digits)
}

const pattern = (i: number) => given({ observed: { a: A[i] as readonly number[], x: X[i] as readonly number[] } })

describe.each(Object.entries(ways))('a store of posteriors %s', (_, begin) => {
  it('is the ridge posterior after writing one by one or all at once, opened again, forgotten and undone', async () => {
    let kept = await begin(layer)
    for (const i of [0, 1, 2]) await kept.store.write(pattern(i))
    kept = await kept.again()
    const { store } = kept
    const all = ridge(A, X)
    near(numbersOf(store, PRECISION), all.precision)
    near(numbersOf(store, LINEAR), all.linear)
    const batch = (await begin(layer)).store
    await batch.write(given({ observed: { a: A, x: X } }))
    expect(numbersOf(batch, PRECISION)).toEqual(numbersOf(store, PRECISION))
    store.forget(given({}), { label: '2' })
    const rest = ridge([A[0], A[2]] as typeof A, [X[0], X[2]] as typeof X)
    near(numbersOf(store, PRECISION), rest.precision)
    near(numbersOf(store, LINEAR), rest.linear)
    store.undo()
    near(numbersOf(store, LINEAR), all.linear)
    store.undo()
    near(numbersOf(store, PRECISION), ridge(A.slice(0, 2), X.slice(0, 2)).precision)
  })
})

describe('a store of posteriors', () => {
  const storeOf = () => must(openStore(layer).value, 'store')

  it('tells the log density of what it writes, which adds up to the evidence of a Gaussian process', async () => {
    const one = storeOf()
    const singles = [0, 1, 2].map((i) => one.write(pattern(i)))
    const told = await Promise.all(singles)
    const sum = told.reduce((s, w) => s + must(w.value?.logDensity, 'log density'), 0)
    expect(sum).toBeCloseTo(logEvidence(A, X), 10)
    const batch = await storeOf().write(given({ observed: { a: A, x: X } }))
    expect(batch.value?.logDensity).toBeCloseTo(sum, 10)
  })

  it('reads as its predictive: the weights integrated out, or plugged in, or drawn', async () => {
    const store = storeOf()
    await store.write(given({ observed: { a: A, x: X } }))
    const now = must(store.given(given({ observed: { a: [0.4, -0.6] } })).value, 'given')
    const whole = must(store.given().value, 'given')
    // Bayes: the density of a fourth pattern is the ratio of two evidences.
    const [a4, x4] = [[0.4, -0.6], [0.3, 0.1, -0.7]] // biome-ignore format: a row
    const ratio = logEvidence([...A, a4 as number[]], [...X, x4 as number[]]) - logEvidence(A, X)
    expect(energyAt(layer, whole, { a: a4 as number[], x: x4 as number[] }).value?.energy).toBeCloseTo(-ratio, 10)
    const found = await retrieve(layer, now)
    expect(found.value?.retrievals[0]?.eliminated.W?.how).toBe('integrate')
    const plugged = await retrieve(layer, now, { plugIn: ['W'] })
    const mean = plugged.value?.retrievals[0]?.eliminated.W?.value?.data ?? []
    // The predictive mean of a linear layer is that of the mean weights.
    const expected = [0, 1, 2].map((p) => 0.4 * (mean[p] as number) - 0.6 * (mean[3 + p] as number))
    near(Array.from(found.value?.retrievals[0]?.states.x?.data ?? []), expected, 6)
    near(Array.from(plugged.value?.retrievals[0]?.states.x?.data ?? []), expected, 6)
    // By --infer the stored posterior moves, and nothing of the prior is counted again: exact draws have its spread.
    const drawn = await sample(layer, now, { infer: ['W'], chains: 2, draws: 2000, warmup: 500, seed: 3 })
    const told = found.value?.retrievals[0]?.eliminated.W
    const first = drawn.value?.summary.find((s) => s.name === 'W[1,1]')
    // Five standard errors of independent draws at the worst of an effective size of 500: below 1e-6.
    expect(Math.abs((first?.mean ?? 0) - (mean[0] as number))).toBeLessThan((5 * (told?.sd?.data[0] as number)) / Math.sqrt(500))
    expect(first?.sd).toBeCloseTo(told?.sd?.data[0] as number, 1)
  })

  it('begins at the prior, of which a param is kept and no value is given', async () => {
    const model = loadedOf('param s : positive\nmemory mu ~ normal(1, s)\nstate x ~ normal(mu, 1)')
    const store = must(openStore(model, given({ param: { s: 2 } })).value, 'store')
    const density = energyAt(model, must(store.given().value, 'given'), { x: 1 }).value?.energy
    expect(density).toBeCloseTo(0.5 * Math.log(2 * Math.PI * 5), 12)
    await store.write(given({ observed: { x: 3 } }))
    near(numbersOf(store, 'precision stored of mu'), [1.25])
    near(numbersOf(store, 'linear stored of mu'), [3.25])
    const other = await store.write(given({ param: { s: 3 }, observed: { x: 3 } }))
    expect(other.diagnostics.map((d) => d.code)).toEqual(['AMP808'])
    expect(openStore(model, given({ param: { s: 2 }, memory: { mu: 3 } })).diagnostics.map((d) => d.code)).toEqual(['AMP808'])
  })

  it('retrieves first what is not observed, with what was written before, and conditions on it', async () => {
    const store = storeOf()
    await store.write(given({ observed: { a: A, x: X } }))
    const before = must(store.given(given({ observed: { x: [1, 2, 3] } })).value, 'given')
    const found = await retrieve(layer, before)
    const a = Array.from(must(found.value?.retrievals[0]?.states.a, 'a').data)
    const written = await store.write(given({ observed: { x: [1, 2, 3] } }))
    expect(written.value?.retrieved.states).toEqual(['a'])
    near(numbersOf(store, PRECISION), ridge([...A, a], [...X, [1, 2, 3]]).precision, 9)
  })
})

describe('posteriors that fade', () => {
  const begun = async () => {
    const store = must(openStore(layer).value, 'store')
    await store.write(given({ observed: { a: A, x: X } }))
    return store
  }
  const fade = (store: Awaited<ReturnType<typeof begun>>, how: ForgetOptions) => store.forget(given({}), how).diagnostics.map((d) => d.code)

  /** Mean and covariance of a posterior over two features and three outputs, by hand. */
  const moments = (precision: readonly number[], linear: readonly number[]) => {
    const [a, b, c, d] = precision as readonly [number, number, number, number]
    const det = a * d - b * c
    const covariance = [d / det, -b / det, -c / det, a / det] as const
    const mean = [0, 1, 2].flatMap((p) => [
      covariance[0] * (linear[p] as number) + covariance[1] * (linear[3 + p] as number),
      covariance[2] * (linear[p] as number) + covariance[3] * (linear[3 + p] as number),
    ])
    return { covariance, mean }
  }
  const read = (store: Awaited<ReturnType<typeof begun>>) =>
    moments(must(numbersOf(store, PRECISION), 'precision'), must(numbersOf(store, LINEAR), 'linear'))

  it('by diffusion: means by sqrt(1 - b), covariances by 1 - b, a semigroup from the identity to the prior', async () => {
    const [store, twice, still] = [await begun(), await begun(), await begun()]
    const before = read(store)
    expect(fade(store, { decay: 0.3 })).toEqual([])
    const after = read(store)
    near(after.mean, before.mean.map((v) => v * Math.sqrt(0.7)), 11) // biome-ignore format: a formula
    near(after.covariance, before.covariance.map((v, i) => 0.7 * v + 0.3 * ([1, 0, 0, 1][i] as number)), 12) // biome-ignore format: a formula
    for (const decay of [0.1, 1 - 0.7 / 0.9]) fade(twice, { decay })
    near(numbersOf(twice, PRECISION), must(numbersOf(store, PRECISION), 'precision'), 11)
    near(numbersOf(twice, LINEAR), must(numbersOf(store, LINEAR), 'linear'), 11)
    const whole = [numbersOf(still, PRECISION), numbersOf(still, LINEAR)]
    fade(still, { decay: 0 })
    expect([numbersOf(still, PRECISION), numbersOf(still, LINEAR)]).toEqual(whole)
    fade(still, { decay: 1 })
    expect([numbersOf(still, PRECISION), numbersOf(still, LINEAR)]).toEqual([[1, 0, 0, 1], [0, 0, 0, 0, 0, 0]]) // biome-ignore format: a row
    store.undo()
    near(read(store).mean, before.mean)
    expect(fade(store, { label: '1' })).toEqual([])
  })

  it('and a pattern is taken out of what decayed as if it had never been written', async () => {
    const all = must(openStore(layer).value, 'store')
    for (const i of [0, 1, 2]) {
      await all.write(pattern(i))
      for (const by of [{ decay: 0.2 }, { discount: 0.1 }]) fade(all, by)
    }
    // A fading of its own for the pattern that is not there.
    const other = must(openStore(layer).value, 'store')
    await other.write(pattern(0))
    for (let k = 0; k < 2; k += 1) for (const by of [{ decay: 0.2 }, { discount: 0.1 }]) fade(other, by)
    await other.write(pattern(2))
    for (const by of [{ decay: 0.2 }, { discount: 0.1 }]) fade(other, by)
    const before = numbersOf(all, LINEAR)
    expect(fade(all, { label: '2' })).toEqual([])
    near(numbersOf(all, PRECISION), must(numbersOf(other, PRECISION), 'precision'), 11)
    near(numbersOf(all, LINEAR), must(numbersOf(other, LINEAR), 'linear'), 11)
    all.undo()
    expect(numbersOf(all, LINEAR)).toEqual(before)
    // One that was taken out before stays out.
    expect([fade(all, { label: '1' }), fade(all, { label: '3' }), fade(all, { label: '2' })]).toEqual([[], [], []])
    near(numbersOf(all, PRECISION), [1, 0, 0, 1])
    near(numbersOf(all, LINEAR), [0, 0, 0, 0, 0, 0]) // biome-ignore format: a row
  })

  it('unless others were shown and taken out, which the journal does not keep', async () => {
    const store = await begun()
    fade(store, { decay: 0.3 })
    expect(store.forget(pattern(1)).diagnostics).toEqual([])
    expect(fade(store, { label: '1' })).toEqual(['AMP810'])
  })

  it('by discounts, after which a pattern is taken out by what is left of it', async () => {
    const store = must(openStore(layer).value, 'store')
    await store.write(pattern(0))
    fade(store, { discount: 0.5 })
    await store.write(pattern(1))
    fade(store, { discount: 0.2 })
    const one = (i: number) => ridge([A[i]] as typeof A, [X[i]] as typeof X)
    const [first, second] = [one(0), one(1)]
    const identity = [1, 0, 0, 1]
    near(
      numbersOf(store, PRECISION),
      identity.map((v, k) => v + 0.4 * ((first.precision[k] as number) - v) + 0.8 * ((second.precision[k] as number) - v)),
    )
    fade(store, { label: '1' })
    near(numbersOf(store, PRECISION), identity.map((v, k) => v + 0.8 * ((second.precision[k] as number) - v))) // biome-ignore format: a formula
    near(numbersOf(store, LINEAR), second.linear.map((v) => 0.8 * v)) // biome-ignore format: a formula
  })

  it('but for the last patterns', async () => {
    const store = await begun()
    expect(store.forget(given({}), { keepLast: 1 }).value?.count).toBe(2)
    near(numbersOf(store, PRECISION), ridge(A.slice(2), X.slice(2)).precision)
    expect(store.contents().patterns).toBe(1)
    expect(store.forget(given({}), { keepLast: 5 }).value?.count).toBe(0)
  })

  it('in no other way than is said', async () => {
    const store = await begun()
    for (const wrong of [{ decay: 1.5 }, { discount: Number.NaN }, { keepLast: -1 }]) expect(fade(store, wrong)).toEqual(['AMP717'])
    const counts = must(openStore(loadedOf('memory r : positive ~ gamma(2, 3)\nstate x : positive ~ exponential(r)')).value, 'store')
    await counts.write(given({ observed: { x: 2 } }))
    expect(counts.forget(given({}), { decay: 0.1 }).diagnostics.map((d) => d.code)).toEqual(['AMP810'])
    counts.forget(given({}), { discount: 0.5 })
    // Shape 2, rate 3 and half of an observation: as coefficients of -log density.
    near(numbersOf(counts, 'log x stored of r'), [-1.5])
    near(numbersOf(counts, 'x stored of r'), [4])
    const rows = must(openStore(loadedOf('memory xi[p, i]\nstate x[i]\nenergy sum[i](x^2) - logsumexp[p](sum[i](xi * x))')).value, 'store')
    expect(rows.forget(given({}), { decay: 0.1 }).diagnostics.map((d) => d.code)).toEqual(['AMP810'])
  })
})
