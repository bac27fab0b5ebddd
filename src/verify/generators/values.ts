import { hypot } from '../../base/special/hypot.ts'
import { pow } from '../../base/special/pow.ts'
import type { Support } from '../../families/parts/support.ts'
import type { Sizes } from '../../ir/graph.ts'
import { sizeOf, stridesOver, volumeOver } from '../../ir/layout.ts'
import { isUnbounded } from '../../middle/kinds.ts'
import type { ValueType } from '../../middle/model.ts'
import { typeOf } from '../../middle/supports.ts'

/**
 * Values of a type are made of whole numbers from -1000 to 1000, one per element: equal generators for all types, and
 * shrinking towards 0 makes every value simple (0, 1, the middle of an interval, the first element).
 */
export const RAW = 1000

/** Where values of a variable may lie: its type, narrowed by the families that hold it. */
export type Domain =
  | ValueType
  | { readonly kind: 'angle' }
  | { readonly kind: 'interval'; readonly lower: Float64Array; readonly upper: Float64Array }

/** Numbers for one variable, laid out over `axes`; elements of axes are numbered from 0. */
export function valuesOf(domain: Domain, axes: readonly string[], sizes: Sizes, raw: readonly number[]): Float64Array {
  return (arbitrary[domain.kind] as Arbitrary<Domain>)(domain, axes, sizes, raw)
}

/** How many whole numbers `valuesOf` wants. */
export function rawLength(axes: readonly string[], sizes: Sizes): number {
  return volumeOver(axes, sizes)
}

const real = (r: number): number => r / 250
/** Positives spread over scales, 0.03 to 30, with three digits so that people can read them. */
const positive = (r: number): number => Number(pow(10, 1.5 * (r / RAW)).toPrecision(3))
const fraction = (r: number): number => (r + RAW + 1) / (2 * RAW + 2)

type Arbitrary<D extends Domain> = (domain: D, axes: readonly string[], sizes: Sizes, raw: readonly number[]) => Float64Array

const each =
  (value: (r: number) => number): Arbitrary<Domain> =>
  (_domain, _axes, _sizes, raw) =>
    Float64Array.from(raw, value)

const line =
  (values: (group: readonly number[]) => readonly number[]): Arbitrary<Domain & { readonly axis: string }> =>
  (domain, axes, sizes, raw) =>
    grouped(axes, domain.axis, sizes, raw, values)

/** How values of each kind are made. */
const arbitrary: { readonly [K in Domain['kind']]: Arbitrary<Extract<Domain, { readonly kind: K }>> } = {
  real: each(real),
  positive: each(positive),
  nonnegative: each(positive),
  probability: each(fraction),
  angle: each((r) => (r / RAW) * 3.1),
  interval: ({ lower, upper }, _axes, _sizes, raw) =>
    Float64Array.from(raw, (r, i) => toInterval(r, lower[i] ?? -Infinity, upper[i] ?? Infinity)),
  spin: each((r) => (r < 0 ? -1 : 1)),
  bit: each((r) => (r > 0 ? 1 : 0)),
  count: each((r) => Math.floor(Math.abs(r) / 125)),
  element: ({ axis }, _axes, sizes, raw) => Float64Array.from(raw, (r) => Math.floor((Math.abs(r) / (RAW + 1)) * sizeOf(axis, sizes))),
  unit: line(toUnit),
  simplex: line(toSimplex),
  ordered: line(toOrdered),
  covariance: toMatrices,
  cholesky: toMatrices,
  correlation: toMatrices,
}

function toInterval(r: number, lower: number, upper: number): number {
  if (Number.isFinite(lower) && Number.isFinite(upper)) return lower + (upper - lower) * fraction(r)
  if (Number.isFinite(lower)) return lower + positive(r)
  return Number.isFinite(upper) ? upper - positive(r) : real(r)
}

function toSimplex(group: readonly number[]): readonly number[] {
  const weights = group.map(positive)
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / total)
}

function toUnit(group: readonly number[]): readonly number[] {
  const norm = hypot(...group)
  return norm === 0 ? group.map((_, i) => (i === 0 ? 1 : 0)) : group.map((r) => r / norm)
}

function toOrdered(group: readonly number[]): readonly number[] {
  let last = 0
  return group.map((r, i) => {
    last = i === 0 ? real(r) : last + positive(r)
    return last
  })
}

/** Maps the numbers along one axis together. */
function grouped(
  axes: readonly string[],
  along: string,
  sizes: Sizes,
  raw: readonly number[],
  map: (group: readonly number[]) => readonly number[],
): Float64Array {
  const size = sizeOf(along, sizes)
  const stride = stridesOver(axes, sizes).get(along) ?? 1
  const out = new Float64Array(raw.length)
  for (let start = 0; start < raw.length; start += 1) {
    if (Math.floor(start / stride) % size !== 0) continue
    const group = Array.from({ length: size }, (_, k) => raw[start + k * stride] as number)
    map(group).forEach((value, k) => {
      out[start + k * stride] = value
    })
  }
  return out
}

type MatrixType = Extract<ValueType, { readonly rows: string }>

/** L is lower triangular with a positive diagonal; a covariance is L L', and correlations have rows of unit length. */
function toMatrices(type: MatrixType, axes: readonly string[], sizes: Sizes, raw: readonly number[]): Float64Array {
  const { kind, rows, columns } = type
  const unitRows = type.kind === 'cholesky' && type.unitRows
  const n = sizeOf(rows, sizes)
  const strides = stridesOver(axes, sizes)
  const [down, right] = [strides.get(rows) ?? 1, strides.get(columns) ?? 1]
  const out = new Float64Array(raw.length)
  for (let start = 0; start < raw.length; start += 1) {
    if (Math.floor(start / down) % n !== 0 || Math.floor(start / right) % n !== 0) continue
    const at = (i: number, j: number): number => start + i * down + j * right
    const factor = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) =>
        j > i ? 0 : j === i ? positive((raw[at(i, i)] as number) / 3) : real(raw[at(i, j)] as number) / 4,
      ),
    )
    const free = kind === 'covariance' || (kind === 'cholesky' && unitRows !== true)
    const scaled = free ? factor : factor.map((r) => r.map((v) => v / hypot(...r)))
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1)
        out[at(i, j)] = kind === 'cholesky' ? (scaled[i]?.[j] as number) : dot(scaled[i] ?? [], scaled[j] ?? [])
  }
  return out
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)
}

/** The type, narrowed to where a family gives it a density: a plain real that is said to be poisson holds counts. */
export function narrowed(type: ValueType, support: Support, over: readonly string[]): Domain {
  if (type.kind !== 'real' && type.kind !== 'nonnegative') return type
  if ('turn' in support) return { kind: 'angle' }
  const narrow = 'matrix' in support ? undefined : typeOf(support, over)
  return narrow === undefined || isUnbounded(narrow) ? type : narrow
}
