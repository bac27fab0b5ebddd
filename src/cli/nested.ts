import type { Tensor } from '../base/tensor.ts'

export type Nested = number | null | readonly Nested[]

/** A tensor as nested arrays in the order of its axes; numbers that JSON does not have become null. */
export function nested({ shape, data }: Pick<Tensor, 'shape' | 'data'>): Nested {
  const build = (depth: number, from: number, span: number): Nested => {
    if (depth === shape.length) {
      const value = data[from] as number
      return Number.isFinite(value) ? value : null
    }
    const size = shape[depth] as number
    const step = size === 0 ? 0 : span / size
    return Array.from({ length: size }, (_, i) => build(depth + 1, from + i * step, step))
  }
  return build(0, 0, data.length)
}
