import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { Bound, GivenByRole } from '../../bind/bound.ts'
import { append, MOVED } from '../../memory/store/patterns.ts'
import { isShelfTrouble, type Shelf } from '../../memory/store/shelf.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import type { WritingProgram } from '../../middle/program.ts'
import type { AssignBy } from '../../run/growing.ts'
import { outOfMemory } from '../../run/within-memory.ts'
import { readsGrowth } from '../../run/writing-session.ts'
import type { KeptRetrievals } from '../kept-retrievals.ts'
import type { Loaded } from '../load.ts'
import type { RetrieveOptions } from '../retrieve.ts'
import { factsIn, type RuleConstants } from './constants.ts'
import type { KeptSession } from './kept-session.ts'
import { badLabel } from './label.ts'
import { openBlocks, type PatternBlocks } from './pattern-blocks.ts'
import { nothingGiven, otherSize, placed, unrest } from './pattern-troubles.ts'
import { bindPatterns, type OpenedRules, sessionFor } from './prepare.ts'
import { observedOf, type RetrievedFirst, retrievedOf } from './retrieved-first.ts'
import type { StoreRules } from './rules.ts'

export interface WriteOptions {
  /** What these patterns are called together; a number alone is none. */
  readonly label?: string
  /** When, for the history. */
  readonly time?: string
  /** Of a memory over an axis that grows, how patterns are assigned to its elements; `map` unless said. */
  readonly assign?: AssignBy
  /** How what is not observed is retrieved. */
  readonly retrieve?: RetrieveOptions
}

/** What a write did. */
export interface Written {
  /** Patterns `first`, `first + 1`, ... */
  readonly first: number
  readonly count: number
  readonly label?: string
  /** What rules read and nobody gave, drawn under the seed of the store now that its size is known. */
  readonly drawn: readonly string[]
  /** States that were not observed, or not whole, and so were retrieved first with the memories at their values; of how many patterns. */
  readonly retrieved: { readonly states: readonly string[]; readonly patterns: number; readonly notAtRest: number }
  /**
   * The log density (nats) of these patterns given what was written before: the sum of the predictive log densities of one after the
   * other, with what was retrieved at its values. Where the store keeps posteriors, and the model says the density of each state.
   */
  readonly logDensity?: number
  /** Of an axis that grows, how many elements it has now, and how many of them these patterns opened. */
  readonly grown?: { readonly axis: string; readonly elements: number; readonly opened: number }
}

/** Patterns in stretches that fit in memory, to be gone through in order; again from the start where somebody else has written meanwhile. */
export type Stretches = () => Iterable<Checked<GivenByRole>>

/** How often a write begins again before it gives up. */
const MOST_TRIES = 100

/** `sessions`: that of the write before. */
export async function writePatterns(
  loaded: Loaded,
  rules: StoreRules,
  shelf: Shelf,
  stretches: Stretches,
  options: WriteOptions,
  sessions: KeptSession,
  retrievals: KeptRetrievals,
): Promise<Checked<Written>> {
  const { forget: forgetting } = rules
  const program = rules.writing()
  if (!program.ok) return unmade(program.diagnostics)
  const keeps = forgetting.ok ? forgetting.value.states : []
  const work = { loaded, rules, shelf, program: withStates(program.value, keeps), keeps, options, sessions, retrievals }
  for (let i = 0; i < MOST_TRIES; i += 1) {
    const done = await tried(work, stretches)
    if (done !== MOVED) return done
  }
  return unmade([diagnostic('AMP806', 'Another program writes to this store all the time.', { hint: 'Try again.' })])
}

interface Work {
  readonly loaded: Loaded
  readonly rules: StoreRules
  readonly shelf: Shelf
  readonly program: WritingProgram
  /** States whose values are kept, so that their patterns can be taken back. */
  readonly keeps: readonly EnergyVariable[]
  readonly options: WriteOptions
  readonly sessions: KeptSession
  readonly retrievals: KeptRetrievals
}

/** A program that has values of these states, too. */
function withStates(program: WritingProgram, more: readonly EnergyVariable[]): WritingProgram {
  return { ...program, states: [...program.states, ...more.filter((v) => !program.states.some((s) => s.name === v.name))] }
}

/** One go through all stretches. */
interface WritePass {
  readonly version: number
  readonly blocks: PatternBlocks
  readonly diagnostics: Diagnostic[]
  readonly retrieved: RetrievedFirst
  readonly density: { log: number | undefined }
  /** Whether all memories are followed, since something may have to be retrieved. */
  readonly wholly: boolean
  opened?: OpenedRules | undefined
  /** What was drawn or looked up by this write; nothing where its session is that of the write before. */
  constants?: RuleConstants | undefined
  bound?: Bound
}

/** What ends a pass before its end: something is wrong, or it has to follow all memories. */
type Ended = Checked<never> | typeof FOLLOW
const FOLLOW = 'follow'

async function tried(work: Work, stretches: Stretches, wholly = false): Promise<Checked<Written> | typeof MOVED> {
  const { shelf, program, keeps, options } = work
  const taken = options.label === undefined ? [] : badLabel(shelf, options.label)
  if (taken.length > 0) return unmade(taken)
  const appends = program.rules.flatMap((r) => (r.appends ? [r.target.name] : []))
  const names = keeps.map((v) => v.name)
  const pass: WritePass = {
    version: must(shelf.head(), 'head of the store').version,
    blocks: openBlocks(shelf, appends, names),
    diagnostics: [],
    retrieved: { states: new Set<string>(), patterns: 0, notAtRest: 0 },
    density: { log: 0 },
    wholly,
  }
  try {
    for (const stretch of stretches()) {
      const ended = stretch.ok ? await gone(work, pass, stretch.value) : unmade(stretch.diagnostics)
      if (ended === FOLLOW) return await tried(work, stretches, true)
      if (ended !== undefined) return unmade([...pass.diagnostics, ...ended.diagnostics])
    }
    return kept(work, pass)
  } catch (error) {
    const why = isShelfTrouble(error) ? [error.diagnostic] : outOfMemory(error, pass.bound?.sizes ?? {})
    return unmade([...pass.diagnostics, ...why])
  } finally {
    pass.opened?.session.dispose()
    pass.blocks.close()
  }
}

/** One stretch, pattern by pattern. */
async function gone(work: Work, pass: WritePass, stretch: GivenByRole): Promise<Ended | undefined> {
  const { loaded, shelf, program } = work
  const { blocks, diagnostics, retrieved, version, wholly } = pass
  const { value: bound, diagnostics: found } = bindPatterns(loaded, shelf, program, stretch)
  const unequal = bound === undefined || pass.bound === undefined ? [] : otherSize(pass.bound, bound)
  diagnostics.push(...found, ...unequal)
  if (bound === undefined || hasErrors(unequal)) return unmade([])
  pass.bound = bound
  const partial = program.states.filter((v) => bound.observed[v.name]?.data.some(Number.isNaN) ?? true)
  if (partial.length > 0 && !wholly) return FOLLOW
  if (pass.opened === undefined) {
    const taken = readsGrowth(program) ? undefined : work.sessions.take(bound, version, wholly)
    const opened = taken === undefined ? sessionFor(loaded, work.rules, shelf, program, bound, wholly) : undefined
    if (opened?.ok === false) return unmade(opened.diagnostics)
    pass.opened = taken ?? opened?.value
    pass.constants = opened?.value.constants
  }
  const { session, constants } = must(pass.opened, 'session')
  const whole = { ...stretch, fixed: [...stretch.fixed, ...constants.drawn] }
  for (let i = 0; i < bound.count; i += 1) {
    const values = partial.length === 0 ? observedOf(bound, i) : await retrievedOf(work, whole, session, bound, i, retrieved)
    if ('ok' in values) return unmade(values.diagnostics)
    const trouble = session.step((name) => must(values.get(name), name))
    if (trouble !== undefined) return unmade([placed(trouble, bound.count, blocks.count())])
    blocks.add(session.rows(), values)
    const log = session.logDensity()
    pass.density.log = log === undefined || pass.density.log === undefined ? undefined : pass.density.log + log
  }
  for (const v of partial) retrieved.states.add(v.name)
  return undefined
}

/** Makes the change that refers to what was put aside. */
function kept({ loaded, shelf, program, options, sessions }: Work, pass: WritePass): Checked<Written> | typeof MOVED {
  const { bound, opened, retrieved, version, blocks, diagnostics } = pass
  if (bound === undefined || opened === undefined || blocks.count() === 0 || hasErrors(diagnostics))
    return unmade([...diagnostics, ...nothingGiven(diagnostics)])
  const growing = new Set(Object.values(program.growing))
  const own = new Set(loaded.energy.axes.flatMap((a) => (a.span === undefined || growing.has(a.name) ? [] : [a.name])))
  const lasting = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([axis]) => own.has(axis)))
  const { label, time } = options
  const labelled = label === undefined ? {} : { label }
  const numbers = new Map([...opened.session.numbers()].filter(([name]) => program.rules.some((r) => r.target.name === name)))
  const depends = retrieved.patterns > 0 || numbers.size > 0 || readsGrowth(program)
  const more = {
    numbers,
    sizes: lasting(bound.sizes),
    names: lasting(bound.labels),
    constants: pass.constants?.facts ?? {},
    ...(time === undefined ? {} : { time }),
  }
  const known = factsIn(shelf)
  const drawn = (pass.constants?.drawn ?? []).flatMap(({ name }) => (known[name] === undefined ? [name] : []))
  const appended = append(shelf, { blocks: blocks.finish(), ...labelled, ...more }, 'write', depends ? version : undefined)
  if (appended === MOVED) return MOVED
  blocks.keep()
  sessions.keep(opened, bound, appended.version, pass.wholly)
  delete pass.opened
  const { states, patterns, notAtRest } = retrieved
  const dense = pass.density.log === undefined ? {} : { logDensity: pass.density.log }
  const written = {
    first: appended.first,
    count: blocks.count(),
    ...labelled,
    drawn,
    retrieved: { states: [...states], patterns, notAtRest },
    ...dense,
  }
  return checked(written, [...diagnostics, ...unrest(notAtRest)])
}
