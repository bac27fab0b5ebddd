import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { didYouMean } from '../base/suggest.ts'
import type { Bound } from '../bind/bound.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import type { Ladders } from '../middle/options.ts'
import { optionTroubles } from './option-troubles.ts'
import type { Run } from './run.ts'
import { writeValue } from './state-values.ts'

/** What the temperature is called among ladders, unless a param has that name. */
const TEMPERATURE = 'temperature'

/** One of the retrievals of a sequence, each from where the last one ended. */
export interface Rung<Parts> {
  /** What of the ladders holds in it; nothing where there is a single one. */
  readonly at: Readonly<Record<string, number>>
  readonly run: Run<Parts>
}

/** Begins a run with some values and a temperature in the place of those that were given. */
export type BeginRung<Parts> = (values: Bound['values'], temperature: number | undefined) => Checked<Run<Parts>>

/** A run for each value of the ladders; where there are none, one. */
export function rungsOf<Parts>(
  ladders: Ladders | undefined,
  fixed: readonly EnergyVariable[],
  begin: BeginRung<Parts>,
): Checked<readonly Rung<Parts>[]> {
  if (ladders === undefined) {
    const { value: run, diagnostics } = begin({}, undefined)
    return run === undefined ? unmade(diagnostics) : checked([{ at: {}, run }], diagnostics)
  }
  const names = Object.keys(ladders)
  const wrong = [...names.flatMap((name) => unknownOf(name, fixed)), ...unequal(ladders)]
  if (hasErrors(wrong)) return unmade(wrong)
  const rungs: Rung<Parts>[] = []
  const diagnostics: Diagnostic[] = []
  for (const k of must(ladders[must(names[0], 'a name')], 'a ladder').keys()) {
    const at = Object.fromEntries(names.map((name) => [name, must(must(ladders[name], name)[k], name)]))
    const begun = begunAt(at, fixed, begin)
    // What is to be known of every run is told once.
    diagnostics.push(...begun.diagnostics.filter((d) => k === 0 || d.severity === 'error'))
    if (begun.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
    rungs.push({ at, run: begun.value })
  }
  return checked(rungs, diagnostics)
}

function begunAt<Parts>(at: Rung<Parts>['at'], fixed: readonly EnergyVariable[], begin: BeginRung<Parts>): Checked<Run<Parts>> {
  const values: Record<string, Float64Array> = Object.create(null)
  const troubles: Diagnostic[] = []
  let temperature: number | undefined
  for (const [name, value] of Object.entries(at)) {
    const variable = paramOf(name, fixed)
    if (variable === undefined) {
      temperature = value
      troubles.push(...optionTroubles('retrieve', { temperature }))
    } else {
      const own = new Float64Array(1)
      values[name] = own
      const trouble = writeValue(variable, value, own, {})
      if (trouble !== undefined) troubles.push({ ...trouble, place: `anneal.${name}` })
    }
  }
  return hasErrors(troubles) ? unmade(troubles) : begin(values, temperature)
}

const paramOf = (name: string, fixed: readonly EnergyVariable[]): EnergyVariable | undefined =>
  fixed.find((v) => v.name === name && v.role === 'param')

function unknownOf(name: string, fixed: readonly EnergyVariable[]): readonly Diagnostic[] {
  const param = paramOf(name, fixed)
  if (param === undefined && name === TEMPERATURE) return []
  if (param !== undefined && param.axes.length === 0) return []
  if (param !== undefined) {
    const hint = 'Multiply it by a param without axes, and anneal that.'
    return [diagnostic('AMP720', `"${name}[${param.axes.join(', ')}]" has axes, so it cannot be annealed.`, { place: name, hint })]
  }
  const names = [...fixed.filter((v) => v.role === 'param' && v.axes.length === 0).map((v) => v.name), TEMPERATURE]
  const hint = didYouMean(name, names) ?? `What can be annealed: ${names.join(', ')}.`
  return [diagnostic('AMP720', `"${name}" is not a param that can be annealed.`, { place: name, hint })]
}

function unequal(ladders: Ladders): readonly Diagnostic[] {
  const lengths = Object.entries(ladders).map(([name, { length }]) => `${name} has ${length}`)
  if (new Set(Object.values(ladders).map(({ length }) => length)).size <= 1) return []
  return [
    diagnostic('AMP717', `The ladders of anneal are not of one length: ${lengths.join(', ')}.`, { expected: 'as many values of each' }),
  ]
}

/** What differs from rung to rung, in buffers of its own: those of a run may be written anew. */
export function changesOf<Parts>(rungs: readonly Rung<Parts>[], varying: readonly string[]): readonly ReadonlyMap<string, Float64Array>[] {
  const [first] = rungs
  const changed = [...(first?.run.fixed.keys() ?? [])].filter(
    (name) => !varying.includes(name) && rungs.some(({ run }) => run.fixed.get(name) !== first?.run.fixed.get(name)),
  )
  return rungs.map(({ run }) => new Map(changed.map((name) => [name, must(run.fixed.get(name), name).slice()])))
}
