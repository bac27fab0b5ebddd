import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import type { ArrayFamily } from '../../src/families/tables/signatures.ts'
import { arrays } from './cases.ts'
import { type FamilyRule, familyRules } from './rules.ts'

/** Flat arguments, the shape of a draw, means and variances of its elements. */
type Row = readonly [args: (number | string)[][], shape: number[], means: (number | string)[], variances: (number | string)[]]

const table = JSON.parse(readFileSync(new URL('./reference-moments.json', import.meta.url), 'utf8')) as Record<string, Row[]>
const rules = familyRules as Readonly<Record<string, unknown>>
const ruleOf = (name: string): FamilyRule => rules[name] as FamilyRule
const sizesOf = (shape: readonly number[]): [number, number] => [shape[0] as number, shape[1] ?? 1]

function momentsOf(name: string, args: readonly Float64Array[], shape: readonly number[]): readonly [means: number[], variances: number[]] {
  const rule = ruleOf(name)
  const [size, columns] = sizesOf(shape)
  const [means, variances] = [rule.means?.(args, size, columns), rule.variances?.(args, size, columns)]
  return [[...must(means, 'means')], [...must(variances, 'variances')]]
}

describe.each(Object.entries(table))('%s', (name, rows) => {
  test('has the means and variances of scipy', () => {
    for (const [texts, shape, ...wanted] of rows) {
      const args = texts.map((a) => Float64Array.from(a, Number))
      const what = `${name} of ${JSON.stringify(texts)}`
      momentsOf(name, args, shape).forEach((got, k) => {
        expect(got.length, what).toBe(wanted[k]?.length)
        got.forEach((v, i) => {
          const target = Number(wanted[k]?.[i])
          if (!Number.isFinite(target)) expect(v, what).toBe(target)
          // 1e-12: some ten roundings each; unit vectors of the table are unit to 1e-16, which counts against 1 - mu^2.
          else expect(Math.abs(v - target), `${what}: ${v}, wanted ${target}`).toBeLessThanOrEqual(1e-12 * Math.abs(target))
        })
      })
    }
  })
})

const drawn = (Object.keys(arrays) as ArrayFamily[]).flatMap((name) => arrays[name].map(({ args, shape }) => [name, args, shape] as const))

describe('moments are those of draws', () => {
  const N = 20_000

  // |z| > 5.5 happens once in 2.6e7 for a normal z; sums of 20 000 terms with these tails come close enough to 1e-6 each.
  test.each(drawn)('of %s(%j)', (name, given, shape) => {
    const rule = ruleOf(name)
    const [size, columns] = sizesOf(shape)
    const args = given.map((a) => Float64Array.from(a))
    const stream = new Stream(fold(keyFromSeed(20250117), name + JSON.stringify(given)))
    const [means, variances] = momentsOf(name, args, shape)
    const draw = (): Float64Array =>
      must(rule.sampleVector?.(stream, args, size) ?? rule.sampleMatrix?.(stream, args, size, columns), 'a draw')
    const draws = Array.from({ length: N }, draw)
    means.forEach((mean, i) => {
      const [of, spread] = [draws.map((x) => x[i] as number), variances[i] as number]
      expectMean(of, mean, `mean of ${i}`)
      expectMean(
        of.map((v) => (v - mean) ** 2),
        spread,
        `variance of ${i}`,
      )
    })
  })

  /** The mean of draws is within 5.5 of its own standard errors of `wanted`; exactly, but for rounding, where they do not vary. */
  function expectMean(values: readonly number[], wanted: number, what: string): void {
    const mean = values.reduce((a, b) => a + b, 0) / N
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (N - 1)
    expect(Math.abs(mean - wanted), `${what}: ${mean}, wanted ${wanted}`).toBeLessThanOrEqual(5.5 * Math.sqrt(variance / N) + 1e-12)
  }
})

describe('where there is none', () => {
  const eye = Float64Array.of(1, 0.5, 0.5, 2)
  const of = (nu: number) => momentsOf('inverse_wishart', [Float64Array.of(nu), eye], [2, 2])

  test('inverse_wishart has infinite means on the diagonal, and no others, up to size + 1 degrees of freedom', () => {
    expect(of(3)).toEqual([
      [Infinity, NaN, NaN, Infinity],
      [Infinity, NaN, NaN, Infinity],
    ])
    expect(of(0.9)).toEqual([
      [NaN, NaN, NaN, NaN],
      [NaN, NaN, NaN, NaN],
    ])
  })

  test('inverse_wishart has means and infinite variances up to size + 3', () => {
    expect(of(5)).toEqual([
      [0.5, 0.25, 0.25, 1],
      [Infinity, Infinity, Infinity, Infinity],
    ])
  })

  test('wishart has none up to size - 1', () => {
    expect(momentsOf('wishart', [Float64Array.of(1), eye], [2, 2])[0]).toEqual([NaN, NaN, NaN, NaN])
  })
})
