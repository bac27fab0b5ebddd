import { describe, expect, it } from 'vitest'
import { keyFromSeed, Stream } from '../../src/base/random.ts'
import { boundsOf, type Kind, kindOf, kinds, levelsOf, namedAxes, ownAxes } from '../../src/middle/kinds.ts'
import type { ValueType } from '../../src/middle/model.ts'

const SIZE = 4
const sizes = { k: SIZE, d: SIZE, e: SIZE }

/** The types of a kind: over axes `d` and `e`, or `k`. */
function typeOf(kind: Kind): ValueType {
  const { written } = kinds[kind]
  if (written === undefined) return { kind: 'element', axis: 'k' }
  return written.axes === 2 ? written.type('d', 'e') : written.type('k', '')
}

const all = Object.keys(kinds).map((kind) => ({ kind, type: typeOf(kind as Kind) }))

/** The neutral value of a type over the axes that it names, row-major. */
function neutral(type: ValueType): readonly number[] {
  const stream = new Stream(keyFromSeed(7))
  const own = namedAxes(type)
  const lengths = own.map(() => SIZE)
  const total = lengths.reduce((n, size) => n * size, 1)
  const places = Array.from({ length: total }, (_, i) =>
    own.length === 2 ? [Math.floor(i / SIZE), i % SIZE] : own.length === 1 ? [i] : [],
  )
  return places.map((at) => kindOf(type).neutral(type, { at, sizes: lengths, stream }))
}

describe('kinds of types', () => {
  it.each(all)('makes the type $kind that it is the rule of', ({ kind, type }) => {
    expect(type.kind).toBe(kind)
    expect(ownAxes(type)).toHaveLength(kinds[kind as Kind].written?.axes ?? 0)
  })

  it.each(all)('starts $kind in the middle of its values', ({ type }) => {
    const rule = kindOf(type)
    const values = neutral(type)
    // Elements are numbered from 1 outside.
    const outside = type.kind === 'element' ? values.map((v) => v + 1) : values
    expect(outside.filter((v) => !rule.allows(v, type, sizes))).toEqual([])
    expect(values.filter((v) => v < rule.range.low || v > rule.range.high || (v === 0 && !rule.range.zero))).toEqual([])
    expect(rule.line?.holds(values)).not.toBe(false)
    const rows = Array.from({ length: SIZE }, (_, i) => Float64Array.from(values.slice(i * SIZE, (i + 1) * SIZE)))
    expect(rule.badEntry?.(rows, type)).toBeUndefined()
  })

  it.each(all)('agrees with itself about the ends of $kind', ({ type }) => {
    const { range, allows, isCompact } = kindOf(type)
    const bounds = boundsOf(type)
    if (bounds === undefined) return
    expect(bounds).toEqual({ lower: range.low, upper: range.high })
    expect(isCompact(type)).toBe(Number.isFinite(range.low) && Number.isFinite(range.high))
    for (const [end, beyond] of [
      [range.low, -1e-9],
      [range.high, 1e-9],
    ] as const) {
      if (!Number.isFinite(end)) continue
      expect(allows(end, type, sizes)).toBe(end !== 0 || range.zero)
      expect(allows(end + beyond, type, sizes)).toBe(false)
    }
  })

  it.each(all)('has levels of $kind that are its values, and whole', ({ type }) => {
    const levels = levelsOf(type)
    if (levels === undefined) return
    const { range, allows, discrete } = kindOf(type)
    expect(discrete).toBe(true)
    if (levels.kind === 'axis') return
    for (const v of levels.values) {
      expect(allows(v, type, sizes)).toBe(true)
      expect(v >= range.low && v <= range.high && (v !== 0 || range.zero)).toBe(true)
    }
    expect(levels.values[0]).toBeLessThan(levels.values[1])
  })

  it('increases along the axis of an ordered state wherever that axis stands', () => {
    const stream = new Stream(keyFromSeed(7))
    const at = (k: number): number => kinds.ordered.neutral({ kind: 'ordered', axis: 'k' }, { at: [k], sizes: [SIZE], stream })
    expect([0, 1, 2, 3].map(at)).toEqual([0, 1, 2, 3])
  })

  it('says by which number a matrix is none of its type', () => {
    const said = (
      kind: 'covariance' | 'correlation' | 'cholesky',
      rows: readonly (readonly number[])[],
      unitRows = false,
    ): string | undefined => {
      const type: ValueType = { kind, rows: 'd', columns: 'e', ...(kind === 'cholesky' ? { unitRows } : {}) } as ValueType
      const matrix = rows.map((r) => Float64Array.from(r))
      return kindOf(type)
        .badEntry?.(matrix, type)
        ?.why(
          (i) => `row ${i}`,
          (i, j) => `${i},${j}`,
        )
    }
    expect(said('covariance', [[2, 1], [1, 2]])).toBeUndefined() // biome-ignore format: a matrix
    expect(said('covariance', [[1, 2], [2, 1]])).toBe('is symmetric, but not positive definite: its Cholesky factorisation ends at 1,1') // biome-ignore format: a matrix
    expect(said('covariance', [[1, 2], [0, 9]])).toBe('is not symmetric: 2 at 0,1, and 0 at 1,0') // biome-ignore format: a matrix
    expect(said('covariance', [[0, 0], [0, 1]])).toBe('has 0 on the diagonal, at 0,0') // biome-ignore format: a matrix
    expect(said('correlation', [[1, 0], [0, 2]])).toBe('has 2 on the diagonal, at 1,1') // biome-ignore format: a matrix
    expect(said('cholesky', [[1, 1], [0, 1]])).toBe('has 1 above the diagonal, at 0,1') // biome-ignore format: a matrix
    expect(said('cholesky', [[1, 0], [1, -1]])).toBe('has -1 on the diagonal, at 1,1') // biome-ignore format: a matrix
    expect(said('cholesky', [[1, 0], [3, 4]])).toBeUndefined() // biome-ignore format: a matrix
    expect(said('cholesky', [[1, 0], [3, 4]], true)).toBe('has a row of length 5 at row 1') // biome-ignore format: a matrix
  })
})
