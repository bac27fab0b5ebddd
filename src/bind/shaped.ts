import type { ValueType } from '../middle/model.ts'

/** What numbers are for, as far as their values go: their axes, in layout order, and their type. */
export interface Shaped {
  readonly axes: readonly string[]
  readonly type: ValueType
}
