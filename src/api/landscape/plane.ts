import { must } from '../../base/internal-error.ts'
import type { MovingNumbers } from './coordinates.ts'

/** A plane among the numbers that move: `origin + u first + v second`, the directions of length 1 and at right angles. */
export interface Plane {
  readonly origin: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
  readonly labels: readonly [string, string]
  /** What it goes through, as a sentence; undefined where it is all there is. */
  readonly how: string | undefined
}

export type PlanePoint = readonly [u: number, v: number]

export function pointOn({ origin, first, second }: Plane, [u, v]: PlanePoint, out = new Float64Array(origin.length)): Float64Array {
  for (let i = 0; i < out.length; i += 1) out[i] = must(origin[i], 'origin') + u * must(first[i], 'first') + v * must(second[i], 'second')
  return out
}

/** The nearest place of the plane. */
export function projected({ origin, first, second }: Plane, point: Float64Array): PlanePoint {
  let [u, v] = [0, 0]
  for (const [i, x] of point.entries()) {
    const d = x - must(origin[i], 'origin')
    u += d * must(first[i], 'first')
    v += d * must(second[i], 'second')
  }
  return [u, v]
}

/** Along two of the numbers, the others held where `held` has them. */
export function planeAlong({ moving }: MovingNumbers, [a, b]: readonly [number, number], held: Float64Array): Plane {
  const unit = (k: number): Float64Array => Float64Array.from(moving, (_, i) => (i === k ? 1 : 0))
  const origin = Float64Array.from(held, (x, i) => (i === a || i === b ? 0 : x))
  const labels = [must(moving[a], 'first').name, must(moving[b], 'second').name] as const
  if (moving.length === 2) return { origin, first: unit(a), second: unit(b), labels, how: undefined }
  const others = moving.length - 2
  const how = `The other ${others === 1 ? 'number is' : `${others} numbers are`} held where retrieval from the cue ends.`
  return { origin, first: unit(a), second: unit(b), labels, how }
}

/** Through two memories and 0, or by the first two principal components of more; undefined where these span no plane. */
export function planeOfMemories(memories: readonly Float64Array[], name: string): Plane | undefined {
  const [one, other] = memories
  if (one === undefined || other === undefined) return undefined
  if (memories.length === 2) {
    const first = normalised(one)
    const second = first && normalised(without(other, first))
    if (first === undefined || second === undefined) return undefined
    const labels = [`along ${name}[1]`, `at right angles, towards ${name}[2]`] as const
    return { origin: new Float64Array(one.length), first, second, labels, how: `The plane goes through 0, ${name}[1] and ${name}[2].` }
  }
  const origin = one.map((_, i) => memories.reduce((sum, m) => sum + must(m[i], 'element'), 0) / memories.length)
  const centred = memories.map((m) => m.map((x, i) => x - must(origin[i], 'mean')))
  const found = principal(centred)
  if (found === undefined) return undefined
  const [first, second, share] = found
  const how = `The plane goes through the mean of ${name} along its first two principal components, which have ${Math.round(100 * share)}\u00a0% of its variance.`
  return { origin, first, second, labels: [`first principal component of ${name}`, `second principal component of ${name}`], how }
}

/** Enough for any two components that are worth telling apart. */
const ROUNDS = 200

/** Orthogonal iteration of the covariance; the directions have the sign that makes their largest entry positive. */
function principal(rows: readonly Float64Array[]): readonly [Float64Array, Float64Array, number] | undefined {
  const times = (v: Float64Array): Float64Array => {
    const out = new Float64Array(v.length)
    for (const row of rows) {
      const along = dot(row, v)
      for (let i = 0; i < out.length; i += 1) out[i] = must(out[i], 'sum') + along * must(row[i], 'element')
    }
    return out
  }
  const total = rows.reduce((sum, row) => sum + dot(row, row), 0)
  const largest = rows.reduce((a, b) => (dot(b, b) > dot(a, a) ? b : a))
  let first = normalised(largest)
  if (first === undefined || total === 0) return undefined
  const rest = rows.map((row) => without(row, first as Float64Array))
  let second = normalised(rest.reduce((a, b) => (dot(b, b) > dot(a, a) ? b : a)))
  if (second === undefined) return undefined
  for (let k = 0; k < ROUNDS; k += 1) {
    first = normalised(times(first)) ?? first
    const next = normalised(without(times(second), first))
    if (next === undefined) return undefined
    second = next
  }
  const share = (dot(times(first), first) + dot(times(second), second)) / total
  return [turned(first), turned(second), share]
}

function turned(v: Float64Array): Float64Array {
  const largest = v.reduce((a, b) => (Math.abs(b) > Math.abs(a) + 1e-12 ? b : a), 0)
  return largest < 0 ? v.map((x) => -x) : v
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * must(b[i], 'element'), 0)

function without(v: Float64Array, direction: Float64Array): Float64Array {
  const along = dot(v, direction)
  return v.map((x, i) => x - along * must(direction[i], 'element'))
}

function normalised(v: Float64Array): Float64Array | undefined {
  const length = Math.sqrt(dot(v, v))
  return length > 1e-9 ? v.map((x) => x / length) : undefined
}
