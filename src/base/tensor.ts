/** Numbers over named axes, row-major in the order of `axes`. Plain data. */
export interface Tensor {
  readonly axes: readonly string[]
  /** One size per axis. */
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** How many numbers a shape holds; 1 for a scalar. */
export function volume(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

export function tensor(axes: readonly string[], shape: readonly number[], data: Float64Array): Tensor {
  return { axes, shape, data }
}
