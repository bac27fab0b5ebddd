import { describe, expect, it, test } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { type RetrieveOptions, retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import type { Inputs, Value } from '../../src/run/inputs.ts'
import type { Retrieved } from '../../src/run/retrieval.ts'
import { normals } from '../memory/numbers.ts'
import { given, loadedFrom } from './points.ts'

async function run(text: string, inputs: Inputs, options: RetrieveOptions = {}): Promise<readonly Retrieved[]> {
  const { value, diagnostics } = await retrieve(loadedFrom(text), given(inputs), options)
  return must(value, JSON.stringify(diagnostics)).retrievals
}

async function refused(text: string, inputs: Inputs, options: RetrieveOptions): Promise<readonly string[]> {
  const { value, diagnostics } = await retrieve(loadedFrom(text), given(inputs), options)
  expect(value).toBeUndefined()
  return diagnostics.map((d) => `${d.code} ${d.message}`)
}

/** A narrow ripple on a bowl: with the ripple growing the bottom of the bowl is found. */
const ripples = 'param s = 1\nparam double = 2 * s\nstate x[i]\nenergy sum[i](x^2 - 5 * double * cos(2 * pi * x))\n'
const mixture = 'memory mu[k, i]\nparam sigma : positive = 0.5\nstate which : k\nstate x[i] ~ normal(mu[which], sigma)\n'
/** Least squares, whose minimum one exact step finds. */
const ridge = 'data A[row, i]\ndata y[row]\nparam w\nstate x[i]\nenergy sum[row]((y - sum[i](A * x))^2) + w * sum[i](x^2)\n'
const mu = { shape: [6, 3], data: normals('mu', 18, 2) }
const cues = { shape: [3, 3], data: normals('cue', 9) }

const valuesOf = (found: readonly Retrieved[]): readonly (readonly number[])[] => found.map((r) => [...must(r.states.x, 'x').data])

describe('an annealed sequence', () => {
  it.each<[string, string, Inputs, Readonly<Record<string, readonly number[]>>]>([
    [
      'a param and a default that reads it',
      ripples,
      {
        cue: {
          x: [
            [3.2, -2.7],
            [1.2, 0.3],
          ],
        },
      },
      { s: [0.05, 0.3, 1] },
    ],
    ['a scale of a mixture', mixture, { memory: { mu }, cue: { x: cues } }, { sigma: [4, 1.5, 0.6, 0.3] }],
    [
      'a weight of exact steps',
      ridge,
      { data: { y: normals('y', 4), A: { shape: [4, 3], data: normals('A', 12) } } },
      { w: [100, 3, 0.1] },
    ],
    ['the temperature', mixture, { memory: { mu }, cue: { x: cues } }, { temperature: [20, 5, 1, 0.5] }],
    ['two at once', mixture, { memory: { mu }, cue: { x: cues } }, { temperature: [5, 1, 0.5], sigma: [2, 1, 0.5] }],
  ])('of %s is one retrieval after the other, each from the last', async (_, text, inputs, anneal) => {
    const found = await run(text, inputs, { anneal })
    let { cue } = inputs
    let byHand: readonly Retrieved[] = []
    const energies: number[][] = found.map(() => [])
    const count = Object.values(anneal)[0]?.length ?? 0
    for (let k = 0; k < count; k += 1) {
      const { temperature, ...params } = Object.fromEntries(Object.entries(anneal).map(([name, list]) => [name, list[k] as number]))
      const options = { probe: true, ...(temperature !== undefined && { temperature }) }
      byHand = await run(text, { ...inputs, param: params as Record<string, Value>, ...(cue && { cue }) }, options)
      cue = { x: valuesOf(byHand) as Value }
      for (const [i, r] of byHand.entries()) energies[i]?.push(r.energy)
    }
    expect(valuesOf(found)).toEqual(valuesOf(byHand))
    expect(found.map((r) => r.energy)).toEqual(byHand.map((r) => r.energy))
    expect(found.map((r) => r.rungs.map((g) => g.energy))).toEqual(energies)
    expect(found[0]?.rungs.map((g) => g.at)).toEqual(
      Array.from({ length: count }, (_, k) => Object.fromEntries(Object.entries(anneal).map(([n, l]) => [n, l[k]]))),
    )
    for (const r of found) expect(r.steps).toBe(r.rungs.reduce((n, g) => n + g.steps, 0))
  })

  it('finds the bottom that a single retrieval misses', async () => {
    const inputs = { cue: { x: [3.2, -2.7] } }
    const [plain] = await run(ripples, inputs)
    const [annealed] = await run(ripples, inputs, { anneal: { s: [0.01, 0.1, 1] } })
    expect(plain?.energy).toBeGreaterThan(-10)
    expect(annealed?.energy).toBeCloseTo(-20, 8)
  })

  it('goes on from discrete states, and leaves a point that becomes a saddle', async () => {
    const text = 'param field = 0\nparam h = 1\nstate s[i] : spin\nenergy -sum[i](field * s) - h * sum[i](s * s[i = i - 1])\n'
    const [end] = await run(text, { cue: { s: [1, -1, -1, 1] } }, { anneal: { field: [5, 0.1], h: [0.1, 1] } })
    expect([...must(end?.states.s, 's').data]).toEqual([1, 1, 1, 1])
    const [fork] = await run('param a\nstate x\nenergy x^4 / 4 - a * x^2 / 2\n', { cue: { x: 0.3 } }, { anneal: { a: [-1, 1] } })
    expect(Math.abs(must(fork?.states.x, 'x').data[0] as number)).toBeCloseTo(1, 6)
  })

  it('keeps the way of all of it', async () => {
    const [found] = await run(mixture, { memory: { mu }, cue: { x: [0.1, 0.2, 0.3] } }, { anneal: { sigma: [2, 0.5] }, trace: 'energy' })
    expect(found?.path.map((m) => m.at?.sigma)).toEqual(must(found, 'cue').rungs.flatMap((g) => new Array(g.steps + 1).fill(g.at.sigma)))
  })

  it('ends where an energy falls without bound', async () => {
    const [found] = await run('param a\nstate x\nenergy a * x^2\n', { cue: { x: 1 } }, { anneal: { a: [1, -1, 2] } })
    expect(found?.rungs.map((g) => g.outcome.kind)).toEqual(['converged', 'unbounded'])
    expect(found?.outcome.kind).toBe('unbounded')
  })

  it('works for each of several starts, on all backends and in modules', async () => {
    const inputs = { memory: { mu }, cue: { x: cues } }
    const options = { anneal: { sigma: [3, 1, 0.5] } }
    const here = await run(mixture, inputs, options)
    const { module } = must((await emit(loadedFrom(mixture), 'retrieve')).value, 'module')
    const made = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)
    expect(made.retrieve(inputs, options).map((r: Retrieved) => r.rungs)).toEqual(here.map((r) => r.rungs))
    const wide = await run(mixture, inputs, { ...options, backend: 'tfjs-cpu' })
    // In single precision.
    const exact = valuesOf(here).flat()
    for (const [i, v] of valuesOf(wide).flat().entries()) expect(Math.abs(v - (exact[i] as number))).toBeLessThan(1e-2)
    const [many] = await run(ripples, { cue: { x: [null, null] } }, { anneal: { s: [0.5, 1] }, starts: 6, initRadius: 3 })
    expect(many?.starts).toHaveLength(6)
    expect(many?.rungs).toHaveLength(2)
  })
})

describe('a ladder that cannot be', () => {
  const inputs = { memory: { mu }, cue: { x: cues } }
  test.each<[Readonly<Record<string, readonly number[]>>, string]>([
    [{ sigm: [1, 2] }, 'AMP720 "sigm" is not a param that can be annealed.'],
    [{ mu: [1, 2] }, 'AMP720 "mu" is not a param that can be annealed.'],
    [{ sigma: [1, -2] }, 'AMP505 "sigma" is -2.'],
    [{ temperature: [1, 0] }, 'AMP717 The option temperature is 0.'],
    [{ sigma: [1, 2], temperature: [1] }, 'AMP717 The ladders of anneal are not of one length: sigma has 2, temperature has 1.'],
    [{ sigma: [] }, 'AMP717 The option anneal is [object Object].'],
  ])('%j', async (anneal, said) => {
    expect(await refused(mixture, inputs, { anneal })).toEqual([said])
  })

  test('is one of a param with axes', async () => {
    expect(
      await refused('param w[i]\nstate x[i]\nenergy sum[i]((x - w)^2)\n', { param: { w: [1, 2] } }, { anneal: { w: [1, 2] } }),
    ).toEqual(['AMP720 "w[i]" has axes, so it cannot be annealed.'])
  })
})
