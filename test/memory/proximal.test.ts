import { describe, expect, it } from 'vitest'
import type { Sizes } from '../../src/ir/graph.ts'
import { retrieveBatch } from '../../src/memory/batch.ts'
import { descent, restsOnFlatGround } from '../../src/memory/laws.ts'
import { type Machine, openMachine } from '../../src/memory/machine.ts'
import { retrieve } from '../../src/memory/retrieve.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { near, normals } from './numbers.ts'
import { compiled } from './programs.ts'

const [rows, columns] = [20, 40]
const [A, c] = [normals('design', rows * columns), normals('response', rows, 3)]
const zeros = new Float64Array(columns)

function machineOf(text: string, sizes: Sizes = {}, fixed: Readonly<Record<string, ArrayLike<number>>> = {}): Machine {
  const buffers = new Map(Object.entries(fixed).map(([name, data]) => [name, Float64Array.from(data)]))
  return openMachine(compiled(text), kernel, sizes, buffers)
}

const fit = 'data A[row, col]\ndata c[row]\nparam w[col] : positive\nstate z[col]\n'
const square = 'energy sum[row]((sum[col](A * z) - c)^2) / 2'
const lasso = (kinks: string, weights: ArrayLike<number>): Machine =>
  machineOf(`${fit}${square}${kinks}\n`, { row: rows, col: columns }, { A, c, w: weights })

/** Coordinate descent, each coordinate at its own minimum in turn: another algorithm, until nothing moves. */
function byCoordinates(weights: ArrayLike<number>): Float64Array {
  const z = new Float64Array(columns)
  const left = c.slice()
  for (let sweep = 0; sweep < 20_000; sweep += 1) {
    let most = 0
    for (let k = 0; k < columns; k += 1) {
      let [along, norm] = [0, 0]
      for (let r = 0; r < rows; r += 1) {
        const a = A[r * columns + k] as number
        along += a * (left[r] as number)
        norm += a * a
      }
      const v = along + norm * (z[k] as number)
      const to = (Math.sign(v) * Math.max(0, Math.abs(v) - (weights[k] as number))) / norm
      const d = to - (z[k] as number)
      for (let r = 0; r < rows; r += 1) left[r] = (left[r] as number) - d * (A[r * columns + k] as number)
      z[k] = to
      most = Math.max(most, Math.abs(d))
    }
    if (most < 1e-13) return z
  }
  throw new Error('coordinate descent did not come to rest')
}

const weights = normals('weights', columns).map((v) => 1 + Math.abs(v))

describe('proximal steps', () => {
  it.each([
    ['written as sizes', ' + sum[col](w * abs(z))'],
    ['as Laplace densities', '\nz ~ laplace(0, 1 / w)'],
    ['as relu and max', ' + sum[col](w * relu(z)) + sum[col](w * max(-z, 0))'],
  ])('end where coordinate descent does, of weighted penalties %s', (_, kinks) => {
    const machine = lasso(kinks, weights)
    const done = retrieve(machine, { z: normals('start', columns) })
    const expected = byCoordinates(weights)
    expect(done.flows).toEqual(['proximal'])
    expect(done.outcome.kind).toBe('at a kink')
    // Without momentum 268.
    expect(done.steps).toBeLessThan(200)
    near(done.coordinates.z as Float64Array, expected, 1e-6)
    expect((done.coordinates.z as Float64Array).map((v) => (v === 0 ? 1 : 0))).toEqual(expected.map((v) => (v === 0 ? 1 : 0)))
    expect(descent(done).kind).toBe('holds')
    expect(restsOnFlatGround(machine, done).kind).toBe('holds')
  })

  it('end where each would alone, many cues at once', () => {
    const machine = lasso(' + sum[col](w * abs(z))', weights)
    const ends = retrieveBatch(machine, [{ z: zeros }, { z: normals('start', columns) }])
    near(ends[0]?.coordinates.z as Float64Array, ends[1]?.coordinates.z as Float64Array, 1e-6)
  })

  it('shrink groups as a whole, with what is clamped in their norm', () => {
    const text = 'data y[g, i]\nstate x[g, i]\nenergy sum[g, i]((x - y)^2) / 2 + 2 * sum[g](norm[i](x))\n'
    const y = [3, 4, 0.6, -0.8, 0, 0]
    const machine = machineOf(text, { g: 3, i: 2 }, { y })
    const done = retrieve(machine, { x: normals('start', 6) })
    near(done.coordinates.x as Float64Array, [3 * (1 - 2 / 5), 4 * (1 - 2 / 5), 0, 0, 0, 0], 1e-7)
    expect(done.outcome.sentence).toContain('a norm that is 0')
    expect(restsOnFlatGround(machine, done).kind).toBe('holds')
    const clamp = { x: [1, 0, 0, 0, 0, 0] }
    const held = retrieve(machine, { x: [3, 0, 1, 1, 1, 1].map(Number) as unknown as Float64Array }, { clamp })
    const [, free] = held.coordinates.x as Float64Array as unknown as [number, number]
    expect(free - 4 + (2 * free) / Math.hypot(3, free)).toBeCloseTo(0, 6)
  })

  it('shrink groups along an axis between others', () => {
    const text = 'data y[a, k, b]\nstate x[a, k, b]\nenergy sum[a, k, b]((x - y)^2) / 2 + 1.5 * sum[a, b](norm[k](x))\n'
    const y = normals('y', 12, 2)
    const done = retrieve(machineOf(text, { a: 2, k: 2, b: 3 }, { y }), { x: normals('start', 12) })
    const expected = y.map((v, i) => {
      const first = Math.floor(i / 6) * 6 + (i % 3)
      return v * Math.max(0, 1 - 1.5 / Math.hypot(y[first] as number, y[first + 3] as number))
    })
    near(done.coordinates.x as Float64Array, expected, 1e-7)
  })

  it('leave a bound that a kink lies on where the energy falls away from it, and stay where it does not', () => {
    const text = 'data y[i]\nstate x[i] : nonnegative\nenergy sum[i]((x - y)^2) / 2 + sum[i](abs(x))\n'
    const machine = machineOf(text, { i: 4 }, { y: [3, 0.5, -2, 1.2] })
    for (const from of [0, 1]) {
      const done = retrieve(machine, { x: new Float64Array(4).fill(from) })
      near(done.coordinates.x as Float64Array, [2, 0, 0, 0.2], 1e-7)
      expect(restsOnFlatGround(machine, done).kind).toBe('holds')
    }
    // A point that is none of rest is told from one.
    const started = retrieve(machine, { x: new Float64Array(4) }, { maxSteps: 0 })
    expect(started.slope).toBeCloseTo(2, 9)
  })

  it('keep to bounds, and kinks may lie anywhere', () => {
    const text = 'data y[i]\ndata at[i]\nstate x[i] : real(lower = 0, upper = 2)\nenergy sum[i]((x - y)^2) / 2 + sum[i](abs(2 * x - at))\n'
    const [y, at] = [
      [-1, 1, 5, 1.5],
      [1, 2, 1, 9],
    ]
    const done = retrieve(machineOf(text, { i: 4 }, { y, at }), { x: Float64Array.of(1, 1.7, 0.3, 0) })
    near(done.coordinates.x as Float64Array, [0.5, 1, 2, 2], 1e-7)
  })

  it('carry smooth states along, take no bound for granted, and let other states move by their own rules', () => {
    const text =
      'data y[i]\nstate x[i]\nstate b\nstate s : bit\nenergy sum[i](log_cosh(x + b - y) + abs(x) / 2 + exp(0.1 * x)) + b^2 + (s - 0.2) * b\n'
    const done = retrieve(machineOf(text, { i: 5 }, { y: [4, -3, 0.1, 2, 9] }), {
      x: normals('x', 5),
      b: Float64Array.of(3),
      s: Float64Array.of(1),
    })
    expect(done.flows[0]).toBe('proximal')
    expect(['at a kink', 'converged']).toContain(done.outcome.kind)
    expect(descent(done).kind).toBe('holds')
    expect(done.slope).toBeLessThan(1e-6)
  })

  it.each([
    ['sum[i](abs(x - x[i = i - 1]))', 'several coordinates together'],
    ['abs(sum[i](x))', 'several coordinates together'],
    ['sum[i](abs(x) + abs(x - 1))', 'at more than one place'],
    ['sum[i](abs(x[i = i - 1]))', 'share a coordinate'],
    ['sum[i](y * abs(x))', 'may be negative'],
  ])('are not taken where %s, and it is said why', (kinks, why) => {
    const program = compiled(`data y[i]\nstate x[i]\nenergy sum[i]((x - y)^2) / 2 + ${kinks}\n`)
    expect(program.states.every((s) => s.proximal === undefined)).toBe(true)
    expect(program.noProximal).toContain(why)
  })
})
