import { type Checked, checked, unmade } from '../base/diagnostic.ts'
import type { GivenByRole } from '../bind/bound.ts'
import { givenOf as givenAtOnce, type Inputs, type Value } from '../run/inputs.ts'

/** Values by the role of their variable, and for simulations inputs that change over time. */
export interface InputsInTime extends Inputs {
  /** Constant, or a row of `values` for each time, which holds from then on. */
  readonly input?: Readonly<Record<string, Value | InputOverTime>>
}

export interface InputOverTime {
  readonly time: readonly number[] | Float64Array
  readonly values: Value
}

/** What is given, as every reading takes it. */
export function givenOf({ input = {}, ...others }: InputsInTime): Checked<GivenByRole> {
  const entries = Object.entries(input)
  const signals = entries.flatMap(([name, value]) =>
    isOverTime(value) ? [{ name, time: Float64Array.from(value.time), value: value.values }] : [],
  )
  const constant = Object.fromEntries(entries.flatMap(([name, value]) => (isOverTime(value) ? [] : [[name, value] as const])))
  const all = givenAtOnce({ ...others, data: { ...others.data, ...constant } })
  const rows = givenAtOnce({ data: Object.fromEntries(signals.map((s) => [s.name, s.value])) })
  const diagnostics = [...all.diagnostics, ...rows.diagnostics]
  if (all.value === undefined || rows.value === undefined) return unmade(diagnostics)
  if (signals.length === 0) return checked(all.value, diagnostics)
  const found = rows.value.fixed.map((item, i) => ({ ...item, from: `input.${item.name}`, time: signals[i]?.time ?? new Float64Array(0) }))
  return checked({ ...all.value, signals: found }, diagnostics)
}

function isOverTime(value: Value | InputOverTime): value is InputOverTime {
  return typeof value === 'object' && value !== null && 'time' in value && 'values' in value
}
