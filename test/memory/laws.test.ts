import { describe, expect, it } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { tensor } from '../../src/base/tensor.ts'
import type { NodeId } from '../../src/ir/graph.ts'
import {
  batchIsSingle,
  clampedStays,
  descent,
  noFlipDown,
  noWayDown,
  restsOnFlatGround,
  silenceIsRetrieval,
} from '../../src/memory/laws.ts'
import { openMachine } from '../../src/memory/machine.ts'
import { type Retrieval, retrieve } from '../../src/memory/retrieve.ts'
import { wideGraph } from '../../src/memory/wide.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { hebb, spinMemory } from './hopfield.ts'
import { normals, spins } from './numbers.ts'
import { modernHopfield, open, type Written, write } from './programs.ts'

const sizes = { pattern: 4, pixel: 3 }
const fixed = { xi: normals('patterns', 12), beta: Float64Array.of(2) }
const machine = open(write(modernHopfield), sizes, fixed)
const cue = { x: normals('cue', 3) }
const done = retrieve(machine, cue)
const probes = (): Stream => new Stream(fold(keyFromSeed(9), 'probes'))

describe('each law notices when it is broken', () => {
  it('descent', () => {
    expect(descent(done).kind).toBe('holds')
    expect(descent({ ...done, trace: done.trace.toReversed() }).kind).toBe('broken')
    expect(descent({ ...done, trace: [...done.trace, done.energy + 1e-9] }).sentence).toContain('rises by 1e-9')
    expect(descent({ ...done, flows: ['synchronous flips'] }).kind).toBe('not applicable')
  })

  it('clamped coordinates stay', () => {
    const clamp = { x: [true, false, false] }
    const kept = retrieve(machine, cue, { clamp })
    expect(clampedStays(cue, clamp, kept).kind).toBe('holds')
    expect(clampedStays(cue, clamp, done).kind).toBe('broken')
  })

  it('a fixed point does not slope', () => {
    expect(restsOnFlatGround(machine, done).kind).toBe('holds')
    const off: Retrieval = { ...done, coordinates: { x: (done.coordinates.x as Float64Array).map((v) => v + 0.01) } }
    expect(restsOnFlatGround(machine, off).kind).toBe('broken')
    expect(restsOnFlatGround(machine, { ...done, outcome: { kind: 'step limit', sentence: '' } }).kind).toBe('not applicable')
  })

  it('a fixed point is a mode, not a saddle', () => {
    const wells: Written = {
      states: { x: { axes: ['i'] } },
      fixed: {},
      energy: (m, v) => ({ wells: m.sum(['i'], m.square(m.sub(m.square(v.x as NodeId), m.k(1)))) }),
    }
    const saddle = open(write(wells), { i: 2 }, {})
    const there = retrieve(saddle, { x: Float64Array.of(0, 0.3) })
    expect(there.outcome.kind).toBe('converged')
    expect((there.coordinates.x as Float64Array)[0]).toBe(0)
    expect(restsOnFlatGround(saddle, there).kind).toBe('holds')
    expect(noWayDown(saddle, there, probes()).kind).toBe('broken')
    expect(noWayDown(saddle, retrieve(saddle, { x: Float64Array.of(-0.2, 0.3) }), probes()).kind).toBe('holds')
  })

  it('no flip lowers the energy', () => {
    const network = open(spinMemory(hebb), { pattern: 2, neuron: 30 }, { xi: spins('patterns', 60) })
    const s = spins('patterns', 60).slice(0, 30)
    const there = retrieve(network, { s })
    expect(noFlipDown(network, there).kind).toBe('holds')
    const off = there.states.s?.data.map((v, i) => (i === 3 ? -v : v)) as Float64Array
    const shaken = { ...there, states: { s: tensor(['neuron'], [30], off) } }
    expect(noFlipDown(network, shaken).sentence).toContain('Site 4')
  })

  it('a batch is its cues', () => {
    const wide = openMachine(write(modernHopfield), kernel, sizes, new Map(Object.entries(fixed)), {
      wide: wideGraph(write(modernHopfield), 3),
    })
    const cues = Array.from({ length: 5 }, (_, k) => ({ x: normals(`cue ${k}`, 3) }))
    expect(batchIsSingle(machine, wide, cues).kind).toBe('holds')
    const other = open(write(modernHopfield), sizes, { ...fixed, beta: Float64Array.of(3) })
    expect(batchIsSingle(other, wide, cues).kind).toBe('broken')
  })

  it('silence is retrieval', () => {
    expect(silenceIsRetrieval(machine, cue).kind).toBe('holds')
    // And the noisy step itself: at s = 1, T = 0 it is the attention step that one retrieval step takes.
    const quiet = retrieve(machine, cue, { noise: { temperature: 0, step: 1, draw: (out) => out.fill(3) }, maxSteps: 1 })
    expect(quiet.coordinates).toEqual(retrieve(machine, cue, { maxSteps: 1 }).coordinates)
  })
})

describe('a noisy medium', () => {
  it('keeps the spread that exp(-E/T) has', () => {
    // E = sum u_i x_i^2 / 2 with U known: x' = (1 - s) x + sqrt(2 T s / u) xi is a first-order autoregression whose
    // variance is T / (u (1 - s/2)); clamped coordinates stay.
    const bowl: Written = {
      states: { x: { axes: ['i'], curvature: (m) => m.builder.input('u', ['i']) } },
      fixed: { u: ['i'] },
      energy: (m, v) => ({ bowl: m.div(m.sum(['i'], m.mul(v.u as NodeId, m.square(v.x as NodeId))), m.k(2)) }),
    }
    const u = Float64Array.from({ length: 200 }, (_, i) => 1 + (i % 7))
    const stream = new Stream(fold(keyFromSeed(21), 'medium'))
    const [s, T] = [0.5, 0.3]
    let sum = 0
    let count = 0
    const draw = (out: Float64Array): void => {
      for (let i = 0; i < out.length; i += 1) out[i] = stream.normal()
    }
    const medium = open(write(bowl), { i: 200 }, { u })
    const end = retrieve(
      medium,
      { x: new Float64Array(200).fill(0.7) },
      {
        noise: { temperature: T, step: s, draw },
        maxSteps: 400,
        clamp: { x: u.map((_, i) => (i === 0 ? 1 : 0)) },
        observe: ({ step, x }) => {
          if (step < 20) return
          x.forEach((v, i) => {
            if (i > 0) {
              sum += v * v * (u[i] as number) * (1 - s / 2)
              count += 1
            }
          })
        },
      },
    )
    expect(end.outcome.kind).toBe('step limit')
    expect((end.coordinates.x as Float64Array)[0]).toBe(0.7)
    // 199 x 381 squares of an autoregression with coefficient 1/2: squares correlate by 1/4 a step, so the relative
    // standard error is sqrt(2 / (75819 / (1.25/0.75))) = 0.0066; 5 of them have a false-alarm rate below 1e-6.
    expect(Math.abs(sum / count / T - 1)).toBeLessThan(5 * 0.0066)
  })
})
