import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type BackendName, chooseBackend } from '../../src/api/backend.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrievalParts } from '../../src/api/pipeline.ts'
import { type RetrieveResult, retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { bind } from '../../src/bind/bind.ts'
import type { Target } from '../../src/middle/executable.ts'
import * as ports from '../../src/middle/ports.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import { runRetrieveWide, type Wide } from '../../src/run/wide.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { backends } from '../targets/tfjs/backends.ts'

const model = (name: string): Loaded => must(load({ name, text: readFileSync(`models/${name}/${name}.amp`, 'utf8') }).value, name)
const written = (text: string): Loaded => must(load({ name: 'test', text }).value, 'model')

/** Bits of a multiplicative congruential generator: patterns of 0 and 1, and cues near some of them. */
function stored(patterns: number, pixels: number, cues: number) {
  let state = 9
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const xi = Float64Array.from({ length: patterns * pixels }, () => (next() < 0.3 ? 1 : 0))
  const x = Float64Array.from({ length: cues * pixels }, (_, i) => {
    const pattern = (7 * Math.floor(i / pixels)) % patterns
    return (xi[pattern * pixels + (i % pixels)] as number) + 0.4 * (next() - 0.5)
  })
  return { memory: { xi: { shape: [patterns, pixels], data: xi } }, cue: { x: { shape: [cues, pixels], data: x } } }
}

async function run(loaded: Loaded, inputs: Inputs, backend: BackendName): Promise<RetrieveResult> {
  const found = await retrieve(loaded, must(givenOf(inputs).value, 'inputs'), { backend })
  return must(found.value, JSON.stringify(found.diagnostics))
}

describe.each(['modern_hopfield', 'kernel_density'])('%s with many cues', (name) => {
  it.each(backends)('ends on %s where each cue ends in float64', async (backend) => {
    const inputs = stored(120, 64, 40)
    const [wide, alone] = [await run(model(name), inputs, backend), await run(model(name), inputs, 'kernel')]
    expect(wide.backend.name).toBe(backend)
    expect(wide.backend.why).toMatch(/float32.*At rest means/)
    expect(wide.retrievals.length).toBe(40)
    wide.retrievals.forEach((r, k) => {
      const other = must(alone.retrievals[k], 'retrieval')
      expect(r.outcome.kind).toBe(other.outcome.kind)
      const gap = must(r.states.x, 'x').data.reduce((w, v, i) => Math.max(w, Math.abs(v - (other.states.x?.data[i] as number))), 0)
      // Rest is 2^-16 of a coordinate here, and these fixed points contract a hundredfold or more a step.
      expect(gap).toBeLessThan(3e-5)
      expect(Math.abs(r.energy - other.energy)).toBeLessThan(1e-4 * (1 + Math.abs(other.energy)))
    })
  })
})

it('runs a model without known curvature by quasi-Newton steps, all cues at once', async () => {
  const quartic = written(
    'model quartic\nmemory xi[pattern, pixel]\nstate x[pixel]\nenergy attract = -logsumexp[pattern](sum[pixel](xi * x))\nenergy walls = sum[pixel](x^4) / 4\n',
  )
  const inputs = stored(30, 12, 20)
  const [wide, alone] = [await run(quartic, inputs, 'tfjs-wasm'), await run(quartic, inputs, 'kernel')]
  expect(alone.retrievals[0]?.flows).toEqual(['quasi-newton'])
  wide.retrievals.forEach((r, k) => {
    const other = must(alone.retrievals[k], 'retrieval')
    expect(r.outcome.kind).toBe(other.outcome.kind)
    // Energies are flat at rest: a distance of 1e-2 changes them by 1e-4 of the curvature.
    expect(Math.abs(r.energy - other.energy)).toBeLessThan(1e-3 * (1 + Math.abs(other.energy)))
  })
})

it('lets each cue bring states of its own that are observed whole', async () => {
  const loaded = written(
    'model own\nmemory xi[pattern, pixel]\nstate b : positive\nstate x[pixel]\nenergy confine = sum[pixel](x^2) / 2 + b\nenergy attract = -logsumexp[pattern](b * sum[pixel](xi * x)) / b\n',
  )
  const inputs = { ...stored(20, 8, 6), observed: { b: Float64Array.of(1, 2, 3, 4, 5, 6) } }
  const [wide, alone] = [await run(loaded, inputs, 'tfjs-cpu'), await run(loaded, inputs, 'kernel')]
  expect(wide.backend.name).toBe('tfjs-cpu')
  const energies = (result: RetrieveResult) => result.retrievals.map((r) => r.energy)
  energies(alone).forEach((e, k) => {
    // Attention at b = 1 spreads: the fixed point contracts slowly, but the energy is flat around it.
    expect(Math.abs(must(energies(wide)[k], 'energy') - e)).toBeLessThan(1e-4)
  })
  expect(new Set(energies(alone).map((e) => e.toFixed(3))).size).toBe(6)
})

it('leaves discrete states to loops, and says so', async () => {
  const spins = written('model spins\nmemory xi[pattern, i]\nstate s[i] : spin\nenergy -sum[pattern](sum[i](xi * s)^2)\n')
  const xi = { shape: [1, 4], data: [1, -1, 1, 1] }
  const found = await run(spins, { memory: { xi }, cue: { s: [1, 1, 1, 1] } }, 'tfjs-cpu')
  expect(found.backend).toEqual({ name: 'kernel', why: 'Discrete states move one site at a time, which needs no tensors.' })
})

describe('what does not work out in single precision', () => {
  const loaded = model('modern_hopfield')
  const bound = must(bind(loaded.energy, must(givenOf(stored(20, 8, 6)).value, 'given')).value, 'bound')
  const parts = must(retrievalParts(loaded.energy).value, 'parts')
  /** A backend whose energies stop being numbers in every second row. */
  const broken: Target = (graph, sizes, options) => {
    const made = kernel(graph, sizes, options)
    return {
      ...made,
      run() {
        made.run()
        const energy = must(made.outputs.get('energy'), 'energy')
        for (let i = 0; i < energy.length; i += 2) energy[i] = Number.NaN
      },
    }
  }
  const wide: Wide = { target: broken, narrow: kernel, tolerance: 1e-5, supports: () => undefined }

  it('is retrieved again in float64', () => {
    const found = must(runRetrieveWide(parts, wide, bound, {}).value, 'result')
    expect(found.retrievals.map((r) => r.outcome.kind)).toEqual(new Array(6).fill('converged'))
    expect(found.notes.join(' ')).toMatch(/3 of 6 cues did not come to rest there and were retrieved again in float64/)
  })
  it('is not retrieved again where the steps that were asked for were taken', () => {
    const looks = { wide: 0, narrow: 0 }
    const counting = (target: Target, key: keyof typeof looks): Target => {
      return (graph, sizes, options) => {
        const made = target(graph, sizes, options)
        return {
          ...made,
          run() {
            looks[key] += 1
            made.run()
          },
        }
      }
    }
    const counted: Wide = { ...wide, target: counting(kernel, 'wide'), narrow: counting(kernel, 'narrow') }
    const found = must(runRetrieveWide(parts, counted, bound, { maxSteps: 1, flow: 'gradient' }).value, 'result')
    expect(found.retrievals.map((r) => r.outcome.kind)).toEqual(new Array(6).fill('step limit'))
    expect(found.retrievals.map((r) => r.steps)).toEqual(new Array(6).fill(1))
    expect(looks.wide).toBeGreaterThan(0)
    // The default of beta is worked out there.
    expect(looks.narrow).toBe(1)
    expect(found.notes.join(' ')).not.toMatch(/again/)
  })
  it('is retrieved again where all the steps that are taken by default did not do', () => {
    // Its energies fall and its slopes change their sign for ever; one cue comes back to where it was, and counts as at rest.
    const restless: Target = (graph, sizes, options) => {
      const made = kernel(graph, sizes, options)
      let looks = 0
      return {
        ...made,
        run() {
          made.run()
          looks += 1
          for (const [name, data] of made.outputs) {
            if (name === ports.energy) data.fill(-1e-3 * looks)
            if (name === ports.gradient('x')) data.fill(looks % 2 === 0 ? 0.1 : -0.1)
          }
        },
      }
    }
    const found = must(runRetrieveWide(parts, { ...wide, target: restless }, bound, {}).value, 'result')
    expect(found.notes.join(' ')).toMatch(/5 of 6 cues did not come to rest there and were retrieved again in float64/)
    expect(found.retrievals.filter((r) => r.outcome.kind === 'converged').length).toBe(5)
    const last = must(runRetrieveWide(parts, { ...wide, target: restless, narrow: restless }, bound, {}).value, 'result')
    expect(last.retrievals.filter((r) => r.outcome.kind === 'step limit').length).toBe(5)
  })
  it('goes to loops whole where the graph does not fit', () => {
    const found = must(runRetrieveWide(parts, { ...wide, supports: () => 'Too large.' }, bound, {}).value, 'result')
    expect(found).toMatchObject({ wide: false, notes: ['Too large.'] })
    expect(found.retrievals.length).toBe(6)
  })
})

it('chooses tensors for many cues against a large store alone', async () => {
  const of = async (cues: number, numbers: number) => (await chooseBackend('auto', { retrieval: { cues, numbers }, known: {} })).name
  expect(await of(1, 1e9)).toBe('kernel')
  expect(await of(256, 1000)).toBe('kernel')
  expect(await of(256, 8e6)).toMatch(/^tfjs-/)
})
