import { describe, expect, it } from 'vitest'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { givenOf } from '../../src/run/inputs.ts'

const open = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
const given = (inputs: Parameters<typeof givenOf>[0]) => must(givenOf(inputs).value, 'inputs')

const clusters = open(`
data  y[row]
axis  cluster = 2
state mu[cluster]
state z[row] : cluster
y ~ normal(mu[z], 1)
`)
const y = [-3, -2.5, -1, 0.2, 2, 2.2, 3.5]

describe('a discrete state that is kept', () => {
  it('is minimised by retrieval: a mixture becomes k-means', async () => {
    const inputs = given({ data: { y }, cue: { mu: [-1, 0] } })
    const soft = must((await retrieve(clusters, inputs)).value, 'soft').retrievals[0]
    const hard = must((await retrieve(clusters, inputs, { keep: ['z'] })).value, 'hard').retrievals[0]
    expect(soft?.responsibilities.end.z?.data.length).toBe(2 * y.length)
    expect(hard?.responsibilities.end).toEqual({})
    // Lloyd's algorithm from the same centres.
    let centres = [-1, 0]
    let nearest: number[] = []
    for (let k = 0; k < 20; k += 1) {
      nearest = y.map((v) => (Math.abs(v - (centres[0] as number)) <= Math.abs(v - (centres[1] as number)) ? 0 : 1))
      centres = [0, 1].map((c) => {
        const own = y.filter((_, i) => nearest[i] === c)
        return own.reduce((a, b) => a + b, 0) / own.length
      })
    }
    expect(Array.from(hard?.states.z?.data ?? [])).toEqual(nearest.map((c) => c + 1))
    expect(hard?.states.mu?.data[0]).toBeCloseTo(centres[0] as number, 7)
    expect(hard?.states.mu?.data[1]).toBeCloseTo(centres[1] as number, 7)
    expect(soft?.states.mu?.data[0]).not.toBeCloseTo(centres[0] as number, 3)
  })

  it('is drawn by Gibbs in sampling, from the same posterior', async () => {
    const model = open('memory m[k]\ndata y\nstate z : k\ny ~ normal(m[z], 1)')
    const inputs = given({ memory: { m: [-0.5, 0.5, 2] }, data: { y: 0.8 } })
    const exact = must((await sample(model, inputs, { seed: 3 })).value, 'exact')
    const drawn = must((await sample(model, inputs, { seed: 3, keep: ['z'] })).value, 'drawn')
    expect(exact.responsibilities.map((r) => r.name)).toEqual(['z'])
    expect(drawn.responsibilities).toEqual([])
    expect(drawn.sampler).toBe('gibbs')
    const weights = [-0.5, 0.5, 2].map((m) => Math.exp(-((0.8 - m) ** 2) / 2))
    const total = weights.reduce((a, b) => a + b, 0)
    const draws = series(drawn.draws, 'z').flatMap((chain) => Array.from(chain))
    weights.forEach((w, k) => {
      const p = w / total
      const found = draws.filter((z) => z === k + 1).length / draws.length
      // One site of three levels: heat-bath draws are independent; 5.5 sigma is 4e-8.
      expect(Math.abs(found - p)).toBeLessThan(5.5 * Math.sqrt((p * (1 - p)) / draws.length))
      expect(must(exact.responsibilities[0], 'z').mean[k]).toBeCloseTo(p, 10)
    })
  })

  it('is one that retrieval has a cue for: it starts there', async () => {
    const model = open(`
      memory xi[mu, i]
      state  s[i] : spin
      state  lambda[mu] ~ normal(0, 0.5)
      energy -4 * sum[mu, i](xi * s * lambda) / size(i)
    `)
    const xi = [
      [1, 1, 1, 1, -1, -1, -1, -1],
      [1, -1, 1, -1, 1, -1, 1, -1],
    ]
    for (const [k, pattern] of xi.entries()) {
      const cue = pattern.map((v, i) => (i === 2 ? -v : v))
      const { retrievals } = must((await retrieve(model, given({ memory: { xi }, cue: { s: cue } }))).value, 'result')
      expect(Array.from(retrievals[0]?.states.s?.data ?? [])).toEqual(pattern)
      const lambda = Array.from(retrievals[0]?.states.lambda?.data ?? [])
      expect(lambda.indexOf(Math.max(...lambda))).toBe(k)
    }
    const asked = must((await retrieve(model, given({ memory: { xi }, cue: { s: xi[0] as number[] } }), { sumOut: ['s'] })).value, 'result')
    expect(asked.retrievals[0]?.states.s).toBeUndefined()
  })
})

describe('a discrete state that shall be summed out', () => {
  const rbm = open(`
    param W[hidden, visible]
    state v[visible] : bit
    state h[hidden] : bit
    energy -sum[hidden, visible](h * W * v)
  `)
  const inputs = given({ param: { W: [[1, -2, 0.5]] } })
  const summedOut = async (options: Parameters<typeof sample>[2]) =>
    must((await sample(rbm, inputs, { draws: 5, warmup: 5, ...options })).value, 'draws').responsibilities.map((r) => r.name)

  it('goes before any other', async () => {
    expect(await summedOut({})).toContain('h')
    expect((await summedOut({ sumOut: ['v'] }))[0]).toBe('v')
    expect(await summedOut({ keep: ['h', 'v'] })).toEqual([])
  })

  it('is an error where it cannot be', async () => {
    const ising = open('param J[a, b]\nstate s[a] : spin\nenergy -sum[a, b](J * s * s[a -> b]) / 2')
    const couplings = given({ param: { J: [[0, 1], [1, 0]] } }) // biome-ignore format: one thought
    expect((await sample(ising, couplings, { draws: 5 })).value?.sampler).toBe('gibbs')
    expect((await sample(ising, couplings, { sumOut: ['s'] })).diagnostics.map((d) => d.code)).toEqual(['AMP604'])
    expect((await retrieve(ising, couplings, { sumOut: ['s'] })).diagnostics.map((d) => d.code)).toEqual(['AMP604'])
  })

  it('has the name of one', async () => {
    const { diagnostics } = await sample(rbm, inputs, { sumOut: ['w'], keep: ['W'] })
    expect(diagnostics.map((d) => d.code)).toEqual(['AMP716', 'AMP716'])
  })
})
