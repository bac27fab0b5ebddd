import { type Checked, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { Bound, GivenByRole } from '../../bind/bound.ts'
import type { Given } from '../../bind/given.ts'
import { isAtRest } from '../../memory/outcome.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { WritingProgram } from '../../middle/program.ts'
import { row } from '../../run/start.ts'
import type { WritingSession } from '../../run/writing-session.ts'
import type { KeptRetrievals } from '../kept-retrievals.ts'
import type { Loaded } from '../load.ts'
import { type RetrieveOptions, retrieveAmong } from '../retrieve.ts'

/** What was retrieved before it could be written. */
export interface RetrievedFirst {
  readonly states: Set<string>
  patterns: number
  notAtRest: number
}

/** Of the states of one pattern, by name. */
export type WholePattern = ReadonlyMap<string, Float64Array>

/** By what patterns are retrieved. */
interface Retrieving {
  readonly loaded: Loaded
  readonly program: WritingProgram
  readonly options: { readonly retrieve?: RetrieveOptions }
  readonly retrievals: KeptRetrievals
}

/** A pattern that is observed whole. */
export function observedOf({ observed }: Bound, i: number): WholePattern {
  return new Map(Object.entries(observed).map(([name, batch]) => [name, row(batch, i)]))
}

/** What is not observed of a pattern is retrieved, with the memories as the patterns before it left them. */
export async function retrievedOf(
  { loaded, program, options, retrievals }: Retrieving,
  given: GivenByRole,
  session: WritingSession,
  bound: Bound,
  i: number,
  retrieved: RetrievedFirst,
): Promise<WholePattern | Checked<never>> {
  const observed = program.states.flatMap((v) => {
    const batch = bound.observed[v.name]
    if (batch === undefined) return []
    const shape = v.axes.map((a) => must(bound.sizes[a], `size of ${a}`))
    const data = v.type.kind === 'element' ? row(batch, i).map((x) => x + 1) : row(batch, i).slice()
    return [{ name: v.name, from: 'the pattern', value: { kind: 'numbers', shape, data } } satisfies Given]
  })
  const memories = memoriesNow(loaded, session, bound)
  const posteriors = loaded.energy.posteriors.map((p) => p.name)
  const others = given.fixed.filter((item) => !memories.some((m) => m.name === item.name))
  const all = { ...given, fixed: [...others, ...memories], observed, posteriors }
  const result = await retrieveAmong(retrievals, loaded, all, options.retrieve ?? {})
  const [found] = result.value?.retrievals ?? []
  if (found === undefined) return unmade(result.diagnostics)
  retrieved.patterns += 1
  if (!isAtRest(found.outcome)) retrieved.notAtRest += 1
  return new Map(
    program.states.map((v) => {
      const value = found.states[v.name] ?? found.likeliest[v.name]
      if (value === undefined) return [v.name, row(must(bound.observed[v.name], v.name), i)]
      return [v.name, v.type.kind === 'element' ? value.data.map((x) => x - 1) : value.data]
    }),
  )
}

/** All memories in the middle of a write. */
function memoriesNow({ energy }: Loaded, session: WritingSession, bound: Bound): readonly Given[] {
  const numbers = session.numbers()
  const sizes = madeSizes(energy.axes, bound.sizes)
  return energy.declared.flatMap(({ name, axes, type }): readonly Given[] => {
    const grown = session.grown().get(name)
    if (grown !== undefined) return [{ name, from: 'the store', value: { kind: 'numbers', shape: grown.shape, data: grown.data } }]
    const data = numbers.get(name)
    if (data === undefined) return []
    const shape = axes.map((a) => must(sizes[a], `size of ${a}`))
    const value = { kind: 'numbers', shape, data: type.kind === 'element' ? data.map((v) => v + 1) : data.slice() } as const
    return [{ name, from: 'the store', value }]
  })
}
