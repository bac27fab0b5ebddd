import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import type { PatternRange } from '../../memory/store/document.ts'
import { eachWritten, type Forgotten, markForgotten, patternsCalled, runsOf, stillThere } from '../../memory/store/patterns.ts'
import type { Shelf } from '../../memory/store/shelf.ts'
import type { WritingProgram } from '../../middle/program.ts'
import { row } from '../../run/start.ts'
import type { Loaded } from '../load.ts'
import { type FadeOptions, fade, weightsOf } from './fade.ts'
import { takenInPart } from './in-part.ts'
import { bindPatterns, sessionFor } from './prepare.ts'
import { replayed } from './replay.ts'
import type { StoreRules } from './rules.ts'
import { withoutPatterns } from './shrink.ts'

export interface ForgetOptions {
  /** Takes back the patterns of this label, or the one of this number. */
  readonly label?: string
  /** Takes back all patterns but so many that were written last. */
  readonly keepLast?: number
  /** Posteriors diffuse toward their priors: their means' distance by sqrt(1 - b), their covariances to (1 - b) C + b C0. From 0 to 1. */
  readonly decay?: number
  /** What patterns say of posteriors counts (1 - b) times as much: natural parameters go so far toward those of the prior. From 0 to 1. */
  readonly discount?: number
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
  const wrong = wrongForget(options)
  if (wrong !== undefined) return unmade([wrong])
  for (let i = 0; i < MOST_TRIES; i += 1) {
    const done = attempt(loaded, rules, shelf, given, options)
    if (done !== undefined) return done
  }
  return unmade([diagnostic('AMP806', 'Another program writes to this store all the time.', { hint: 'Try again.' })])
}

function attempt(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  given: GivenByRole,
  options: ForgetOptions,
): Checked<Unwritten> | undefined {
  const { label, keepLast, decay, discount } = options
  const how = decay === undefined ? ({ action: 'discount', by: discount } as const) : ({ action: 'decay', by: decay } as const)
  if (how.by !== undefined) return faded(loaded, rules, shelf, given, { ...options, ...how, by: how.by })
  const name = keepLast === undefined ? label : undefined
  if (keepLast === undefined && name === undefined) return shown(loaded, rules, shelf, given, options)
  const { version } = must(shelf.head(), 'head of the store')
  const ranges = name === undefined ? allButLast(shelf, keepLast ?? 0) : called(shelf, name)
  if (ranges.length === 0) return name === undefined ? checked({ patterns: [], count: 0 }, []) : unmade([nobody(name)])
  const left = without(loaded, rules, shelf, given, ranges)
  if (!left.ok) return unmade(left.diagnostics)
  const { time } = options
  const said = { ...(name === undefined || /^\d+$/.test(name) ? {} : { label: name }), ...(time === undefined ? {} : { time }) }
  if (!markForgotten(shelf, { ranges, ...said, ...left.value }, version)) return undefined
  return checked({ patterns: ranges, count: ranges.length }, left.diagnostics)
}

function wrongForget({ keepLast, decay, discount }: ForgetOptions): Diagnostic | undefined {
  const part = Object.entries({ decay, discount }).find(([, b]) => b !== undefined && !(b >= 0 && b <= 1))
  if (part !== undefined) return diagnostic('AMP717', `The option ${part[0]} is ${part[1]}.`, { expected: 'a number from 0 to 1' })
  if (keepLast === undefined || (Number.isInteger(keepLast) && keepLast >= 0)) return undefined
  return diagnostic('AMP717', `The option keepLast is ${keepLast}.`, { expected: 'a whole number from 0 on' })
}

/** Each pattern but so many that were written last. */
function allButLast(shelf: Shelf, keepLast: number): readonly PatternRange[] {
  const all = [...runsOf(shelf)].flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => ({ first: first + i, count: 1 })))
  return all.slice(0, Math.max(0, all.length - keepLast))
}

/** The patterns of a label or number that are there. */
function called(shelf: Shelf, label: string): readonly PatternRange[] {
  const range = patternsCalled(shelf, label)
  return range === undefined ? [] : stillThere(shelf, range)
}

/** Memories without the patterns of some numbers, but for what those appended. */
function without(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  given: GivenByRole,
  ranges: readonly PatternRange[],
): Checked<Pick<Forgotten, 'numbers' | 'lengths'>> {
  return rules.grows === undefined
    ? numbersWithout(loaded, rules, shelf, given, ranges)
    : withoutPatterns({ loaded, rules, program: rules.grows, shelf }, given, ranges)
}

/** Memories of constant size without the patterns of some numbers. */
function numbersWithout(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  given: GivenByRole,
  ranges: readonly PatternRange[],
): Checked<Pick<Forgotten, 'numbers' | 'lengths'>> {
  const unruled = withoutRule(loaded)
  if (unruled.length > 0) return unmade(unruled)
  const { forget: program } = rules
  if (!program.ok) return unmade(program.diagnostics)
  if (program.value.rules.length === 0) return checked({ numbers: new Map() }, [])
  const bound = bindPatterns(loaded, shelf, { ...program.value, states: [] }, { ...given, observed: [] })
  if (!bound.ok) return unmade(bound.diagnostics)
  const opened = sessionFor(loaded, rules, shelf, program.value, bound.value, false)
  if (!opened.ok) return unmade(opened.diagnostics)
  const { session } = opened.value
  const weightOf = weightsOf(loaded, shelf)
  const posteriors = loaded.energy.posteriors.flatMap((p) => p.parameters)
  let trouble: Diagnostic | undefined
  let mixed = false
  // The last first, as undoing would.
  eachWritten(shelf, [...ranges].reverse(), (pattern, values) => {
    const weight = weightOf(pattern)
    mixed ||= weight === undefined
    trouble ??= takenInPart(session, posteriors, weight ?? 0, (name) => must(values[name], name))
  })
  const numbers = changedBy(program.value, session.numbers())
  session.dispose()
  if (trouble !== undefined) return unmade([trouble])
  const again = mixed ? replayed(loaded, rules, shelf, given, numbersIn(ranges)) : checked(new Map<string, Float64Array>(), [])
  if (!again.ok) return unmade(again.diagnostics)
  return checked({ numbers: new Map([...numbers, ...again.value]) }, [...bound.diagnostics, ...opened.diagnostics])
}

function numbersIn(ranges: readonly PatternRange[]): ReadonlySet<number> {
  return new Set(ranges.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i)))
}

function faded(loaded: Loaded, rules: StoreRules, shelf: Shelf, given: GivenByRole, options: FadeOptions): Checked<Unwritten> | undefined {
  const done = fade(loaded, rules, shelf, given, options)
  return done?.ok === true ? checked({ patterns: [], count: 0 }, done.diagnostics) : done && unmade(done.diagnostics)
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
  if (rules.grows !== undefined) return unmade([byName([rules.grows.axis])])
  if (!program.ok) return unmade(program.diagnostics)
  const grows = Object.keys(rules.growing)
  if (program.value.rules.length === 0 || grows.length > 0) return unmade([byName(grows)])
  const bound = bindPatterns(loaded, shelf, program.value, given)
  if (!bound.ok) return unmade(bound.diagnostics)
  const unknown = program.value.states.find((v) => bound.value.observed[v.name]?.data.some(Number.isNaN) ?? true)
  if (unknown !== undefined) return unmade([partly(unknown.name)])
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

function partly(name: string): Diagnostic {
  return diagnostic('AMP511', `"${name}" is not observed whole, and what is forgotten must be.`, { expected: `all of "${name}"` })
}
