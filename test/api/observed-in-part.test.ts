import { describe, expect, it } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'

const open = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'inputs')

async function drawn(loaded: Loaded, inputs: Inputs, options: SampleOptions = {}) {
  const { value, diagnostics } = await sample(loaded, given(inputs), { seed: 3, warmup: 500, draws: 5000, ...options })
  return must(value, JSON.stringify(diagnostics))
}

/** All draws of one column. */
const column = (run: Awaited<ReturnType<typeof drawn>>, name: string) => series(run.draws, name).flatMap((c) => [...c])
const share = (values: readonly number[], value: number) => values.filter((v) => v === value).length / values.length

describe('spins observed in part', () => {
  const glass = open('param J[i, j]\naxis j = size(i)\nstate s[i] : spin\nenergy -sum[i, j](J * s * s[i -> j])')
  const J = [[0, 0.5, -0.3, 0.1], [0, 0, 0.4, -0.6], [0, 0, 0, 0.2], [0, 0, 0, 0]] // biome-ignore format: a table
  const known = [null, -1, null, 1]

  it('are sampled given the known ones, by enumeration', async () => {
    const run = await drawn(glass, { param: { J }, observed: { s: known } })
    expect(run.sampler).toBe('gibbs')
    expect(new Set(column(run, 's[2]'))).toEqual(new Set([-1]))
    expect(new Set(column(run, 's[4]'))).toEqual(new Set([1]))
    const energy = (s: readonly number[]) =>
      -J.flatMap((row, i) => row.map((v, j) => v * (s[i] as number) * (s[j] as number))).reduce((a, b) => a + b)
    const states = [-1, 1].flatMap((a) => [-1, 1].map((c) => [a, -1, c, 1]))
    const weights = states.map((s) => Math.exp(-energy(s)))
    const total = weights.reduce((a, b) => a + b)
    for (const [at, name] of [
      [0, 's[1]'],
      [2, 's[3]'],
    ] as const) {
      // biome-ignore format: a table
      const exact = weights.reduce((sum, w, k) => sum + (states[k]?.[at] === 1 ? w : 0), 0) / total
      // 20,000 draws, worth at least 5,000: six standard errors, a false alarm in 5e8.
      expect(Math.abs(share(column(run, name), 1) - exact)).toBeLessThan((6 * 0.5) / Math.sqrt(5000))
    }
  })

  it('stay in retrieval while the others flip', async () => {
    const { retrievals } = must((await retrieve(glass, given({ param: { J }, observed: { s: known } }))).value, 'found')
    // The fields of s1 and s3 are -0.7 and 0.1 there.
    expect(Array.from(must(retrievals[0]?.states.s, 's').data)).toEqual([-1, -1, 1, 1])
  })
})

describe('a discrete state that is summed out, observed in part', () => {
  const mixture = open('data y[row]\naxis k = 2\ndata mu[k]\nstate z[row] : k\ny ~ normal(mu[z], 1)')
  const data = { y: [0.4, 0.6, 1.2], mu: [0, 1] }

  it('is drawn given what is known, which is heeded', async () => {
    const run = await drawn(mixture, { data, observed: { z: [2, null, null] } })
    expect(new Set(column(run, 'z[1]'))).toEqual(new Set([2]))
    const second = (y: number) => 1 / (1 + Math.exp((1 - 2 * y) / 2))
    const [z] = run.responsibilities
    // Exact, but for the rounding of a mean of 20,000 equal numbers.
    for (const [i, p] of [1, second(0.6), second(1.2)].entries()) expect(z?.mean[2 * i + 1]).toBeCloseTo(p, 12)
    // Independent draws, 20,000 of them: six standard errors.
    expect(Math.abs(share(column(run, 'z[2]'), 2) - second(0.6))).toBeLessThan((6 * 0.5) / Math.sqrt(20000))
    expect(Math.abs(share(column(run, 'z[3]'), 2) - second(1.2))).toBeLessThan((6 * 0.5) / Math.sqrt(20000))
  })

  it('is heeded beside continuous states, and along a chain', async () => {
    const chain = open(`data y[t]
axis k = 2
axis next = size(k)
data move[k, next]
state mu ~ normal(0, 1)
state s[t] : k
s ~ markov[t](move)
y ~ normal(mu + 2 * index(k)[s], 1)`)
    const move = [[0.9, 0.1], [0.1, 0.9]] // biome-ignore format: a table
    const run = await drawn(chain, { data: { y: [2, 2, 4], move }, observed: { s: [2, null, null] } }, { draws: 500 })
    expect(run.sampler).toBe('nuts')
    expect(new Set(column(run, 's[1]'))).toEqual(new Set([2]))
    expect(new Set(column(run, 's[2]'))).toEqual(new Set([1, 2]))
  })

  it('holds its known elements in retrieval', async () => {
    const { retrievals } = must((await retrieve(mixture, given({ data, observed: { z: [2, null, null] } }))).value, 'found')
    expect(Array.from(must(retrievals[0]?.likeliest.z, 'z').data)).toEqual([2, 2, 2])
  })

  it('holds those of each cue', async () => {
    const z = [[2, null, null], [1, 1, null]] // biome-ignore format: a table
    const { retrievals } = must((await retrieve(mixture, given({ data, observed: { z } }))).value, 'found')
    expect(retrievals.map((r) => Array.from(must(r.likeliest.z, 'z').data))).toEqual([[2, 2, 2], [1, 1, 2]]) // biome-ignore format: a table
    const loss = (y: number, mu: number) => (y - mu) ** 2 / 2 + Math.log(2 * Math.PI) / 2
    const free = (y: number) => -Math.log((Math.exp(-loss(y, 0)) + Math.exp(-loss(y, 1))) / 2)
    const label = Math.log(2)
    const energies = [label + loss(0.4, 1) + free(0.6) + free(1.2), 2 * label + loss(0.4, 0) + loss(0.6, 0) + free(1.2)]
    for (const [i, E] of energies.entries()) expect(retrievals[i]?.energy).toBeCloseTo(E, 12)
  })

  it('is kept where that is asked for, and there, too, known elements stay', async () => {
    const inputs = { data, observed: { z: [2, null, null] } }
    const run = await drawn(mixture, inputs, { keep: ['z'], draws: 500 })
    expect(run.sampler).toBe('gibbs')
    expect(new Set(column(run, 'z[1]'))).toEqual(new Set([2]))
    const { retrievals } = must((await retrieve(mixture, given(inputs), { keep: ['z'] })).value, 'found')
    expect(Array.from(must(retrievals[0]?.states.z, 'z').data)).toEqual([2, 2, 2])
  })

  it('makes what is impossible infinite', async () => {
    const sure = open('data y[row]\naxis k = 2\ndata p[k]\nstate m ~ normal(0, 1)\nstate z[row] : k ~ categorical(p)\ny ~ normal(m, 1)')
    const inputs = given({ data: { y: [1, 2], p: [1, 0] }, observed: { z: [2, null] } })
    const { value } = await sample(sure, inputs, { draws: 10, chains: 1 })
    expect(value?.outcomes).toMatchObject([{ kind: 'failed', term: 'marginal z', value: Number.POSITIVE_INFINITY }])
  })
})
