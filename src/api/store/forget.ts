import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import type { PatternRange } from '../../memory/store/document.ts'
import { eachWritten, markForgotten, patternsCalled, stillThere } from '../../memory/store/patterns.ts'
import type { Shelf } from '../../memory/store/shelf.ts'
import type { WritingProgram } from '../../middle/program.ts'
import { row } from '../../run/start.ts'
import type { Loaded } from '../load.ts'
import { bindPatterns, sessionFor } from './prepare.ts'
import type { StoreRules } from './rules.ts'

export interface ForgetOptions {
  /** Takes back the patterns of this label, or the one of this number. */
  readonly label?: string
  readonly time?: string
}

export interface Unwritten {
  /** The numbers of the patterns that are there no longer. */
  readonly patterns: readonly PatternRange[]
  /** How many were taken out of memories that add patterns up. */
  readonly count: number
}

/** Another program may write between the look and the change. */
const MOST_TRIES = 100

/** Forgets patterns that are called by number or label, or, by the rules for it, patterns that are shown. */
export function forgetPatterns(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  given: GivenByRole,
  options: ForgetOptions,
): Checked<Unwritten> {
  for (let i = 0; i < MOST_TRIES; i += 1) {
    const done =
      options.label === undefined
        ? shown(loaded, rules, shelf, given, options)
        : called(loaded, rules, shelf, given, options.label, options)
    if (done !== undefined) return done
  }
  return unmade([diagnostic('AMP806', 'Another program writes to this store all the time.', { hint: 'Try again.' })])
}

/** What is left of each memory of constant size, rule by rule. */
function called(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  given: GivenByRole,
  label: string,
  { time }: ForgetOptions,
): Checked<Unwritten> | undefined {
  const version = must(shelf.head(), 'head of the store').version
  const range = patternsCalled(shelf, label)
  const ranges = range === undefined ? [] : stillThere(shelf, range)
  if (ranges.length === 0) return unmade([nobody(label)])
  const left = without(loaded, rules, shelf, given, ranges)
  if (!left.ok) return unmade(left.diagnostics)
  const isNumber = /^\d+$/.test(label)
  const said = { ...(isNumber ? {} : { label }), ...(time === undefined ? {} : { time }) }
  if (!markForgotten(shelf, { ranges, ...said, numbers: left.value }, version)) return undefined
  return checked({ patterns: ranges, count: ranges.length }, left.diagnostics)
}

/** Memories of constant size without the patterns of some numbers. */
function without(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  given: GivenByRole,
  ranges: readonly PatternRange[],
): Checked<ReadonlyMap<string, Float64Array>> {
  const unruled = withoutRule(loaded)
  if (unruled.length > 0) return unmade(unruled)
  const { forget: program } = rules
  if (!program.ok) return unmade(program.diagnostics)
  if (program.value.rules.length === 0) return checked(new Map(), [])
  const bound = bindPatterns(loaded, shelf, { ...program.value, states: [] }, { ...given, observed: [] })
  if (!bound.ok) return unmade(bound.diagnostics)
  const opened = sessionFor(loaded, rules, shelf, program.value, bound.value, false)
  if (!opened.ok) return unmade(opened.diagnostics)
  const { session } = opened.value
  let trouble: Diagnostic | undefined
  // The last first, as undoing would.
  eachWritten(shelf, [...ranges].reverse(), (_, values) => {
    trouble ??= session.step((name) => must(values[name], name))
  })
  const numbers = changedBy(program.value, session.numbers())
  session.dispose()
  return trouble === undefined ? checked(numbers, [...bound.diagnostics, ...opened.diagnostics]) : unmade([trouble])
}

function shown(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  given: GivenByRole,
  { time }: ForgetOptions,
): Checked<Unwritten> | undefined {
  const version = must(shelf.head(), 'head of the store').version
  const { forget: program } = rules
  if (!program.ok) return unmade(program.diagnostics)
  const grows = Object.keys(rules.growing)
  if (program.value.rules.length === 0 || grows.length > 0) return unmade([byName(grows)])
  const bound = bindPatterns(loaded, shelf, program.value, given)
  if (!bound.ok) return unmade(bound.diagnostics)
  const unknown = program.value.states.find((v) => bound.value.observed[v.name]?.data.some(Number.isNaN) ?? true)
  if (unknown !== undefined) return unmade([inPart(unknown.name)])
  const opened = sessionFor(loaded, rules, shelf, program.value, bound.value, false)
  if (!opened.ok) return unmade(opened.diagnostics)
  const { session } = opened.value
  const { observed, count } = bound.value
  let trouble: Diagnostic | undefined
  for (let i = 0; i < count && trouble === undefined; i += 1) trouble = session.step((name) => row(must(observed[name], name), i))
  const numbers = changedBy(program.value, session.numbers())
  session.dispose()
  if (trouble !== undefined) return unmade([trouble])
  if (!markForgotten(shelf, { ranges: [], shown: count, numbers, ...(time === undefined ? {} : { time }) }, version)) return undefined
  return checked({ patterns: [], count }, [...bound.diagnostics, ...opened.diagnostics])
}

function changedBy({ rules }: WritingProgram, numbers: ReadonlyMap<string, Float64Array>): ReadonlyMap<string, Float64Array> {
  return new Map([...numbers].filter(([name]) => rules.some((r) => r.target.name === name)))
}

/** Memories that a write changes in place and nothing says how to change back. */
function withoutRule({ energy }: Loaded): readonly Diagnostic[] {
  const back = new Set(energy.rules.flatMap((r) => (r.kind === 'forget' ? [r.target] : [])))
  return energy.rules.flatMap(({ kind, target, places, span }) => {
    if (kind !== 'write' || back.has(target) || places.some((p) => p.index === undefined)) return []
    const hint = `Add a rule: forget ${target} = ...; or take back the last change: amp undo.`
    return [diagnostic('AMP810', `Nothing says how a pattern is taken out of "${target}".`, { span, hint })]
  })
}

function nobody(label: string): Diagnostic {
  const what = /^\d+$/.test(label) ? `pattern ${label}` : `pattern called "${label}"`
  return diagnostic('AMP804', `The store has no ${what}.`, { hint: 'amp store STORE lists what it holds, --history what was done.' })
}

function byName(grows: readonly string[]): Diagnostic {
  const why = grows.length === 0 ? 'the model has no forget rule' : `${grows.map((g) => `"${g}"`).join(', ')} holds patterns one by one`
  return diagnostic('AMP810', `A pattern that is shown cannot be forgotten: ${why}.`, {
    hint: grows.length === 0 ? 'Add a rule: forget T = T - ....' : 'Say which by its number or label: --label 17.',
  })
}

function inPart(name: string): Diagnostic {
  return diagnostic('AMP511', `"${name}" is not observed whole, and what is forgotten must be.`, { expected: `all of "${name}"` })
}
