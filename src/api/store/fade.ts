import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { type Fading, fadingProgram } from '../../compile/posterior/fading.ts'
import { markFaded } from '../../memory/store/patterns.ts'
import type { JournalEntry, Shelf } from '../../memory/store/shelf.ts'
import type { Loaded } from '../load.ts'
import { bindPatterns, sessionFor } from './prepare.ts'
import type { StoreRules } from './rules.ts'

export interface FadeOptions {
  readonly action: Fading
  /** From 0 to 1. */
  readonly by: number
  readonly time?: string
}

/** Takes posteriors back toward their priors; undefined where somebody else wrote meanwhile. */
export function fade(loaded: Loaded, rules: StoreRules, shelf: Shelf, given: GivenByRole, options: FadeOptions): Checked<true> | undefined {
  const { action, by } = options
  const { energy } = loaded
  const version = must(shelf.head(), 'head of the store').version
  if (energy.posteriors.length === 0) return unmade([nothingFades()])
  if (rules.grows !== undefined) return unmade([elementsStay(rules.grows.axis)])
  const program = fadingProgram(energy, action)
  if ('stays' in program) return unmade([noDiffusion(program.stays)])
  const bound = bindPatterns(loaded, shelf, { ...program, states: [] }, { ...given, observed: [] })
  if (!bound.ok) return unmade(bound.diagnostics)
  const opened = sessionFor(loaded, rules, shelf, program, bound.value, false)
  if (!opened.ok) return unmade(opened.diagnostics)
  const { session } = opened.value
  const trouble = session.step(() => Float64Array.of(by))
  const numbers = new Map([...session.numbers()].map(([name, data]) => [name, data.slice()]))
  session.dispose()
  if (trouble !== undefined) return unmade([trouble])
  if (!markFaded(shelf, { ...options, numbers }, version)) return undefined
  return checked(true, [...bound.diagnostics, ...opened.diagnostics])
}

/** What of a change in the journal tells how much is left of a pattern. */
interface FadeEntry {
  readonly action: JournalEntry['action']
  readonly by: number | undefined
  readonly first: number | undefined
  readonly count: number
}

/**
 * How much of what a pattern says is left in posteriors, by its number: every discount since it was written takes its part; undefined
 * where they decayed since, which mixes it with all else.
 */
export function weightsOf(loaded: Loaded, shelf: Shelf): (pattern: number) => number | undefined {
  if (loaded.energy.posteriors.length === 0) return () => 1
  const entries = Array.from(shelf.journal(), ({ action, by, first, count }): FadeEntry => ({ action, by, first, count }))
  const wrote = ({ action, first, count }: FadeEntry, n: number): boolean =>
    (action === 'write' || action === 'begin') && first !== undefined && first <= n && n < first + count
  return (pattern) => {
    const since = entries.slice(entries.findIndex((e) => wrote(e, pattern)) + 1)
    if (since.some((e) => e.action === 'decay' && e.by !== 0)) return undefined
    return since.reduce((left, e) => (e.action === 'discount' ? left * (1 - must(e.by, 'part')) : left), 1)
  }
}

function elementsStay(axis: string): Diagnostic {
  const message = `Elements of "${axis}" do not fade yet: what their counts would be then is not said.`
  return diagnostic('AMP810', message, { hint: 'Take patterns back: amp forget --label, or --keep-last.' })
}

function nothingFades(): Diagnostic {
  return diagnostic('AMP810', 'No memory of the store is a posterior, so nothing fades.', { expected: 'a memory with a prior and no rule' })
}

function noDiffusion(name: string): Diagnostic {
  return diagnostic('AMP810', `"${name}" is not Gaussian, and only Gaussians diffuse toward their priors.`, {
    hint: '--discount takes the natural parameters of any posterior toward those of its prior.',
  })
}
