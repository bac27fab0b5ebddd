import type { Interval } from '../../base/interval.ts'
import type { Stream } from '../../base/random.ts'
import type { FamilyName } from '../../families/tables/signatures.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { ValueType, Wall } from '../model.ts'

export type Kind = ValueType['kind']
export type TypeOf<K extends Kind> = Extract<ValueType, { readonly kind: K }>

/** What everything asks of one kind of type, as far as it needs no graph. */
export interface KindRule<K extends Kind = Kind> {
  /** How it is written: a name, with axes in brackets. Absent for elements, whose type is the name of their axis. */
  readonly written?: { readonly axes: 0 | 1 | 2; type(first: string, second: string): TypeOf<K> }
  /** Whether a number that is given may be one of its values, taken alone. Elements are numbered from 1 outside. */
  allows(v: number, type: TypeOf<K>, sizes: Sizes): boolean
  /** What its values are, after "must be" or "which is not". Sizes may be open. */
  words(type: TypeOf<K>, sizes: Sizes): string
  /** Where its numbers lie inside a program, bounds of its own aside. */
  readonly range: Interval
  /** Its ends, where it is an interval of the real line. */
  bounds?(type: TypeOf<K>): Bounds
  /** Whether all its values lie within some finite distance: a flat density over it can be normalised. */
  isCompact(type: TypeOf<K>): boolean
  /** Whether it holds whole numbers only; its states then move by jumps. */
  readonly discrete: boolean
  /** The values that a state can take, where there are finitely many. */
  levels?(type: TypeOf<K>): Levels
  /** A value in the middle, where nothing says where a state starts. What has no middle is drawn. */
  neutral(type: TypeOf<K>, place: ElementPlace): number
  /** The family, along its axes, that is uniform over it, and its arguments. */
  readonly uniform?: { readonly family: FamilyName; readonly args: readonly (number | 'first direction')[] }
  /** What the numbers along its axis must be together. */
  readonly line?: LineRule
  /** What is wrong with a square of numbers, if anything. */
  badEntry?(matrix: Matrix, type: TypeOf<K>): BadEntry | undefined
}

/** An end is a number, infinite where there is none, or an expression. */
export interface Bounds {
  readonly lower: number | Wall
  readonly upper: number | Wall
}

export type Levels =
  | { readonly kind: 'values'; readonly values: readonly [number, number] }
  | { readonly kind: 'axis'; readonly axis: string }

/** Where one number of a value stands. */
export interface ElementPlace {
  /** Along the axes that the type names, in its order, from 0. */
  readonly at: readonly number[]
  /** Sizes of those axes. */
  readonly sizes: readonly number[]
  readonly stream: Stream
}

export interface LineRule {
  /** Its numbers to this power add up to 1. */
  readonly power?: 1 | 2
  holds(line: readonly number[]): boolean
  readonly words: string
  /** Of a line that does not hold. */
  found(line: readonly number[]): string
  /** Where there are many lines, those that do not hold, and what to say if they would along another axis. */
  readonly rows?: { found(lines: readonly (readonly number[])[]): string; transposed(axis: string): string }
}

export type Matrix = readonly Float64Array[]

/** The first entry by which a matrix is not of its type. */
export interface BadEntry {
  readonly row: number
  readonly column: number
  /** For people. `row(i)` and `entry(i, j)` say where. */
  why(row: (i: number) => string, entry: (i: number, j: number) => string): string
}
