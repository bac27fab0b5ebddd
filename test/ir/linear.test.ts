import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { Graph, Sizes } from '../../src/ir/graph.ts'
import { maths } from '../../src/ir/maths.ts'
import { printGraph } from '../../src/ir/print.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { agreesWithReference } from '../laws/agreement.ts'

const f64 = (x: readonly number[]): Float64Array => Float64Array.from(x)

function factorGraph(axes: readonly string[]): Graph {
  const builder = new GraphBuilder()
  builder.output('L', builder.cholesky(builder.input('x', axes), 'd', 'e'), axes)
  return builder.finish()
}

function factorOf(x: readonly number[], sizes: Sizes, axes: readonly string[] = ['d', 'e']): readonly number[] {
  return [...(evaluate(factorGraph(axes), sizes, { x: f64(x) }).L as Float64Array)]
}

describe('cholesky', () => {
  it('is the lower factor', () => {
    // 4 = 2 2, 2 = 1 2, 10 = 1 + 3 3
    expect(factorOf([4, 2, 2, 10], { d: 2, e: 2 })).toEqual([2, 0, 1, 3])
  })

  it('reads the lower triangle alone, whichever way the matrix is laid out', () => {
    expect(factorOf([4, 99, 2, 10], { d: 2, e: 2 })).toEqual([2, 0, 1, 3])
    // Laid out by columns.
    expect(factorOf([4, 2, 99, 10], { d: 2, e: 2 }, ['e', 'd'])).toEqual([2, 1, 0, 3])
  })

  it('keeps other axes', () => {
    expect(factorOf([4, 2, 2, 10, 1, 0, 0, 9], { d: 2, e: 2, k: 2 }, ['k', 'd', 'e'])).toEqual([2, 0, 1, 3, 1, 0, 0, 3])
  })

  it('is NaN from the first column on that does not exist', () => {
    // The second pivot is 1 - 2^2 < 0.
    expect(factorOf([1, 2, 1, 2, 1, 0, 1, 0, 5], { d: 3, e: 3 })).toEqual([1, 0, 0, 2, Number.NaN, 0, 1, Number.NaN, Number.NaN])
    expect(factorOf([0, 0, 0, 1], { d: 2, e: 2 })).toEqual([Number.NaN, 0, Number.NaN, Number.NaN])
    expect(factorOf([Infinity], { d: 1, e: 1 })).toEqual([Number.NaN])
  })

  it('of something constant along an axis is laid out along it', () => {
    const builder = new GraphBuilder()
    builder.output('L', builder.cholesky(builder.constant(4), 'd', 'e'), ['d', 'e'])
    expect([...(evaluate(builder.finish(), { d: 1, e: 1 }, {}).L as Float64Array)]).toEqual([2])
  })
})

describe('solve_lower', () => {
  const solved = (transposed: boolean, lower: readonly number[], b: readonly number[], n: number): readonly number[] => {
    const builder = new GraphBuilder()
    const [from, to] = transposed ? ['e', 'd'] : ['d', 'e']
    const z = builder.solveLower(builder.input('L', ['d', 'e']), builder.input('b', [from as string]), 'd', 'e', transposed)
    builder.output('z', z, [to as string])
    return [...(evaluate(builder.finish(), { d: n, e: n }, { L: f64(lower), b: f64(b) }).z as Float64Array)]
  }

  it('undoes L and its transpose, of which it reads the lower triangle', () => {
    // 2 z0 = 2, z0 + 3 z1 = 7
    expect(solved(false, [2, 99, 1, 3], [2, 7], 2)).toEqual([1, 2])
    // 2 z0 + z1 = 4, 3 z1 = 6
    expect(solved(true, [2, 99, 1, 3], [4, 6], 2)).toEqual([1, 2])
  })

  it('refuses a right side that varies along the axis of the solution', () => {
    const builder = new GraphBuilder()
    const matrix = builder.input('L', ['d', 'e'])
    expect(() => builder.solveLower(matrix, matrix, 'd', 'e')).toThrow(/varies along it/)
  })
})

/** The log density of a normal vector, whose derivatives by matrix and vector have closed forms. */
function normalGraph(): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [x, y] = [builder.input('x', ['d', 'e']), builder.input('y', ['d'])]
  const lower = builder.cholesky(x, 'd', 'e')
  const logs = m.sum(['d'], m.log(builder.pick(lower, 'e', builder.index('d'))))
  const energy = m.add(m.mul(m.k(0.5), m.sum(['e'], m.square(builder.solveLower(lower, y, 'd', 'e')))), logs)
  builder.output('energy', energy)
  gradient(builder, energy, [x, y]).forEach((g, k) => {
    builder.output(k === 0 ? 'by x' : 'by y', g, k === 0 ? ['d', 'e'] : ['d'])
  })
  return builder.finish()
}

describe('derivatives', () => {
  it('are those of the quadratic form and the log determinant', () => {
    const sizes = { d: 2, e: 2 }
    const out = evaluate(normalGraph(), sizes, { x: f64([4, 2, 2, 10]), y: f64([3, -1]) })
    // x^-1 = [10, -2; -2, 4] / 36 and w = x^-1 y = [32, -10] / 36; by x: (x^-1 - w w') / 2, off the diagonal twice.
    const w = [32 / 36, -10 / 36] as const
    expect(out.energy?.[0]).toBeCloseTo(0.5 * (3 * w[0] - w[1]) + 0.5 * Math.log(36), 12)
    const expected = [0.5 * (10 / 36 - w[0] ** 2), 0, -2 / 36 - w[0] * w[1], 0.5 * (4 / 36 - w[1] ** 2)]
    out['by x']?.forEach((g, i) => {
      expect(g).toBeCloseTo(expected[i] as number, 12)
    })
    expect([...(out['by y'] as Float64Array)].map((g, i) => g - (w[i] as number))).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)])
  })

  it('are 0 where a choice leaves out a factor that does not exist', () => {
    const builder = new GraphBuilder()
    const m = maths(builder)
    const x = builder.input('x', ['d', 'e'])
    const lower = builder.cholesky(x, 'd', 'e')
    const ok = m.equal(m.sum(['d'], m.less(m.k(0), builder.pick(lower, 'e', builder.index('d')))), builder.size('d'))
    const safe = m.where(ok, lower, m.equal(builder.index('d'), builder.index('e')))
    const [g] = gradient(builder, m.sum(['d', 'e'], builder.solveLower(safe, builder.index('d'), 'd', 'e')), [x])
    builder.output('g', g as number, ['d', 'e'])
    expect([...(evaluate(builder.finish(), { d: 2, e: 2 }, { x: f64([1, 2, 2, 1]) }).g as Float64Array)]).toEqual([0, 0, 0, 0])
  })
})

describe('a kernel', () => {
  /** a a' + I for a that looks random. */
  const positive = (n: number): Float64Array => {
    const a = Array.from({ length: n * n }, (_, i) => Math.sin(12.9898 * (i + 1)) * 1.7)
    return Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      let sum = i === j ? 1 : 0
      for (let k = 0; k < n; k += 1) sum += (a[i * n + k] as number) * (a[j * n + k] as number)
      return sum
    })
  }

  it.each([1, 2, 3, 4, 7, 12])('computes what the reference computes for %i rows', (n) => {
    const inputs = { x: positive(n), y: Float64Array.from({ length: n }, (_, i) => Math.cos(i)) }
    // Rounding of 1e-16 grows with the condition number, at most a few hundred here, and the number of terms.
    const law = agreesWithReference(kernel, { tolerance: 1e-11 })
    expect(law({ graph: normalGraph(), sizes: { d: n, e: n }, inputs })).toBeUndefined()
    expect(law({ graph: factorGraph(['e', 'd']), sizes: { d: n, e: n }, inputs: { x: inputs.x } })).toBeUndefined()
  })

  it('has the same NaN', () => {
    const law = agreesWithReference(kernel, { tolerance: 0 })
    const inputs = { x: f64([1, 2, 1, 2, 1, 0, 1, 0, 5]) }
    expect(law({ graph: factorGraph(['d', 'e']), sizes: { d: 3, e: 3 }, inputs })).toBeUndefined()
  })
})

it('prints', () => {
  const builder = new GraphBuilder()
  const lower = builder.cholesky(builder.input('x', ['d', 'e']), 'd', 'e')
  builder.output('z', builder.solveLower(lower, builder.input('b', ['e']), 'd', 'e', true))
  expect(printGraph(builder.finish())).toMatchInlineSnapshot(`
    "input x[d, e]
    input b[e]
    %0[d, e] = cholesky[d, e](x)
    %1[d] = solve_lower[d, e, transposed](%0, b)
    z[d] = %1"
  `)
})
