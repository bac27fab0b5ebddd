import { aboveZero, anywhere, type Interval } from '../base/interval.ts'
import type { GivenInput } from '../ir/infinities.ts'
import { kindOf } from '../middle/kinds.ts'
import type { ValueType } from '../middle/model.ts'
import * as ports from '../middle/ports.ts'

type TypedName = { readonly name: string; readonly type: ValueType }

/**
 * The ranges of a program's inputs: of variables, of discrete states `value:NAME`, and of coordinates `coordinate:NAME`
 * where they are the value itself.
 */
export function inputRanges(variables: readonly TypedName[], isOwn: (state: string) => boolean): (input: string) => Interval {
  const types = new Map(variables.map((v) => [v.name, v.type]))
  return (input) => {
    if (input === ports.temperature) return aboveZero
    const [jumping, own] = [ports.valueOwner(input) ?? input, ports.coordinateOwner(input) ?? input]
    const type = types.get(input) ?? types.get(jumping) ?? (isOwn(own) ? types.get(own) : undefined)
    return type === undefined ? anywhere : kindOf(type).range
  }
}

/** Inputs are ordinary numbers of their types. */
export function ordinaryInputs(
  variables: readonly TypedName[],
  isOwn: (state: string) => boolean = () => false,
): (input: string) => GivenInput {
  const range = inputRanges(variables, isOwn)
  return (input) => ({ range: range(input), infinite: false })
}
