import { must } from '../../base/internal-error.ts'
import { symmetricEigen } from '../../base/linear/eigen.ts'
import { hypot } from '../../base/special/hypot.ts'
import type { PlanePoint } from './plane.ts'
import { between, isInside, type PictureWindow } from './window.ts'

/** Where the gradient is 0, by what lies around it. */
export type RestKind = 'minimum' | 'saddle' | 'maximum' | 'flat'

/** The gradient at a point, written anew each time; undefined where there is none. */
export type SlopeAt = (at: Float64Array) => Float64Array | undefined

/** More numbers than this take too many gradients. */
const MOST = 100

/** By the eigenvalues of the second derivatives, which are differences of gradients; undefined where they are not known. */
export function kindAt(slope: SlopeAt, at: Float64Array): RestKind | undefined {
  const hessian = secondDerivatives(slope, at)
  if (hessian === undefined) return undefined
  const { values } = symmetricEigen(hessian, at.length)
  const size = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
  const none = 1e-5 * size
  if (size < 1e-12 || values.some((v) => Math.abs(v) <= none)) return 'flat'
  return values.every((v) => v > 0) ? 'minimum' : values.every((v) => v < 0) ? 'maximum' : 'saddle'
}

function secondDerivatives(slope: SlopeAt, at: Float64Array): Float64Array | undefined {
  const n = at.length
  if (n > MOST) return undefined
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i += 1) {
    const h = 1e-5 * (1 + Math.abs(must(at[i], 'number')))
    const moved = (by: number): Float64Array | undefined => slope(at.map((x, k) => (k === i ? x + by : x)))?.slice()
    const [above, below] = [moved(h), moved(-h)]
    if (above === undefined || below === undefined) return undefined
    for (let j = 0; j < n; j += 1) out[i * n + j] = (must(above[j], 'slope') - must(below[j], 'slope')) / (2 * h)
  }
  return Float64Array.from(out, (v, k) => (v + must(out[(k % n) * n + Math.floor(k / n)], 'entry')) / 2)
}

/** Places along each direction among which Newton's method starts. */
const SIDE = 61

/** All points of rest that Newton's method finds in a window, of every kind, from wherever the slope is less than around. */
export function restPoints(slope: SlopeAt, [u, v]: PictureWindow, near: number): readonly PlanePoint[] {
  const at = (i: number, j: number): PlanePoint => [between(u, i / (SIDE - 1)), between(v, j / (SIDE - 1))]
  const steepness = Array.from({ length: SIDE * SIDE }, (_, k) => {
    const g = slope(Float64Array.from(at(k % SIDE, Math.floor(k / SIDE))))
    return g === undefined ? Number.POSITIVE_INFINITY : hypot(must(g[0], 'u'), must(g[1], 'v'))
  })
  const isLeast = (i: number, j: number): boolean =>
    neighbours.every(([di, dj]) => {
      const inGrid = i + di >= 0 && i + di < SIDE && j + dj >= 0 && j + dj < SIDE
      return !inGrid || must(steepness[j * SIDE + i], 'slope') <= must(steepness[(j + dj) * SIDE + i + di], 'slope')
    })
  const found: PlanePoint[] = []
  for (let k = 0; k < SIDE * SIDE; k += 1) {
    const [i, j] = [k % SIDE, Math.floor(k / SIDE)]
    if (!Number.isFinite(must(steepness[k], 'slope')) || !isLeast(i, j)) continue
    const [x, y] = newton(slope, Float64Array.from(at(i, j)), near) ?? []
    if (x === undefined || y === undefined || !isInside([u, v], [x, y])) continue
    if (!found.some((f) => hypot(f[0] - x, f[1] - y) < near)) found.push([x, y])
  }
  return found
}

const neighbours = [-1, 0, 1].flatMap((i) => [-1, 0, 1].map((j) => [i, j] as const)).filter(([i, j]) => i !== 0 || j !== 0)

function newton(slope: SlopeAt, at: Float64Array, near: number): Float64Array | undefined {
  for (let k = 0; k < 40; k += 1) {
    const g = slope(at)?.slice()
    const h = g && secondDerivatives(slope, at)
    if (g === undefined || h === undefined) return undefined
    const [gu, gv] = g as unknown as [number, number]
    const [a, b, , d] = h as unknown as [number, number, number, number]
    const determinant = a * d - b * b
    if (!(Math.abs(determinant) > 1e-14)) return undefined
    const step = [(d * gu - b * gv) / determinant, (a * gv - b * gu) / determinant] as const
    const length = hypot(step[0], step[1])
    // A step is at most a few times the distance at which points count as one: where the surface bends, Newton's leaps are wild.
    const held = Math.min(1, (near * 30) / length)
    at = Float64Array.of(must(at[0], 'u') - held * step[0], must(at[1], 'v') - held * step[1])
    if (!(length < Infinity)) return undefined
    if (length < near * 1e-7) return at
  }
  return undefined
}
