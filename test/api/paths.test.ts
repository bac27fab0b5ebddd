import { describe, expect, it, test } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { energyAt } from '../../src/api/energy.ts'
import { type RetrieveOptions, retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import type { Moment } from '../../src/memory/path.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import type { Retrieved } from '../../src/run/retrieval.ts'
import { normals, spins } from '../memory/numbers.ts'
import { close, given, loadedFrom } from './points.ts'

async function retrieved(text: string, inputs: Inputs, options: RetrieveOptions): Promise<Retrieved> {
  const { value, diagnostics } = await retrieve(loadedFrom(text), given(inputs), options)
  return must(must(value, JSON.stringify(diagnostics)).retrievals[0], 'retrieval')
}

/** The energy of every place on the way, asked for by itself. */
function recomputed(text: string, inputs: Inputs, path: readonly Moment[]): readonly number[] {
  const { cue: _, ...fixed } = inputs
  return path.map(({ states = {} }) => {
    const values = Object.fromEntries(Object.entries(states).map(([name, { data }]) => [name, data]))
    return must(energyAt(loadedFrom(text), given(fixed), values, { keep: ['z'].filter((name) => name in states) }).value, 'energy').energy
  })
}

const hopfield = 'memory xi[pattern, i]\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^4) / 100\n'
const mixed = 'data y[i]\nstate m\nstate b[i] : bit\nenergy sum[i]((y - m * b)^2) + m^4 / 40 + 0.3 * sum[i](b)\n'

describe('a way that is written down', () => {
  test.each<[string, string, Inputs, RetrieveOptions]>([
    ['of spins', hopfield, { memory: { xi: { shape: [3, 20], data: spins('xi', 60) } }, cue: { s: spins('s', 20) } }, {}],
    ['of spins in random orders', hopfield, { memory: { xi: { shape: [3, 20], data: spins('xi', 60) } } }, { order: 'random' }],
    [
      'of spins at once',
      hopfield,
      { memory: { xi: { shape: [3, 20], data: spins('xi', 60) } }, cue: { s: spins('t', 20) } },
      { update: 'synchronous' },
    ],
    ['of numbers and bits', mixed, { data: { y: normals('y', 12, 2) }, cue: { m: 0.4 } }, { keep: ['b'] }],
    ['of numbers in time', mixed.replace(' : bit', ''), { data: { y: normals('y', 12, 2) }, cue: { m: 0.4 } }, { flow: 'ode', maxTime: 1 }],
  ])('%s has the energy of its values everywhere', async (_, text, inputs, options) => {
    const { path, trace, energy } = await retrieved(text, inputs, { ...options, trace: 'states' })
    const energies = recomputed(text, inputs, path)
    const scale = Math.max(...energies.map(Math.abs))
    path.forEach((m, k) => {
      close(m.energy, energies[k] as number, scale, 1e-12)
    })
    expect(path.length).toBeGreaterThan(1)
    expect(path[0]?.energy).toBe(trace[0])
    close(must(path.at(-1), 'end').energy, energy, scale, 1e-12)
    for (let k = 1; k < path.length; k += 1)
      expect((path[k] as Moment).energy).toBeLessThanOrEqual((path[k - 1] as Moment).energy + 1e-12 * scale)
  })

  it('has one site changed by each flip', async () => {
    const inputs = { memory: { xi: { shape: [3, 20], data: spins('xi', 60) } }, cue: { s: spins('s', 20) } }
    const { path } = await retrieved(hopfield, inputs, { trace: 'states' })
    const changed = path.slice(1).map((m, k) => m.states?.s?.data.filter((v, i) => v !== path[k]?.states?.s?.data[i]).length)
    expect(changed).toEqual(changed.map(() => 1))
    expect(path.map((m) => m.flip)).toEqual(path.map((_, k) => k))
  })

  it('ends where the states do, and leaves the retrieval as it is', async () => {
    const inputs = { data: { y: normals('y', 12, 2) }, cue: { m: 0.4 } }
    const plain = await retrieved(mixed, inputs, { keep: ['b'] })
    const { path, evaluations: _, ...told } = await retrieved(mixed, inputs, { keep: ['b'], trace: 'states' })
    expect(plain.path).toEqual([])
    const { path: _none, evaluations: _fewer, ...rest } = plain
    expect(told).toEqual(rest)
    expect(path.at(-1)?.states).toEqual(plain.states)
  })

  it('away from a saddle is written down without the push', async () => {
    const { path, steps, trace } = await retrieved('state x\nenergy x^4 / 4 - x^2 / 2\n', {}, { trace: 'energy' })
    expect(path.map((m) => m.energy)).toEqual(trace)
    expect(path.map((m) => m.step)).toEqual(Array.from({ length: steps + 1 }, (_, k) => k))
    expect(path.at(-1)?.energy).toBeCloseTo(-0.25, 10)
  })

  it('counts elements from 1', async () => {
    const text = 'axis level = 4\ndata h[level]\nstate z : level\nenergy h[z]\n'
    const { path, states } = await retrieved(text, { data: { h: [3, 2, 1, 5] }, cue: { z: 1 } }, { trace: 'states' })
    expect(path.map((m) => m.states?.z?.data[0])).toEqual([1, 3])
    expect(states.z?.data[0]).toBe(3)
  })

  it('is the same in a module', async () => {
    const inputs = { memory: { xi: { shape: [3, 20], data: spins('xi', 60) } }, cue: { s: spins('s', 20) } }
    const { module } = must((await emit(loadedFrom(hopfield), 'retrieve')).value, 'module')
    const made = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)
    expect(made.retrieve(inputs, { trace: 'states' })[0].path).toEqual((await retrieved(hopfield, inputs, { trace: 'states' })).path)
  })

  it('of many cues at once has the energies of each', async () => {
    const text = 'memory xi[pattern, i]\nstate x[i]\nenergy -logsumexp[pattern](sum[i](xi * x)) + sum[i](x^2) / 2\n'
    const inputs = { memory: { xi: { shape: [4, 5], data: normals('xi', 20) } }, cue: { x: { shape: [3, 5], data: normals('cues', 15) } } }
    const result = must((await retrieve(loadedFrom(text), given(inputs), { backend: 'tfjs-cpu', trace: 'states' })).value, 'result')
    expect(result.backend.name).toBe('tfjs-cpu')
    for (const { path, trace, states } of result.retrievals) {
      expect(path.map((m) => m.energy)).toEqual(trace)
      expect(path.at(-1)?.states).toEqual(states)
    }
  })
})
