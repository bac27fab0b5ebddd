import { must } from '../../base/internal-error.ts'
import type { MovingNumbers } from './coordinates.ts'
import type { Plane, PlanePoint } from './plane.ts'

/** From where to where a picture goes along its two directions. */
export type PictureWindow = readonly [PlanePoint, PlanePoint]

export const between = ([from, to]: PlanePoint, share: number): number => from + share * (to - from)
export const isInside = ([u, v]: PictureWindow, [x, y]: PlanePoint): boolean => x >= u[0] && x <= u[1] && y >= v[0] && y <= v[1]

/** Places spread evenly over a window: a Halton sequence, moved by the seed. */
export function places(count: number, [u, v]: PictureWindow, seed: number): readonly PlanePoint[] {
  const halton = (k: number, base: number): number => {
    let [share, value] = [1 / base, 0]
    for (let rest = k; rest > 0; rest = Math.floor(rest / base)) {
      value += share * (rest % base)
      share /= base
    }
    return value
  }
  // The edge is left free.
  const inner = (x: number): number => 0.06 + 0.88 * x
  return Array.from(
    { length: count },
    (_, k) => [between(u, inner(halton(k + 1 + (seed % 97), 2))), between(v, inner(halton(k + 1 + (seed % 97), 3)))] as const,
  )
}

/** The inner 98 of 100 along each direction. */
export function spread(points: readonly PlanePoint[]): readonly PlanePoint[] {
  if (points.length === 0) return []
  const end = (d: 0 | 1, share: number): number => {
    const sorted = points.map((p) => p[d]).sort((a, b) => a - b)
    return must(sorted[Math.round(share * (sorted.length - 1))], 'quantile')
  }
  return [
    [end(0, 0.01), end(1, 0.01)],
    [end(0, 0.99), end(1, 0.99)],
  ]
}

export function windowOf(points: readonly PlanePoint[], { moving }: MovingNumbers, plane: Plane): PictureWindow {
  const along = (d: 0 | 1): PlanePoint => {
    const all = points.map((p) => p[d]).filter(Number.isFinite)
    const [least, most] = [Math.min(...all), Math.max(...all)]
    const room = most - least > 1e-9 ? 0.18 * (most - least) : 1.5 * Math.max(1, Math.abs(most))
    return limited(d, [least - room, most + room])
  }
  const limited = (d: 0 | 1, [from, to]: PlanePoint): PlanePoint => {
    const direction = d === 0 ? plane.first : plane.second
    const k = moving.findIndex((_, i) => direction[i] === 1)
    const one = moving[k]
    if (one === undefined) return [from, to]
    const small = (to - from) * 1e-3
    return [Math.max(from, one.lower + small), Math.min(to, one.upper - small)]
  }
  return [along(0), along(1)]
}

/** With room for what retrieval went through, as long as that is not far away. */
export function widened(window: PictureWindow, points: readonly PlanePoint[]): PictureWindow {
  const width = ([from, to]: PlanePoint): number => to - from
  const near = points.filter((p) => ([0, 1] as const).every((d) => Math.abs(p[d] - between(window[d], 0.5)) < width(window[d])))
  const along = (d: 0 | 1): PlanePoint => {
    const all = near.map((p) => p[d])
    const room = 0.04 * width(window[d])
    return [Math.min(window[d][0], ...all.map((x) => x - room)), Math.max(window[d][1], ...all.map((x) => x + room))]
  }
  return [along(0), along(1)]
}
