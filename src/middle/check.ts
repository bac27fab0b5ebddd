import type { Span } from '../base/source.ts'
import type { Graph } from '../ir/graph.ts'
import type { ValueType } from './model.ts'

/** A check as an energy has it: what it `compares` is among what the text says, in the outputs `checked(number, what)`. */
export interface WrittenCheck extends Omit<Check, 'graph' | 'reads'> {
  readonly number: number
  readonly compares: readonly string[]
}

/** What numbers that are given must be where a statement takes them: looked at once, before anything runs. */
export interface Check {
  /** What is looked at, as it is written: a variable's name, or an expression. */
  readonly subject: string
  /** What asks for it, for people: `sigma of multi_normal`. */
  readonly asks: string
  readonly span: Span
  /** In layout order. */
  readonly axes: readonly string[]
  readonly demand: Demand
  /** The variable whose own numbers are looked at, where the subject is one or a part of one. */
  readonly variable?: string
  /** What must be known: the check is passed over where it is not. */
  readonly reads: readonly string[]
  /**
   * Outputs over `axes`: `value` (but for a variable), `live` (1 where the value is used, else 0), and what the demand compares
   * with: `lower`, `upper`, `total`.
   */
  readonly graph?: Graph
}

export type Demand =
  /** As for a variable that is declared so; `endless`: infinity will do. */
  | { readonly kind: 'type'; readonly type: ValueType; readonly endless?: true }
  /** A number at all: no 0/0, no log of a negative number. */
  | { readonly kind: 'number' }
  /** An element of an axis, numbered from `first`. */
  | { readonly kind: 'element'; readonly axis: string; readonly first: 0 | 1 }
  /** Not below `lower` nor above `upper`, as far as these are there; `open`: nor one of them. */
  | { readonly kind: 'within'; readonly open: boolean }
  /** The sum along an axis is `total`. */
  | { readonly kind: 'total'; readonly axis: string }

/** A demand on the values of a family, or on a parameter of one. */
export const asType = (type: ValueType, endless = false): Demand => ({ kind: 'type', type, ...(endless ? { endless: true } : {}) })
