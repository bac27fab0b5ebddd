import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retrievalFrom } from '../../src/api/pipeline.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import type { RetrievalState } from '../../src/middle/program.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { given, loadedFrom } from '../api/points.ts'
import { normals } from './numbers.ts'

const elbo = (entropy: string): string => `
memory mu[k, dim]
data   x[row, dim]
param  beta : positive = 2
state  q[row, k] : simplex[k]
let log_joint = -log(size(k)) - beta * sum[dim]((x - mu)^2) + size(dim) / 2 * log(beta / pi)
energy ${entropy}`
const written = elbo('sum[row, k](q * (log(q) - log_joint))')

const mirrorOf = (text: string): RetrievalState['mirror'] => {
  const { value, diagnostics } = retrievalFrom(loadedFrom(text).energy)
  return must(value, JSON.stringify(diagnostics)).states[0]?.mirror
}

async function retrieved(text: string, inputs: Inputs, options: Parameters<typeof retrieve>[2] = {}) {
  const { value, diagnostics } = await retrieve(loadedFrom(text), given(inputs), { backend: 'kernel', ...options })
  return must(must(value, JSON.stringify(diagnostics)).retrievals[0], 'retrieval')
}

const rows = (values: Float64Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)])

/** Posteriors and log evidence of the mixture, by numbers. */
function mixture(x: number[][], mu: number[][], beta: number) {
  const each = x.map((at) => {
    const logs = mu.map((m) => -beta * m.reduce((s, v, d) => s + (v - (at[d] as number)) ** 2, 0))
    const top = Math.max(...logs)
    const total = logs.reduce((s, l) => s + Math.exp(l - top), 0)
    const evidence = top + Math.log(total) - Math.log(mu.length) + ((at.length as number) / 2) * Math.log(beta / Math.PI)
    return { posterior: logs.map((l) => Math.exp(l - top) / total), evidence }
  })
  return { posterior: each.flatMap((e) => e.posterior), evidence: each.reduce((s, e) => s + e.evidence, 0) }
}

describe('one mirror step on minus an ELBO', () => {
  it.each([
    ['as the sheet writes it', written],
    ['by entropy', elbo('-sum[row](entropy[k](q)) - sum[row, k](q * log_joint)')],
  ])('is the posterior, %s, from anywhere', async (_, text) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 1, max: 4 }), fc.integer(), async (K, N, seed) => {
        const [mu, x] = [rows(normals(`mu ${seed}`, K * 3), 3), rows(normals(`x ${seed}`, N * 3), 3)]
        const one = x.map(() => mu.map((_m, k) => (k === K - 1 ? 1 : 0)))
        for (const cue of [undefined, one]) {
          const end = await retrieved(text, { data: { x }, memory: { mu }, ...(cue && { cue: { q: cue } }) }, { maxSteps: 1 })
          const { posterior, evidence } = mixture(x, mu, 2)
          const q = must(end.states.q, 'q').data
          posterior.forEach((p, i) => {
            expect(Math.abs(p - (q[i] as number))).toBeLessThan(1e-12)
          })
          expect(end.steps).toBe(1)
          expect(Math.abs(end.energy + evidence)).toBeLessThan(1e-10)
          expect(end.flows).toEqual(['mirror'])
        }
      }),
      { numRuns: 8, seed: 11 },
    )
  })

  it('is at rest after it', async () => {
    const end = await retrieved(written, { data: { x: [[0.3, 1]] }, memory: { mu: [[0, 1], [1, 0], [2, 2]] } }) // biome-ignore format: a table
    expect(end.outcome).toEqual({ kind: 'converged', sentence: 'At rest after 1 step.' })
  })
})

describe('what has a mirror step', () => {
  const plain = 'state q[k] : simplex[k]\nparam w[k]\nparam c : positive = 1\n'
  it.each([
    ['a temperature of its own', `${plain}energy sum[k](w * q) - c * entropy[k](q)`, { turns: [], bounded: true }],
    ['a convex rest', `${plain}energy sum[k]((q - w)^2) - entropy[k](q)`, { turns: [], bounded: true }],
    ['a rest of unknown curvature', `${plain}energy sum[k](w / (1 + q^2)) - entropy[k](q)`, { turns: [], bounded: false }],
    [
      'sites that meet',
      'param J[i, j]\naxis j = size(i)\nstate q[row, i] : probability\nenergy sum[row, i, j](q * J * q[i -> j]) + sum[row, i](q * log(q) + (1 - q) * log(1 - q))',
      { turns: ['i'], bounded: true },
    ],
  ])('%s', (_, text, expected) => {
    expect(mirrorOf(text)).toEqual(expected)
  })

  it.each([
    ['no entropy', `${plain}energy sum[k]((q - w)^2)`],
    ['a weight of another sign', `${plain}energy sum[k](w * q) + c * entropy[k](q)`],
    ['a weight of unknown sign', `${plain}energy sum[k](w * q) - w[k = 1] * entropy[k](q)`],
    ['a weight that differs along the simplex', `${plain}energy sum[k](exp(w) * q * log(q))`],
    ['a weight that moves', `${plain}state t : positive\nenergy t^2 - t * entropy[k](q) + sum[k](w * q)`],
    ['an entropy inside a function', `${plain}energy exp(-entropy[k](q)) + sum[k](w * q)`],
    ['half of the entropy of a probability', 'state p : probability\nenergy p * log(p) - p'],
  ])('not: %s', (_, text) => {
    expect(mirrorOf(text)).toBeUndefined()
  })
})

describe('mirror steps never raise the energy', () => {
  const never = (trace: readonly number[]): void => {
    trace.slice(1).forEach((e, i) => {
      // Energies here are good to 2^-42 of their terms.
      expect(e).toBeLessThanOrEqual((trace[i] as number) + 1e-12 * (1 + Math.abs(e)))
    })
  }

  it('within a bound without looking twice, to where q is softmax of minus the slope', async () => {
    const w = [...normals('w', 6)].map((v) => 3 * v)
    const text = 'param w[k]\nstate q[k] : simplex[k]\nenergy 4 * sum[k]((q - w)^2) - entropy[k](q)'
    const end = await retrieved(text, { param: { w } }, { tolerance: 1e-12, flow: 'fixed-point', probe: false })
    never(end.trace)
    expect(end.evaluations).toBe(end.steps + 1)
    const q = must(end.states.q, 'q').data
    const logs = [...q].map((v, k) => -8 * (v - (w[k] as number)))
    const total = Math.log(logs.reduce((s, l) => s + Math.exp(l - (logs[0] as number)), 0)) + (logs[0] as number)
    q.forEach((v, k) => {
      expect(v).toBeCloseTo(Math.exp((logs[k] as number) - total), 8)
    })
  })

  it('by halving where the curvature is unknown', async () => {
    const text = 'param w[k]\nstate q[k] : simplex[k]\nenergy 9 * sum[k](w / (0.1 + q^2)) - entropy[k](q)'
    for (const seed of [1, 2, 3]) {
      const end = await retrieved(text, { param: { w: normals(`w ${seed}`, 5) } }, { maxSteps: 30 })
      never(end.trace)
    }
  })

  const ring = `data J[i, j]
axis j = size(i)
param c : positive = 0.2
state q[i] : probability
energy sum[i, j](q * J * q[i -> j]) / 2 - sum[i](q) + c * sum[i](q * log(q) + (1 - q) * log(1 - q))`
  // Each neighbour pushes the other off: all at once they would swing between all on and all off.
  const n = 8
  const J = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_j, j) => ([1, n - 1].includes((i - j + n) % n) ? 1 : 0)))

  it('of sites that meet, in turn, to where each is the logistic function of its field', async () => {
    const cue = { q: [...normals('start', n)].map((v) => 1 / (1 + Math.exp(-v))) }
    const end = await retrieved(ring, { data: { J }, cue }, { tolerance: 1e-12 })
    never(end.trace)
    expect(end.outcome.kind).toBe('converged')
    const q = [...must(end.states.q, 'q').data]
    q.forEach((v: number, i: number) => {
      const field = 1 - must(J[i], 'row').reduce((s: number, w, j) => s + w * (q[j] as number), 0)
      expect(v).toBeCloseTo(1 / (1 + Math.exp(-field / 0.2)), 9)
    })
    // Neighbours have settled on opposite sides, which no synchronous step from an even start finds.
    expect(Math.max(...q) - Math.min(...q)).toBeGreaterThan(0.5)
  })

  it('holds what is observed', async () => {
    const known = [1, null, null, null, 0.25, null, null, null]
    const end = await retrieved(ring, { data: { J }, observed: { q: known } })
    const q = must(end.states.q, 'q').data
    expect([q[0], q[4]]).toEqual([1, 0.25])
    expect(q[1]).toBeLessThan(0.5)
  })
})

it('comes to rest where quasi-Newton steps do, beside states of other types, handing over to them when it takes long', async () => {
  const text = `data x[row, dim]
param beta : positive = 2
state q[row, k] : simplex[k]
state mu[k, dim] ~ normal(0, 1)
energy sum[row, k](q * log(q) + q * beta * sum[dim]((x - mu)^2))`
  const [x, mu] = [rows(normals('x of a mixture', 40), 2), rows(normals('mu of a mixture', 6), 2)]
  const inputs = { data: { x }, cue: { mu } }
  const [a, b] = await Promise.all([retrieved(text, inputs, { tolerance: 1e-10 }), retrieved(text, inputs, { flow: 'quasi-newton' })])
  expect(a.outcome.kind).toBe('converged')
  expect(a.energy).toBeCloseTo(b.energy, 6)
  expect(a.flows[0]).toBe('mirror')
})
