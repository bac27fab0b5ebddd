import type { Bound } from '../bind/bind.ts'
import { discreteStates } from '../compile/marginalise.ts'
import type { SumOut } from '../compile/sum-out.ts'
import type { Energy } from '../middle/energy.ts'

/** The states of which every element is given: they are inputs like data. Partly given ones stay states, with parts held. */
export function observedWhole(bound: Bound): ReadonlySet<string> {
  const whole = Object.entries(bound.observed).filter(([, batch]) => batch.data.every((v) => !Number.isNaN(v)))
  return new Set(whole.map(([name]) => name))
}

/** What is asked, and besides that every discrete state observed in part is kept: its known elements stay, the others move. */
export function keepingObserved(energy: Energy, bound: Bound, { keep = [], sumOut = [] }: SumOut): SumOut {
  const whole = observedWhole(bound)
  const part = discreteStates(energy).filter(({ name }) => bound.observed[name] !== undefined && !whole.has(name))
  return { keep: [...keep, ...part.filter(({ name }) => !sumOut.includes(name)).map(({ name }) => name)], sumOut }
}
