import { describe, expect, it, test } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { type RetrieveOptions, type RetrieveResult, retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import { spins } from '../memory/numbers.ts'
import { given, loadedFrom } from './points.ts'

/** Many minima, at about the whole numbers; the lowest at 0. */
const ripples = 'state x[i]\naxis i = 2\nenergy sum[i](x^2 - 10 * cos(2 * pi * x))\n'
const glass = 'memory xi[pattern, i]\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2)\n'
const patterns = { xi: { shape: [9, 18], data: spins('many', 162) } }

async function run(
  text: string,
  inputs: Inputs,
  options: RetrieveOptions,
): Promise<RetrieveResult & { readonly codes: readonly string[] }> {
  const { value, diagnostics } = await retrieve(loadedFrom(text), given(inputs), options)
  return { ...must(value, JSON.stringify(diagnostics)), codes: diagnostics.map((d) => d.code) }
}

const energies = (result: RetrieveResult, cue = 0): readonly number[] => must(result.retrievals[cue], 'cue').starts.map((s) => s.energy)

describe('several starts', () => {
  it('find the lowest of many minima, and tell where the others ended', async () => {
    const one = await run(ripples, { cue: { x: [3.2, null] } }, {})
    const many = await run(ripples, {}, { starts: 60, initRadius: 3 })
    expect(one.retrievals[0]?.starts).toHaveLength(1)
    const ends = energies(many)
    expect(ends).toHaveLength(60)
    expect(many.retrievals[0]?.energy).toBe(Math.min(...ends))
    expect(many.retrievals[0]?.energy).toBeCloseTo(-20, 8)
    // The chance that two coordinates drawn over six ripples fall into the same one is a sixth; all 60 alike: 6^-118.
    expect(new Set(ends.map((e) => Math.round(e))).size).toBeGreaterThan(3)
  })

  it('begin with the usual one, and are the same however many follow', async () => {
    const inputs = { memory: patterns }
    const [one, five, nine] = await Promise.all([1, 5, 9].map((starts) => run(glass, inputs, { starts })))
    expect(energies(must(nine, 'run')).slice(0, 5)).toEqual(energies(must(five, 'run')))
    expect(energies(must(five, 'run'))[0]).toBe(one?.retrievals[0]?.energy)
    expect(new Set(energies(must(nine, 'run'))).size).toBeGreaterThan(1)
    expect(energies(await run(glass, inputs, { starts: 5, seed: 2 }))).not.toEqual(energies(must(five, 'run')))
  })

  it('are drawn where a cue says nothing, for each cue', async () => {
    const cue = {
      x: [
        [3, null],
        [-2, null],
      ],
    }
    const { retrievals } = await run(ripples, { cue }, { starts: 30, initRadius: 3 })
    // A coordinate that the cue gives stays in its basin; the other one finds 0.
    expect(retrievals.map((r) => Array.from(r.states.x?.data ?? [], (v) => Math.abs(Math.round(v))))).toEqual([
      [3, 0],
      [2, 0],
    ])
  })

  it('keep what is observed', async () => {
    const { retrievals } = await run(ripples, { observed: { x: [1.5, null] } }, { starts: 30, initRadius: 3 })
    expect(retrievals[0]?.states.x?.data[0]).toBe(1.5)
    expect(retrievals[0]?.states.x?.data[1]).toBeCloseTo(0, 6)
  })

  it('are spread over bounds and directions', async () => {
    const box = await run(
      'state x : real(lower = -20, upper = 20)\nenergy -cos(2 * pi * x) + (x - 17)^2 / 1000\n',
      {},
      { starts: 60, initRadius: 5 },
    )
    expect(box.retrievals[0]?.states.x?.data[0]).toBeCloseTo(17, 3)
    const sphere = await run(
      'axis d = 3\nmemory a[d]\nstate x[d] : unit[d]\nenergy -sum[d](a * x)^3\n',
      { memory: { a: [0, 0, -1] } },
      { starts: 20 },
    )
    expect(sphere.retrievals[0]?.states.x?.data[2]).toBeCloseTo(-1, 6)
  })

  test('differ by the order of flips where all is given, and are said to be alike otherwise', async () => {
    const inputs = { memory: patterns, cue: { s: spins('given', 18) } }
    const ordered = await run(glass, inputs, { starts: 12 })
    expect(ordered.codes).toEqual(['AMP727'])
    expect(new Set(energies(ordered)).size).toBe(1)
    const random = await run(glass, inputs, { starts: 12, order: 'random' })
    expect(random.codes).toEqual([])
    expect(new Set(energies(random)).size).toBeGreaterThan(1)
  })

  it('are the same in modules, and on the wide backend', async () => {
    const { module } = must((await emit(loadedFrom(glass), 'retrieve')).value, 'module')
    const made = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)
    expect(made.retrieve({ memory: patterns }, { starts: 5 })[0].starts).toEqual(
      (await run(glass, { memory: patterns }, { starts: 5 })).retrievals[0]?.starts,
    )
    const wide = energies(await run(ripples, {}, { starts: 8, initRadius: 3, backend: 'tfjs-cpu' }))
    const narrow = energies(await run(ripples, {}, { starts: 8, initRadius: 3 }))
    // Energies of about 100 in single precision.
    wide.forEach((energy, k) => {
      expect(Math.abs(energy - (narrow[k] as number))).toBeLessThan(1e-3)
    })
  })

  it('that are at their end when it is left off are what a cue is judged by', async () => {
    const pace: RetrieveOptions['pace'] = async (path, progress) => {
      while (progress().share < 0.5 && !path.next().done);
    }
    const { retrievals, cues } = await run(
      glass,
      { memory: { xi: { shape: [40, 400], data: spins('large', 16_000) } } },
      { starts: 10, pace },
    )
    expect(cues).toEqual([0])
    expect(retrievals[0]?.starts.length).toBeGreaterThanOrEqual(5)
    expect(retrievals[0]?.starts.length).toBeLessThan(10)
    expect(retrievals[0]?.energy).toBe(Math.min(...must(retrievals[0], 'cue').starts.map((s) => s.energy)))
  })
})
