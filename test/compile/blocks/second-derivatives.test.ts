import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { retrievalFrom } from '../../../src/api/pipeline.ts'
import { must } from '../../../src/base/internal-error.ts'
import type { Sizes } from '../../../src/ir/graph.ts'
import { matrixOf, systemsOf } from '../../../src/memory/blocks/systems.ts'
import { layoutOf } from '../../../src/memory/layout.ts'
import * as ports from '../../../src/middle/ports.ts'
import type { QuadraticBlock, RetrievalProgram } from '../../../src/middle/program.ts'
import { situationOf } from '../../../src/middle/situation.ts'
import { sizes as generatedSizes, model, parts, product } from '../conditionals/quadratic.ts'
import { Draw, energyOf, run, sizesOf } from '../models.ts'

interface Opened {
  readonly program: RetrievalProgram
  readonly sizes: Sizes
  /** Everything that is given. */
  readonly fixed: Readonly<Record<string, readonly number[]>>
}

function open(
  text: string,
  open: Sizes,
  given: Readonly<Record<string, readonly number[]>>,
  seed: number,
  keep: readonly string[] = [],
): Opened {
  const energy = energyOf(text)
  const { value: program, diagnostics } = retrievalFrom(energy, situationOf(energy, { keep }))
  if (program === undefined) throw new Error(diagnostics.map((d) => d.message).join())
  const sizes = sizesOf(program.axes, open)
  const draw = new Draw(seed)
  const length = (axes: readonly string[]): number => axes.reduce((n, axis) => n * (sizes[axis] as number), 1)
  const random = program.fixed.map((v) => [v.name, draw.normals(v.name, length(v.axes))] as const)
  return { program, sizes, fixed: { ...Object.fromEntries(random), ...given, [ports.temperature]: [1] } }
}

function at({ program, sizes, fixed }: Opened, x: Float64Array): Record<string, Float64Array> {
  const inputs: Record<string, readonly number[] | Float64Array> = { ...fixed }
  for (const { state, offset, length } of layoutOf(program, sizes).blocks)
    inputs[ports.coordinate(state.name)] = x.slice(offset, offset + length)
  return { ...run(program.graph, sizes, inputs), ...Object.assign({}, ...program.blocks.map((b) => run(b.graph, sizes, inputs))) }
}

/** The second derivatives of a block over all coordinates, put together from its systems. */
function wholeMatrix(opened: Opened, block: QuadraticBlock, x: Float64Array): number[][] {
  const { program, sizes } = opened
  const layout = layoutOf(program, sizes)
  const outputs = at(opened, x)
  const n = layout.length
  const all = { layout, moves: new Uint8Array(n).fill(1), held: new Uint8Array(n), grain: 0, tolerance: 0 }
  const whole = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  for (const system of systemsOf(block, all, sizes)) {
    const numbers = block.parts.map((p) => must(outputs[p.port], 'part'))
    const matrix = matrixOf(system, numbers)
    system.at.forEach((i, r) => {
      system.at.forEach((j, c) => {
        ;(whole[i] as number[])[j] = matrix[Math.max(r, c) * system.at.length + Math.min(r, c)] as number
      })
    })
  }
  return whole
}

function gradientAt(opened: Opened, x: Float64Array): number[] {
  const out = at(opened, x)
  return layoutOf(opened.program, opened.sizes).blocks.flatMap((b) => [...(out[ports.gradient(b.state.name)] as Float64Array)])
}

const quadratic = (program: RetrievalProgram): readonly QuadraticBlock[] => program.blocks.filter((b) => b.kind === 'quadratic')

/** Of a quadratic, differences of gradients over any distance are exact but for rounding. */
function expectExact(opened: Opened, seed: number): void {
  const n = layoutOf(opened.program, opened.sizes).length
  const x = Float64Array.from(new Draw(seed).normals('x', n))
  const [block] = quadratic(opened.program)
  const matrix = wholeMatrix(opened, must(block, 'block'), x)
  const before = gradientAt(opened, x)
  for (let i = 0; i < n; i += 1) {
    const after = gradientAt(opened, x.with(i, (x[i] as number) + 1))
    after.forEach((g, j) => {
      // Sums of some hundred products of numbers of size 1 to 100.
      expect(Math.abs(g - (before[j] as number) - (matrix[i]?.[j] as number))).toBeLessThan(1e-9 * Math.max(1, Math.abs(g)))
    })
  }
}

const declared = { at: [0, 2, 1, 2], flag: [1, 0, 1], n: [1, 2, 0, 3], t: [0.5, 1, 2, 1] }

test('second derivatives of generated quadratics are differences of gradients', () => {
  fc.assert(
    fc.property(parts, fc.nat(1000), (all, seed) => {
      const text = model(['state x[i, j] ~ normal(0, 1)', ...all.flatMap((p, i) => product(String(i), p))])
      const opened = open(text, { ...generatedSizes, k: 3 }, declared, seed)
      // Where no elements meet, the diagonal bound is the matrix, and there is no block.
      if (quadratic(opened.program).length === 0) return
      expect(quadratic(opened.program)).toMatchObject([{ exact: true, states: ['x'] }])
      expectExact(opened, seed)
    }),
    { seed: 83, numRuns: 60 },
  )
})

describe.each([
  ['states that meet each other', 'state x[i] ~ normal(a, 1)\nstate a ~ normal(0, 2)\nstate z[i, j] ~ normal(x, 0.5)'],
  ['regression', 'data A[r, i]\ndata y[r]\nstate x[i] ~ normal(0, 1)\ny ~ normal(sum[i](A * x), 0.3)'],
  ['one matrix for many', 'data W[h, j]\ndata y[i, j]\nstate x[i, h] ~ normal(0, 1)\ny ~ normal(sum[h](W * x), 0.3)'],
  ['groups', 'axis g = 2\ndata at[r] : g\ndata y[r]\nstate b[g] ~ normal(m, 1)\nstate m ~ normal(0, 1)\ny ~ normal(b[g = at], 1)'],
  ['a chain', 'state x[t]\nx[t] ~ normal(0.9 * x[t = t - 1 else 0], 1)\ndata y[t]\ny ~ normal(x, 0.5)'],
  [
    'a Gaussian vector',
    'axis k = size(i)\ndata S[i, k] : covariance[i, k]\ndata y[i]\nstate x[i] ~ multi_normal[i](0.5 + 0 * y, S)\ny ~ normal(x, 0.5)',
  ],
])('%s', (_, lines) => {
  const sizes = { i: 3, j: 2, r: 4, h: 2, t: 4, k: 3 }
  const given = { at: [0, 1, 1, 0], S: [2, 0.5, 0.1, 0.5, 1, 0.2, 0.1, 0.2, 1.5] }

  it('has one block, whose second derivatives are differences of gradients', () => {
    const opened = open(`model m\n${lines}`, sizes, given, 3)
    const states = opened.program.states.map((s) => s.name)
    expect(quadratic(opened.program).map((b) => [...b.states].sort())).toEqual([[...states].sort()])
    expectExact(opened, 4)
  })
})

it('parts what meets in products, and takes together what does not', () => {
  const { program } = open('model m\ndata y[i, j]\nstate u[i, h] ~ normal(0, 1)\nstate v[h, j] ~ normal(0, 1)\nstate b[j] ~ normal(0, 1)\ny ~ normal(sum[h](u * v) + b, 1)', { i: 3, j: 2, h: 2 }, {}, 1) // biome-ignore format: one line
  expect(program.blocks.map((b) => b.states)).toEqual([['u', 'b'], ['v']])
})

it('needs no block where the diagonal bound is the matrix: attention, mean shift', () => {
  for (const text of [
    'model m\nmemory xi[p, i]\nstate x[i]\nenergy sum[i](x^2) / 2 - logsumexp[p](sum[i](xi * x))',
    'model m\nmemory xi[p, i]\nstate k : p\nstate x[i] ~ normal(xi[k], 0.1)',
  ]) {
    expect(open(text, { p: 3, i: 2 }, {}, 1).program.blocks).toEqual([])
  }
})

/** Bounds of E, each by a rule of its own. */
const bounded: readonly (readonly [string, string])[] = [
  [
    'a mixture behind a decoder',
    'memory m[p, h]\ndata V[h, i]\nstate k : p\nstate z[h] ~ normal(m[k], 0.7)\nstate x[i] ~ normal(sum[h](V * z), 0.4)',
  ],
  ['heavy tails', 'data A[r, i]\ndata y[r]\nstate x[i] ~ normal(0, 3)\ny ~ student_t(3, sum[i](A * x), 0.5)'],
  ['logistic regression', 'data A[r, i]\ndata y[r] : bit\nstate x[i] ~ normal(0, 3)\ny ~ bernoulli_logit(sum[i](A * x))'],
  ['a concave function of a quadratic', 'data A[r, i]\nstate x[i]\nenergy sqrt(1 + sum[r](sum[i](A * x)^2))'],
  [
    'a convex function taken off',
    'data A[r, i]\nstate x[i]\nenergy sum[i](x^2) + x[i = 1] * x[i = 2] - sum[r](log_cosh(sum[i](A * x))) / 9',
  ],
  ['a wave', 'data A[r, i]\nstate x[i]\nenergy sum[i](x^2) + sum[r](sin(sum[i](A * x)))'],
]

test.each(bounded)('of %s: E lies below its bound everywhere', (_, lines) => {
  const sizes = { p: 3, h: 2, i: 3, r: 4 }
  const opened = open(`model m\n${lines}`, sizes, { y: [1, 0, 1, 1] }, 5)
  const [block, ...others] = quadratic(opened.program)
  expect(others).toEqual([])
  expect(block?.exact).toBe(false)
  const n = layoutOf(opened.program, opened.sizes).length
  const energyAt = (x: Float64Array): number => at(opened, x)[ports.energy]?.[0] as number
  for (let seed = 0; seed < 60; seed += 1) {
    const draw = new Draw(seed)
    const x = Float64Array.from(draw.normals('x', n, 2))
    const step = draw.normals('step', n, 10 ** ((seed % 5) - 3))
    const matrix = wholeMatrix(opened, must(block, 'block'), x)
    const along = gradientAt(opened, x).reduce((sum, g, i) => sum + g * (step[i] as number), 0)
    const bend = step.reduce((sum, a, i) => sum + step.reduce((s, b, j) => s + (a * b * (matrix[i]?.[j] as number)) / 2, 0), 0)
    const [before, after] = [energyAt(x), energyAt(x.map((v, i) => v + (step[i] as number)))]
    // 1e-12 of the size of the numbers that are taken from each other is rounding.
    expect(after - before - along - bend).toBeLessThan(1e-12 * (Math.abs(before) + Math.abs(after) + Math.abs(along) + Math.abs(bend) + 1))
  }
})
