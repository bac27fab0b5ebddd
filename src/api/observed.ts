import type { Bound } from '../compile/bind.ts'

/** The states of which every element is given: they are inputs like data. Partly given ones stay states, with parts held. */
export function observedWhole(bound: Bound): ReadonlySet<string> {
  const whole = Object.entries(bound.observed).filter(([, batch]) => batch.data.every((v) => !Number.isNaN(v)))
  return new Set(whole.map(([name]) => name))
}
