import { must } from '../base/internal-error.ts'
import type { Sizes } from './graph.ts'

/** The number of elements of a dense array over `axes`. */
export function volumeOver(axes: readonly string[], sizes: Sizes): number {
  return axes.reduce((n, axis) => n * sizeOf(axis, sizes), 1)
}

export function sizeOf(axis: string, sizes: Sizes): number {
  return must(sizes[axis] ?? sizes[originalOf(axis)], `size of the axis ${axis}`)
}

const TWIN = ':twin'

/** A second axis of the same size, for matrices whose rows and columns are elements of one axis. Graphs may make it freely. */
export function twinOf(axis: string): string {
  return `${axis}${TWIN}`
}

/** The axis whose size an axis has: that of which it is a twin, or itself. */
export function originalOf(axis: string): string {
  return axis.endsWith(TWIN) ? originalOf(axis.slice(0, -TWIN.length)) : axis
}

/** Row-major strides: how far apart neighbours along each axis lie when an array is laid out in the order of `axes`. */
export function stridesOver(axes: readonly string[], sizes: Sizes): ReadonlyMap<string, number> {
  const strides = new Map<string, number>()
  let step = 1
  for (const axis of axes.toReversed()) {
    strides.set(axis, step)
    step *= sizeOf(axis, sizes)
  }
  return strides
}

/** For every position of `axes` in row-major order, the sum over axes of coordinate times `strides` (0 for axes it lacks). */
export function offsets(axes: readonly string[], sizes: Sizes, strides: ReadonlyMap<string, number>): Int32Array {
  let out: Int32Array = new Int32Array(1)
  for (const axis of axes) {
    const size = sizeOf(axis, sizes)
    const stride = strides.get(axis) ?? 0
    const next = new Int32Array(out.length * size)
    out.forEach((base, i) => {
      for (let k = 0; k < size; k += 1) next[i * size + k] = base + k * stride
    })
    out = next
  }
  return out
}

/** Where each position of an array over `axes` reads an array laid out over `from` (axes it lacks repeat). */
export function project(axes: readonly string[], from: readonly string[], sizes: Sizes): Int32Array {
  return offsets(axes, sizes, stridesOver(from, sizes))
}

/** The numbers of an array over `from`, laid out over `to`: transposed, and repeated along the axes `from` lacks. */
export function laidOut(data: Float64Array, from: readonly string[], to: readonly string[], sizes: Sizes): Float64Array {
  return Float64Array.from(project(to, from, sizes), (at) => data[at] as number)
}
