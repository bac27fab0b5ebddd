import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { columnNames } from '../../inference/draws/draws.ts'
import { kindOf } from '../../middle/kinds.ts'
import type { OpenEnergy } from '../../run/energy.ts'
import type { Loaded } from '../load.ts'

/** A number that may move: an element of a state that is not observed. */
export interface MovingNumber {
  /** As in tables: `x`, `x[2]`, `x[1,3]`, numbered from 1. */
  readonly name: string
  readonly state: string
  /** Its place among the elements of its state. */
  readonly element: number
  readonly lower: number
  readonly upper: number
}

/** The numbers that move, in the order of the states, and what is observed of these states (NaN: nothing). */
export interface MovingNumbers {
  readonly moving: readonly MovingNumber[]
  readonly states: readonly { readonly name: string; readonly axes: readonly string[]; readonly shape: readonly number[] }[]
  readonly observed: Readonly<Record<string, Float64Array>>
}

/** AMP623 where a state does not move along lines, or less than two numbers move. */
export function coordinatesOf(
  { energy }: Loaded,
  { observed }: GivenByRole,
  { states }: Pick<OpenEnergy, 'states'>,
): Checked<MovingNumbers> {
  const known: Record<string, Float64Array> = {}
  const moving: MovingNumber[] = []
  const kept: MovingNumbers['states'][number][] = []
  for (const { name, axes, shape } of states) {
    const variable = energy.variables.find((v) => v.name === name)
    const names = columnNames(name, shape)
    const given = observed.find((item) => item.name === name)?.value
    const values = given?.kind === 'numbers' ? given.data.slice(0, names.length) : new Float64Array(names.length).fill(Number.NaN)
    if (given?.kind === 'labels' || values.every((v) => !Number.isNaN(v))) continue
    const rule = variable && kindOf(variable.type)
    if (variable === undefined || rule === undefined || rule.discrete || rule.line !== undefined || 'rows' in variable.type) {
      const message = `A landscape goes along numbers that move freely; the values of "${name}" are ${rule === undefined ? 'not such' : rule.discrete ? 'levels' : 'tied to each other'}.`
      const hint = 'Observe it (--observed), or write the model so that it is summed out.'
      return unmade([diagnostic('AMP623', message, { ...(variable && { span: variable.span }), hint })])
    }
    known[name] = values
    kept.push({ name, axes, shape })
    const ends = rule.bounds?.(variable.type)
    const end = (v: unknown, otherwise: number): number => (typeof v === 'number' ? v : otherwise)
    for (const [element, each] of names.entries())
      if (Number.isNaN(values[element]))
        moving.push({ name: each, state: name, element, lower: end(ends?.lower, -Infinity), upper: end(ends?.upper, Infinity) })
  }
  if (moving.length >= 2) return made({ moving, states: kept, observed: known })
  const message = `A landscape needs two numbers that move; here ${moving.length === 0 ? 'none does' : `only ${moving[0]?.name} does`}.`
  return unmade([diagnostic('AMP623', message, { hint: 'Let something else move, or give the state an axis.' })])
}

/** The two that are asked for. AMP624 where a name is not that of a number that moves. */
export function chosen({ moving }: MovingNumbers, along: readonly string[]): Checked<readonly [number, number]> {
  const names = moving.map((c) => c.name)
  const found = along.map((name) => names.indexOf(name.replaceAll(' ', '')))
  const unknown = along.filter((_, k) => (found[k] as number) < 0)
  const shown = `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', ...' : ''}`
  const expected = `two of ${names.length} numbers: ${shown}`
  if (unknown.length > 0) {
    const troubles = unknown.map((name) => {
      const near = didYouMean(name, names)
      return diagnostic('AMP624', `--along ${name}: no number that moves is called so.`, {
        expected,
        ...(near !== undefined && { hint: near }),
      })
    })
    return unmade(troubles)
  }
  const [a, b] = found
  if (a === undefined || b === undefined || along.length !== 2 || a === b)
    return unmade([diagnostic('AMP624', `--along ${along.join(',')} does not name two numbers.`, { expected })])
  return made([a, b])
}
