import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retrievalFrom } from '../../../src/api/pipeline.ts'
import { descent } from '../../../src/memory/laws.ts'
import { openMachine } from '../../../src/memory/machine.ts'
import type { RelaxOptions } from '../../../src/memory/options.ts'
import { type Retrieval, retrieve } from '../../../src/memory/retrieve.ts'
import { situationOf } from '../../../src/middle/situation.ts'
import { kernel } from '../../../src/targets/kernel.ts'
import { sizes as generatedSizes, model, parts, product } from '../../compile/conditionals/quadratic.ts'
import { Draw, energyOf, sizesOf } from '../../compile/models.ts'

type Values = Readonly<Record<string, readonly number[]>>

interface Asked {
  readonly sizes?: Readonly<Record<string, number>>
  readonly given?: Values
  readonly cue?: Values
  readonly keep?: readonly string[]
  readonly options?: RelaxOptions
}

/** From a cue of random numbers, unless it is said. */
function retrieved(text: string, { sizes: open = {}, given = {}, cue = {}, keep = [], options = {} }: Asked): Retrieval {
  const energy = energyOf(text)
  const { value: program, diagnostics } = retrievalFrom(energy, situationOf(energy, { keep }))
  if (program === undefined) throw new Error(diagnostics.map((d) => d.message).join())
  const sizes = sizesOf(program.axes, open)
  const draw = new Draw(6)
  const length = (axes: readonly string[]): number => axes.reduce((n, axis) => n * (sizes[axis] as number), 1)
  const fixed = program.fixed.map((v) => [v.name, Float64Array.from(given[v.name] ?? draw.normals(v.name, length(v.axes)))] as const)
  const machine = openMachine(program, kernel, open, new Map(fixed))
  const starts = program.states.map(
    (s) => [s.name, Float64Array.from(cue[s.name] ?? draw.normals(s.name, length(s.coordinateAxes)))] as const,
  )
  const jumps = program.discrete.map((s) => [s.name, Float64Array.from(cue[s.name] ?? new Array(length(s.axes)).fill(0))] as const)
  return retrieve(machine, Object.fromEntries([...starts, ...jumps]), options)
}

const regression = `model m
data A[r, i]
data y[r]
state x[i] ~ normal(0, 1)
y ~ normal(sum[i](A * x), 0.3)`

describe('what is quadratic', () => {
  it('is at its minimum after one step, from anywhere, where other flows take more', () => {
    const found = retrieved(regression, { sizes: { i: 5, r: 8 } })
    expect(found).toMatchObject({ steps: 1, flows: ['exact'], outcome: { kind: 'converged' } })
    const slowly = retrieved(regression, { sizes: { i: 5, r: 8 }, options: { flow: 'quasi-newton' } })
    expect(slowly.steps).toBeGreaterThan(5)
    expect(found.energy).toBeCloseTo(slowly.energy, 10)
    expect([...(found.states.x?.data ?? [])]).toEqual([...(slowly.states.x?.data ?? [])].map((v) => expect.closeTo(v, 6)))
  })

  it('is so for any generated energy, as low as quasi-Newton steps come', () => {
    fc.assert(
      fc.property(parts, (all) => {
        // What is added may bend down: only squares are used here.
        const squares = all.map((p): typeof p => [p[0], p[1], 0])
        const text = model(['state x[i, j] ~ normal(0, 1)', ...squares.flatMap((p, i) => product(String(i), p))])
        const asked = { sizes: { ...generatedSizes, k: 3 }, given: { at: [0, 2, 1, 2], flag: [1, 0, 1] } }
        const found = retrieved(text, asked)
        expect(found.outcome.kind).toBe('converged')
        expect(found.steps).toBe(1)
        const slowly = retrieved(text, { ...asked, options: { flow: 'quasi-newton' } })
        expect(found.energy).toBeLessThanOrEqual(slowly.energy + 1e-9 * (1 + Math.abs(slowly.energy)))
      }),
      { seed: 84, numRuns: 30 },
    )
  })

  it('keeps what is clamped, and is least over the rest', () => {
    const asked = { sizes: { i: 3, r: 5 }, cue: { x: [0.25, 0, 0] } }
    const clamp = { x: [1, 0, 0] }
    const [found, slowly] = (['auto', 'quasi-newton'] as const).map((flow) => retrieved(regression, { ...asked, options: { clamp, flow } }))
    expect(found).toMatchObject({ steps: 1, flows: ['exact'] })
    expect(found?.states.x?.data[0]).toBe(0.25)
    expect(found?.energy).toBeCloseTo(slowly?.energy as number, 9)
  })

  it('goes to the nearest of several minima', () => {
    const text = 'model m\nstate x\nstate y\nenergy (x + y - 1)^2'
    const found = retrieved(text, { cue: { x: [3], y: [0] } })
    expect(found.steps).toBe(1)
    expect(found.states.x?.data[0]).toBeCloseTo(2, 12)
    expect(found.states.y?.data[0]).toBeCloseTo(-1, 12)
  })

  it.each([
    ['energy x * y', 'along a saddle'],
    ['energy (x - y)^2 + x', 'along a slope that nothing bends'],
    ['energy 2 * x * y - x^2 - 3 * y^2', 'down on both sides'],
  ])('has no least value in %s: it falls %s', (energy) => {
    const { outcome } = retrieved(`model m\nstate x\nstate y\n${energy}`, { cue: { x: [1], y: [0.5] } })
    expect(outcome.kind).toBe('unbounded')
    expect(outcome.sentence).toContain('falls without bound along "x" and "y" together')
  })
})

describe('several blocks', () => {
  const factors = `model m
data y[i, j]
state u[i, h] ~ normal(0, 1)
state v[h, j] ~ normal(0, 1)
y ~ normal(sum[h](u * v), 0.3)`

  it('descend in turn, never rising, to a common minimum', () => {
    const found = retrieved(factors, { sizes: { i: 4, j: 3, h: 2 } })
    expect(found.outcome.kind).toBe('converged')
    expect(found.flows[0]).toMatch(/^exact/)
    expect(descent(found).kind).toBe('holds')
    expect(found.slope).toBeLessThan(1e-5)
  })

  it('take turns with flips of discrete states', () => {
    const text = `model m
axis g = 2
data y[r]
data A[r, i]
state c : g
state x[i, g] ~ normal(0, 1)
y ~ normal(sum[i](A * x[g = c]), 0.5)`
    const found = retrieved(text, { sizes: { r: 6, i: 2 }, keep: ['c'] })
    expect(found.flows).toEqual(['exact', 'asynchronous flips'])
    expect(descent(found).kind).toBe('holds')
  })

  it('leave what has no block to fixed-point steps', () => {
    const text = `model m
data A[r, i]
data y[r]
state s[r] : real(lower = -1, upper = 1)
state x[i] ~ normal(0, 1)
y ~ normal(sum[i](A * x) + s, 0.3)`
    const asked = { sizes: { r: 5, i: 2 } }
    const [found, slowly] = (['auto', 'quasi-newton'] as const).map((flow) => retrieved(text, { ...asked, options: { flow } }))
    expect(found?.flows).toEqual(['exact', expect.stringMatching(/^fixed-point/)])
    expect(found?.energy).toBeCloseTo(slowly?.energy as number, 6)
  })
})

describe('places with a formula', () => {
  it.each<readonly [string, string, Values, readonly number[]]>([
    ['gamma', 'data n[r] : count\nstate x : positive ~ gamma(2, 1)\nn ~ poisson(x)', { n: [1, 2, 3, 4, 5] }, [16 / 6]],
    ['inverse gamma', 'data y[r]\nstate x : positive ~ inverse_gamma(2, 1)\ny ~ normal(0, sqrt(x))', { y: [1, 2, 2] }, [5.5 / 4.5]],
    ['beta', 'data n[r] : bit\nstate x : probability ~ beta(3, 2)\nn ~ bernoulli(x)', { n: [1, 0, 1, 1] }, [5 / 7]],
    [
      'Dirichlet',
      'axis k = 3\ndata n[r] : k\nstate x[k] : simplex[k] ~ dirichlet(2)\nn ~ categorical(x)',
      { n: [0, 1, 0, 2] },
      [3 / 7, 2 / 7, 2 / 7],
    ],
  ])('%s: one step to the mode', (_, lines, given, mode) => {
    const found = retrieved(`model m\n${lines}`, { sizes: { r: Object.values(given)[0]?.length ?? 0 }, given })
    expect(found).toMatchObject({ steps: 1, flows: ['exact'] })
    expect([...(found.states.x?.data ?? [])]).toEqual(mode.map((v) => expect.closeTo(v, 9)))
  })

  it('a normalised direction on a sphere, by the fixed-point step', () => {
    const found = retrieved('model m\ndata a[i]\nstate x[i] : unit[i] ~ von_mises_fisher(a, 3)', {
      sizes: { i: 3 },
      given: { a: [0.6, 0, 0.8] },
    })
    expect(found.steps).toBe(1)
    expect([...(found.states.x?.data ?? [])]).toEqual([0.6, 0, 0.8].map((v) => expect.closeTo(v, 9)))
  })

  it('where there is none inside, other steps look for the least energy', () => {
    const found = retrieved('model m\nstate x : positive\nenergy x + log(x)', { options: { maxSteps: 50 } })
    expect(found.outcome.kind).not.toBe('converged')
    expect(found.flows).toEqual(['exact, then quasi-newton'])
  })
})
