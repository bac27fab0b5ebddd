import type { Given } from '../ir/infinities.ts'
import { anywhere, between, type Range } from '../ir/range.ts'
import type { ValueType } from '../middle/model.ts'
import * as ports from '../middle/ports.ts'

type Typed = { readonly name: string; readonly type: ValueType }

/**
 * The ranges of a program's inputs: of variables, of discrete states `value:NAME`, and of coordinates `coordinate:NAME`
 * where they are the value itself.
 */
export function inputRanges(variables: readonly Typed[], isOwn: (state: string) => boolean): (input: string) => Range {
  const types = new Map(variables.map((v) => [v.name, v.type]))
  return (input) => {
    if (input === ports.temperature) return typeRange({ kind: 'positive' })
    const state = input.replace(/^coordinate:/, '')
    const type = types.get(input) ?? types.get(input.replace(/^value:/, '')) ?? (isOwn(state) ? types.get(state) : undefined)
    return typeRange(type ?? { kind: 'real' })
  }
}

/** Inputs are ordinary numbers of their types. */
export function ordinaryInputs(variables: readonly Typed[], isOwn: (state: string) => boolean = () => false): (input: string) => Given {
  const range = inputRanges(variables, isOwn)
  return (input) => ({ range: range(input), infinite: false })
}

/** The range that a type promises. */
export function typeRange(type: ValueType): Range {
  switch (type.kind) {
    case 'positive':
      return { lo: 0, hi: Infinity, zero: false }
    case 'nonnegative':
    case 'count':
    case 'element':
      return { lo: 0, hi: Infinity, zero: true }
    case 'probability':
    case 'bit':
    case 'simplex':
      return between(0, 1)
    case 'spin':
      return { lo: -1, hi: 1, zero: false }
    case 'unit':
      return between(-1, 1)
    default:
      return anywhere
  }
}
