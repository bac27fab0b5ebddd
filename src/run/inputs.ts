import { counted } from '../base/counted.ts'
import { type Checked, checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { volume } from '../base/tensor.ts'
import type { GivenByRole, GivenLabels } from '../bind/bound.ts'
import { fromNested, type Given, type GivenValue } from '../bind/given.ts'

/** A value as JavaScript has it: a number, nested arrays (null is missing), flat numbers with a shape, or texts. */
export type Value =
  | number
  | Float64Array
  | NestedArray
  | string
  | NestedTexts
  | { readonly shape: readonly number[]; readonly data: ArrayLike<number> }
export type NestedArray = readonly (number | boolean | null | NestedArray)[]
export type NestedTexts = readonly (string | null | NestedTexts)[]

/** Values by the role of their variable. `observed` is what is known of states, `cue` where they start. */
export interface Inputs {
  readonly data?: Readonly<Record<string, Value>>
  readonly memory?: Readonly<Record<string, Value>>
  readonly param?: Readonly<Record<string, Value>>
  readonly observed?: Readonly<Record<string, Value>>
  readonly cue?: Readonly<Record<string, Value>>
  /** What the elements of axes are called, in order; `true`: numbers given for its elements are their names. */
  readonly labels?: Readonly<Record<string, readonly string[] | true>>
}

export function givenOf(inputs: Inputs): Checked<GivenByRole> {
  const diagnostics: Diagnostic[] = []
  const list = (role: Exclude<keyof Inputs, 'labels'>): readonly Given[] =>
    Object.entries(inputs[role] ?? {}).flatMap(([name, value]) => {
      const from = `${role}.${name}`
      const read = givenValue(value, from)
      diagnostics.push(...read.diagnostics)
      return read.value === undefined ? [] : [{ name, from, value: read.value }]
    })
  const labels = Object.entries(inputs.labels ?? {}).map(([axis, names]): GivenLabels => {
    return { axis, from: `labels.${axis}`, ...(names === true ? {} : { names: names.map(String) }) }
  })
  const fixed = [...list('data'), ...list('memory'), ...list('param')]
  const value = { fixed, observed: list('observed'), cues: list('cue'), labels }
  return checked(value, diagnostics)
}

function givenValue(value: Value, from: string): Checked<GivenValue> {
  if (typeof value === 'object' && value !== null && 'shape' in value) {
    const { length } = value.data
    if (volume(value.shape) !== length) {
      const message = `${from} has the shape ${value.shape.join(' x ')}, but holds ${counted(length, 'number')}.`
      return unmade([diagnostic('AMP507', message, { place: from, expected: `${volume(value.shape)} numbers` })])
    }
    return made({ kind: 'numbers', shape: value.shape, data: new Float64Array(value.data) })
  }
  if (ArrayBuffer.isView(value)) return made({ kind: 'numbers', shape: [value.length], data: new Float64Array(value) })
  return fromNested(value, from, 'marked')
}
