import { exp } from '../base/special/exponential.ts'
import { log } from '../base/special/logarithm.ts'
import type { Tensor } from '../base/tensor.ts'
import type { Random } from './lab.ts'

/** Plain arithmetic, written apart from the compiler, to hold what models compute to. */
export type Vector = readonly number[]

/** The numbers of a result; none where there is no such result. */
export const numbersOf = (found: Tensor | undefined): Vector => Array.from(found?.data ?? [])

/** The rows of a matrix: what lies along all axes but the first. */
export function rowsOf({
  shape: [count = 0],
  data,
}: {
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}): readonly Vector[] {
  const numbers = Array.from(data)
  const width = numbers.length / count
  return Array.from({ length: count }, (_, i) => numbers.slice(i * width, (i + 1) * width))
}

export const dot = (a: Vector, b: Vector): number => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)
export const norm = (a: Vector): number => Math.sqrt(dot(a, a))
export const scaled = (a: Vector, by: number): Vector => a.map((v) => v * by)
export const plus = (a: Vector, b: Vector): Vector => a.map((v, i) => v + (b[i] as number))
export const minus = (a: Vector, b: Vector): Vector => a.map((v, i) => v - (b[i] as number))
/** The vector of this length in the same direction. */
export const ofLength = (length: number, a: Vector): Vector => scaled(a, length / norm(a))
/** The sum of `weights[k]` times `vectors[k]`. */
export const blend = (weights: Vector, vectors: readonly Vector[]): Vector =>
  (vectors[0] as Vector).map((_, i) => weights.reduce((sum, w, k) => sum + w * ((vectors[k] as Vector)[i] as number), 0))

export function logSumExp(a: Vector): number {
  const top = a.reduce((most, v) => Math.max(most, v), -Infinity)
  return top + log(a.reduce((sum, v) => sum + exp(v - top), 0))
}

export function softmax(a: Vector): Vector {
  const total = logSumExp(a)
  return a.map((v) => exp(v - total))
}

export const normals = (random: Random, length: number): Vector => Array.from({ length }, () => random.normal())
/** Signs, each +1 or -1 with even chances. */
export const signs = (random: Random, length: number): Vector => Array.from({ length }, () => (random.uniform() < 0.5 ? -1 : 1))
