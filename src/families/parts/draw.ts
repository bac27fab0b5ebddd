import type { Stream } from '../../base/random.ts'
import type { Each, WrittenSignature } from './signature.ts'

/** One draw of a family, by numbers. Arguments are numbers, or hold one number or a value per element or level. */
export type Draw<S extends WrittenSignature = WrittenSignature> = NumberDraw<S> | ElementDraw<S> | VectorDraw<S> | MatrixDraw<S>

export interface NumberDraw<S extends WrittenSignature = WrittenSignature> {
  number(stream: Stream, args: Each<S, number>): number
}

export interface ElementDraw<S extends WrittenSignature = WrittenSignature> {
  /** An element of an axis with so many levels, counted from 0. */
  element(stream: Stream, args: Each<S, Float64Array>, levels: number): number
}

export interface VectorDraw<S extends WrittenSignature = WrittenSignature> {
  /** `levels`: of how many elements each is one, where they are elements. */
  vector(stream: Stream, args: Each<S, Float64Array>, size: number, levels: number): Float64Array
}

export interface MatrixDraw<S extends WrittenSignature = WrittenSignature> {
  /** Row by row, as matrices among the arguments are. */
  matrix(stream: Stream, args: Each<S, Float64Array>, rows: number, columns: number): Float64Array
}
