import { squared } from '../base/special/pow.ts'
import { slopeAtKinks } from './kinked.ts'
import type { Layout, Sphere } from './layout.ts'
import type { StatePoint } from './point.ts'

/** What one flow may move, and how finely. */
export interface FlowSetting {
  readonly layout: Layout
  /** 1 for the coordinates that the flow moves: not clamped, and of the flow's states. */
  readonly moves: Uint8Array
  /** 1 for clamped coordinates. */
  readonly held: Uint8Array
  /** What energies are good to (`Point.grain`). */
  readonly grain: number
  /** Relative change of a coordinate below which it counts as still. */
  readonly tolerance: number
}

/**
 * The gradient as far as it can be followed: 0 for what does not move and for what leans on a bound, the part along the
 * surface for unit vectors. At a fixed point it is zero.
 */
export function slope(setting: FlowSetting, point: StatePoint, out: Float64Array): void {
  const { moves, layout } = setting
  for (let i = 0; i < out.length; i += 1) {
    const g = point.gradient[i] as number
    const x = point.x[i] as number
    const leans = (g > 0 && x <= (point.lower[i] as number)) || (g < 0 && x >= (point.upper[i] as number))
    out[i] = moves[i] === 0 || leans ? 0 : g
  }
  eachSphere(layout, (sphere) => tangent(sphere, moves, point.x, out))
  if (layout.kinks !== undefined) slopeAtKinks(layout.kinks, moves, point, out)
}

/** Takes from `v` its part along the moving coordinates of `x`, so that it lies along the surface. */
export function tangent(sphere: Sphere, moves: Uint8Array, x: Float64Array, v: Float64Array): void {
  let along = 0
  let square = 0
  eachMoving(sphere, moves, (i) => {
    along += (v[i] as number) * (x[i] as number)
    square += squared(x[i] as number)
  })
  if (square > 0) eachMoving(sphere, moves, (i) => (v[i] = (v[i] as number) - (along / square) * (x[i] as number)))
}

export function tangents(setting: FlowSetting, x: Float64Array, v: Float64Array): void {
  eachSphere(setting.layout, (sphere) => tangent(sphere, setting.moves, x, v))
}

/**
 * Brings `x` back to where states may be: what does not move stays bit for bit as it was at `here`, boxes clip, the
 * moving part of a unit vector gets the length that the held part leaves it.
 */
export function retract(setting: FlowSetting, here: StatePoint, x: Float64Array): void {
  const { moves, layout } = setting
  for (let i = 0; i < x.length; i += 1) {
    if (moves[i] === 0) x[i] = here.x[i] as number
    else if ((x[i] as number) < (here.lower[i] as number)) x[i] = here.lower[i] as number
    else if ((x[i] as number) > (here.upper[i] as number)) x[i] = here.upper[i] as number
  }
  eachSphere(layout, (sphere) => normalise(sphere, moves, here, x))
}

function normalise(sphere: Sphere, moves: Uint8Array, here: StatePoint, x: Float64Array): void {
  const radius = remainder(sphere, moves, x)
  // Scaled by the largest entry first, so that squares neither overflow nor vanish.
  let largest = 0
  eachMoving(sphere, moves, (i) => (largest = Math.max(largest, Math.abs(x[i] as number))))
  if (!(largest > 0) || !Number.isFinite(largest)) {
    eachMoving(sphere, moves, (i) => (x[i] = here.x[i] as number))
    return
  }
  let square = 0
  eachMoving(sphere, moves, (i) => (square += squared((x[i] as number) / largest)))
  const norm = Math.sqrt(square)
  eachMoving(sphere, moves, (i) => (x[i] = ((x[i] as number) / largest / norm) * radius))
}

/** The length left to the moving part of a unit vector. */
export function remainder(sphere: Sphere, moves: Uint8Array, x: Float64Array): number {
  let held = 0
  for (let k = 0, i = sphere.start; k < sphere.size; k += 1, i += sphere.stride) if (moves[i] === 0) held += squared(x[i] as number)
  return Math.sqrt(Math.max(0, 1 - held))
}

export function eachSphere(layout: Layout, visit: (sphere: Sphere) => void): void {
  for (const block of layout.blocks) for (const sphere of block.spheres) visit(sphere)
}

export function eachMoving(sphere: Sphere, moves: Uint8Array, visit: (i: number) => void): void {
  for (let k = 0, i = sphere.start; k < sphere.size; k += 1, i += sphere.stride) if (moves[i] === 1) visit(i)
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number)
  return sum
}

export function largest(v: Float64Array): number {
  let most = 0
  for (const value of v) most = Math.max(most, Math.abs(value))
  return most
}

/** The largest change between two places, each coordinate relative to 1 + its size. */
export function relativeChange(from: Float64Array, to: Float64Array): number {
  let most = 0
  for (let i = 0; i < from.length; i += 1) {
    const change = Math.abs((to[i] as number) - (from[i] as number)) / (1 + Math.abs(from[i] as number))
    if (change > most) most = change
  }
  return most
}
