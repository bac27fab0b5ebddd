import { describe, expect, it } from 'vitest'
import { densities } from '../../src/families/tables/densities.ts'
import { interiors } from '../../src/families/tables/interiors.ts'
import type { FamilyName } from '../../src/families/tables/signatures.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { maths } from '../../src/ir/maths.ts'

/** Two values and two sets of arguments each, inside the support; vectors are along `k`, of three elements. */
const cases: { readonly [K in FamilyName]?: readonly [xs: Pair, args: readonly Pair[]] } = {
  normal: [[0.3, -1.2], [[0.5, 1], [0.7, 2]]], // biome-ignore format: a row each
  half_normal: [[0.3, 1.2], [[0.7, 2]]], // biome-ignore format: a row each
  lognormal: [[0.3, 1.2], [[0.5, 1], [0.7, 2]]], // biome-ignore format: a row each
  laplace: [[0.3, -1.2], [[0.5, 1], [0.7, 2]]], // biome-ignore format: a row each
  exponential: [[0.3, 1.2], [[0.7, 2]]], // biome-ignore format: a row each
  gamma: [[0.3, 1.2], [[0.5, 3], [0.7, 2]]], // biome-ignore format: a row each
  inverse_gamma: [[0.3, 1.2], [[0.5, 3], [0.7, 2]]], // biome-ignore format: a row each
  chi_square: [[0.3, 1.2], [[3, 5]]], // biome-ignore format: a row each
  pareto: [[3, 4], [[0.5, 1], [0.7, 2]]], // biome-ignore format: a row each
  beta: [[0.3, 0.8], [[0.5, 3], [0.7, 2]]], // biome-ignore format: a row each
  uniform: [[0.3, 0.8], [[-1, -2], [1, 2]]], // biome-ignore format: a row each
  bernoulli: [[0, 1], [[0.3, 0.6]]], // biome-ignore format: a row each
  binomial: [[1, 4], [[5, 5], [0.3, 0.6]]], // biome-ignore format: a row each
  poisson: [[1, 4], [[0.7, 2]]], // biome-ignore format: a row each
  categorical: [[0, 2], [[[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]]], // biome-ignore format: a row each
  multinomial: [[[1, 0, 2], [0, 3, 0]], [[3, 3], [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]]], // biome-ignore format: a row each
  dirichlet: [[[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]], [[[1, 2, 3], [0.5, 4, 1]]]], // biome-ignore format: a row each
}
type Value = number | readonly number[]
type Pair = readonly [Value, Value]

/** The formula inside less the density, at a value and arguments. */
function gap(family: FamilyName, x: Value, args: readonly Value[]): number {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const inputs: Record<string, Float64Array> = {}
  const input = (name: string, value: Value) => {
    inputs[name] = Float64Array.from([value].flat())
    return builder.input(name, Array.isArray(value) ? ['k'] : [])
  }
  const [left, nodes] = [input('x', x), args.map((a, i) => input(`a${i}`, a))]
  const context = { over: Array.isArray(x) ? ['k'] : [], element: 'k' }
  const inside = interiors[family]?.logDensity(m, left, nodes, context) ?? m.k(Number.NaN)
  builder.output('gap', m.sub(inside, densities[family].logDensity(m, left, nodes, context)))
  return evaluate(builder.finish(), { k: 3 }, inputs).gap?.[0] as number
}

describe('the formula of a family inside its support', () => {
  it('is tested of each family that has one', () => {
    expect(Object.keys(cases)).toEqual(Object.keys(interiors))
  })

  it.each(Object.keys(interiors) as FamilyName[])('of %s is its log density', (family) => {
    const [xs, args] = cases[family] ?? [[0, 0], []]
    // 12 digits after the point: a few roundings of numbers of size 10.
    for (const x of xs) for (const k of [0, 1]) expect(gap(family, x, args.map((a) => a[k] as Value))).toBeCloseTo(0, 12) // biome-ignore format: one idea
  })
})
