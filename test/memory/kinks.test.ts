import { describe, expect, it } from 'vitest'
import type { Sizes } from '../../src/ir/graph.ts'
import { type Machine, openMachine } from '../../src/memory/machine.ts'
import { type Retrieval, retrieve } from '../../src/memory/retrieve.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { near, normals } from './numbers.ts'
import { compiled } from './programs.ts'

type Values = Readonly<Record<string, readonly number[] | Float64Array>>

function machineOf(text: string, sizes: Sizes = {}, fixed: Values = {}, keep: readonly string[] = []): Machine {
  return openMachine(
    compiled(text, [], keep),
    kernel,
    sizes,
    new Map(Object.entries(fixed).map(([name, data]) => [name, Float64Array.from(data)])),
  )
}

function ends(text: string, cue: Values, sizes: Sizes = {}, fixed: Values = {}, keep: readonly string[] = []): Retrieval {
  return retrieve(
    machineOf(text, sizes, fixed, keep),
    Object.fromEntries(Object.entries(cue).map(([name, data]) => [name, Float64Array.from(data)])),
  )
}

const soft = (c: number, by: number): number => Math.sign(c) * Math.max(0, Math.abs(c) - by)

describe('a kink with 0 among its subgradients is a place of rest', () => {
  it('a penalty on sizes shrinks, and to 0 exactly', () => {
    const c = [0.3, -0.9, 2.5, 1.2, -4, 0]
    const text = 'data c[i]\nstate x[i]\nenergy sum[i]((x - c)^2) / 2 + sum[i](abs(x))\n'
    const done = ends(text, { x: normals('start', 6) }, { i: 6 }, { c })
    expect(done.outcome.kind).toBe('at a kink')
    const x = [...(done.coordinates.x as Float64Array)]
    near(
      x,
      c.map((v) => soft(v, 1)),
      1e-7,
    )
    expect(x.filter((v) => v === 0)).toHaveLength(3)
  })

  it.each([
    'quasi-newton',
    'gradient',
  ] as const)('least squares with more columns than rows: the conditions of the optimum hold (%s)', (flow) => {
    const [rows, columns, weight] = [15, 30, 3]
    const [A, c] = [normals('design', rows * columns), normals('response', rows, 3)]
    const text = `data A[row, col]\ndata c[row]\nstate z[col]\nenergy sum[row]((sum[col](A * z) - c)^2) / 2 + ${weight} * sum[col](abs(z))\n`
    const machine = machineOf(text, { row: rows, col: columns }, { A, c })
    const done = retrieve(machine, { z: normals('start', columns) }, { flow })
    expect(done.outcome.kind).toBe('at a kink')
    const z = done.coordinates.z as Float64Array
    const rest = c.map((y, r) => z.reduce((s, v, k) => s + v * (A[r * columns + k] as number), -y))
    let zeros = 0
    z.forEach((v, k) => {
      const g = rest.reduce((s, e, r) => s + e * (A[r * columns + k] as number), 0)
      zeros += v === 0 ? 1 : 0
      // Slopes below 1e-4 of the energy (40 nats) are at rest.
      if (v === 0) expect(Math.abs(g)).toBeLessThanOrEqual(weight + 4e-3)
      else expect(Math.abs(g + weight * Math.sign(v))).toBeLessThan(4e-3)
    })
    expect(zeros).toBeGreaterThan(columns - rows - 1)
  })

  it('also of relu, max and min, away from 0, and within bounds', () => {
    for (const [energy, at] of [
      ['2 * relu(x) - x', 0],
      ['max(x - 1, 1 - x) + x / 2', 1],
      ['max(3 * x, 6 - x)', 1.5],
      ['-min(x + 2, 4 - 3 * x)', 0.5],
      ['abs(x - 3) + abs(x + 1) + abs(x - 0.25)', 0.25],
    ] as const) {
      for (const start of [0.7, -2.3, 40]) {
        const done = ends(`state x\nenergy ${energy}\n`, { x: [start] })
        // A step may land on the kink itself, where the slope counts as 0.
        expect(['at a kink', 'converged']).toContain(done.outcome.kind)
        near(done.coordinates.x as Float64Array, [at], 1e-12)
      }
    }
    const bounded = ends('state x : real(lower = 0.5, upper = 2)\nenergy abs(x) + x\n', { x: [1.7] })
    expect(bounded.outcome.kind).toBe('converged')
    near(bounded.coordinates.x as Float64Array, [0.5], 1e-12)
  })

  it('the sentence has the slopes of both sides', () => {
    const { sentence } = ends('state x\nenergy abs(x) - 0.25 * x\n', { x: [3] }).outcome
    expect(sentence).toContain('at a kink in x (slopes of -1.25 and 0.75 on its two sides)')
  })
})

describe('a kink without 0 among its subgradients is left', () => {
  it('a start on it, where the slope is said to be 0, too', () => {
    const done = ends('state x\nenergy 0.5 * abs(x) - x + x^2 / 2\n', { x: [0] })
    expect(done.outcome.kind).toBe('converged')
    near(done.coordinates.x as Float64Array, [0.5], 1e-7)
  })

  it('a ridge along which it goes down, though not along any coordinate', () => {
    for (const start of [3, -7]) {
      const done = ends('state x\nstate y\nenergy abs(x - y) + 0.1 * (x + y - 1)^2\n', { x: [start], y: [start] })
      expect(done.energy).toBeLessThan(1e-9)
    }
  })

  it('a peak', () => {
    const done = ends('state x\nenergy x^2 - abs(x)\n', { x: [0] })
    expect(Math.abs((done.coordinates.x as Float64Array)[0] as number)).toBeCloseTo(0.5, 6)
  })
})

it('a coordinate that went to and fro about 0 does not stay there where the energy is smooth', () => {
  const text =
    'data y[i]\ndata se[i]\nstate mu ~ normal(0, 5)\nstate tau : positive ~ half_cauchy(5)\nstate z[i] ~ normal(0, 1)\ny ~ normal(mu + tau * z, se)\n'
  const done = ends(text, { mu: [0], tau: [0], z: [0, 0, 0] }, { i: 3 }, { y: [0, 0, -0.004], se: [2.39, 0.122, 0.0665] })
  expect(done.outcome.kind).toBe('converged')
  expect(done.slope).toBeLessThan(1e-7)
})

describe('a start of infinite energy', () => {
  it('is left by the flip that makes the energy finite', () => {
    const text = 'state a : bit\nstate b : bit\nenergy -log(where(a, where(b, 2, 2), where(b, 3, 0)))\n'
    const done = ends(text, { a: [0], b: [0] }, {}, {}, ['a', 'b'])
    expect(done.outcome.kind).toBe('converged')
    expect(done.energy).toBeCloseTo(-Math.LN2, 12)
    expect(done.trace[0]).toBe(Infinity)
  })

  it('is left for values drawn afresh where no single flip leads out', () => {
    const text = 'axis k = 4\nstate z[i] : k\nenergy where(z[i = 1] == z[i = 2] and z[i = 2] == z[i = 3], sum[i](index(k)[z]), inf)\n'
    const done = ends(text, { z: [0, 1, 2] }, { i: 3 }, {}, ['z'])
    expect(done.outcome.kind).toBe('converged')
    expect(new Set(done.states.z?.data).size).toBe(1)
  })

  it('with a continuous state beside the discrete ones', () => {
    const text = 'axis k = 3\nstate z : k\nstate x\nenergy where(index(k)[z] == 2, (x - 3)^2, inf)\n'
    const done = ends(text, { z: [0], x: [0] }, {}, {}, ['z'])
    expect(done.outcome.kind).toBe('converged')
    expect(done.states.z?.data[0]).toBe(1)
    near(done.coordinates.x as Float64Array, [3], 1e-7)
  })

  it('that nothing leads out of is said to be infinite', () => {
    const done = ends('state a : bit\nenergy where(a >= 0, inf, a)\n', { a: [0] }, {}, {}, ['a'])
    expect(done.outcome.kind).toBe('not finite')
  })
})
