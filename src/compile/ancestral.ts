import { must } from '../base/internal-error.ts'
import { hasElements } from '../families/parts/support.ts'
import { signatures } from '../families/tables/signatures.ts'
import { type GraphBuilder, without } from '../ir/builder.ts'
import type { NodeId, OutputPort } from '../ir/graph.ts'
import { simplify } from '../ir/simplify.ts'
import { dependents } from '../ir/walk.ts'
import type { Energy, WrittenDensity, WrittenStatement } from '../middle/energy.ts'
import * as ports from '../middle/ports.ts'
import type { AncestralProgram } from '../middle/program.ts'
import { type Situation, situationOf } from '../middle/situation.ts'
import { holds } from './ancestral/holds.ts'
import { holdsAll, type Reads, readsOf } from './ancestral/reads.ts'
import { type NodesByPort, openParts, portsOf, type Source, sourceOf, statementOf } from './ancestral/source.ts'
import { type TemperedSource, tempered } from './ancestral/tempered.ts'

/** Why a model cannot be drawn in order, each variable given those before it. */
export interface NotAncestral {
  readonly reason: string
}

/** How to draw at temperature 1, and at the temperature that the program reads; or why that cannot be. */
export interface ExactDraws {
  readonly ancestral: AncestralProgram | NotAncestral
  readonly tempered: AncestralProgram | NotAncestral
}

/**
 * How to draw a model's states in order, each given those it depends on: exact, independent draws of exp(-E/T) when
 * nothing is observed and no data are conditioned on; or why the model has no such order. At other temperatures every
 * statement is taken to the power 1/T: all powers must be densities of families again, and what normalises them anew must
 * not depend on what was drawn before.
 */
export function readAncestral(energy: Energy, situation: Situation = situationOf(energy)): ExactDraws {
  const [observed] = situation.observed
  const still = energy.eliminated.find((e) => e.how !== 'integrate')
  if (still !== undefined) return never(`"${still.name}" is ${still.how === 'minimise' ? 'minimised' : 'plugged in'}, not drawn`)
  const stored = energy.posteriors.find((p) => situation.moving.has(p.name))
  if (stored !== undefined) return never(`the posterior of "${stored.name}" stands in the place of its prior`)
  const drawn = observed === undefined ? orderedSources(energy, movingOf(energy, situation)) : { reason: `"${observed}" is observed` }
  return 'reason' in drawn
    ? { ancestral: drawn, tempered: drawn }
    : { ancestral: programOf(drawn.parts, drawn.sources), tempered: cooled(drawn) }
}

function never(reason: string): ExactDraws {
  return { ancestral: { reason }, tempered: { reason } }
}

/** Weights of axes first. */
function movingOf({ declared, implied }: Energy, { moving }: Situation): readonly string[] {
  const weights = implied.flatMap((s) => (hasElements(signatures[s.family].support) ? [] : (s.variable ?? [])))
  const drawn = declared.filter((v) => moving.has(v.name)).map((v) => v.name)
  return [...new Set([...weights, ...drawn])]
}

function cooled({ parts, sources, reads }: Ordered): AncestralProgram | NotAncestral {
  const cold: TemperedSource[] = []
  for (const source of sources) {
    const now = tempered(parts.builder, source, reads)
    if ('reason' in now) return now
    cold.push(now)
  }
  return programOf(parts, cold)
}

/**
 * How to draw the variables `names` in order, given the others. With data among the names it makes new data from
 * the prior (as simulation-based calibration wants); a statement about anything that is not drawn must not depend on
 * what is.
 */
export function generativeProgram(energy: Energy, names: ReadonlySet<string>): AncestralProgram | NotAncestral {
  const ordered = orderedSources(energy, [...names])
  return 'reason' in ordered ? ordered : programOf(ordered.parts, ordered.sources)
}

interface Ordered {
  readonly parts: NodesByPort
  /** Each after everything it depends on. */
  readonly sources: readonly Source[]
  readonly reads: Reads
}

function orderedSources(energy: Energy, names: readonly string[]): Ordered | NotAncestral {
  const [neuron] = energy.neurons
  if (neuron !== undefined) return { reason: `the energy of the neuron "${neuron}" is not a density of it alone` }
  const [opened] = energy.opened
  if (opened !== undefined) return { reason: `"${opened.slots[0]}" is what a store has of "${opened.axis}"` }
  const variables = names.map((name) =>
    must(
      energy.declared.find((v) => v.name === name),
      `variable ${name}`,
    ),
  )
  const own: WrittenDensity[] = []
  for (const name of names) {
    const statement = statementOf(energy, name)
    if ('reason' in statement) return statement
    own.push(statement)
  }
  const others = energy.statements.filter((s) => !own.includes(s as WrittenDensity))
  const parts = openParts(energy, [...own, ...others], variables)
  const reads = readsOf(parts.builder, new Set(names))
  const sources = variables.map((v, i) => sourceOf(parts, v, must(own[i], v.name)))
  const reason = coupling(others, parts, reads) ?? unavailable(parts, sources)
  if (reason !== undefined) return { reason }
  const ordered = inOrder(sources, reads)
  return ordered === undefined ? { reason: 'some of its states depend on each other in a circle' } : { parts, sources: ordered, reads }
}

/** Something else in the model that depends on what is drawn, and so is not drawn from its own statement alone. */
function coupling(others: readonly WrittenStatement[], { at }: NodesByPort, reads: Reads): string | undefined {
  for (const statement of others) {
    const [meets] = portsOf(statement).flatMap((port) => [...reads(at(port))])
    if (meets === undefined) continue
    if (statement.kind === 'energy') return `the energy "${statement.name}" depends on "${meets}" and is not a normalised density`
    if (statement.variable !== undefined) return `"${statement.variable}" is given and depends on "${meets}"`
    return `the left side of the statement "${statement.name}" is an expression of "${meets}"`
  }
  return undefined
}

function unavailable({ builder }: NodesByPort, sources: readonly Source[]): string | undefined {
  const shifted = shiftedIn(builder)
  for (const source of sources) {
    const reason =
      undrawable(source, shifted) ?? (holds(builder, source) ? undefined : `the type of "${source.name}" cuts off a part of its density`)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** Why a statement does not say how to draw. `shifted`: the nodes that hold a shift. */
export function undrawable(source: Source, shifted: ReadonlySet<NodeId>): string | undefined {
  // A shift leaves out the elements at the end of an axis: the statement does not say where those come from.
  return nodesOf(source).some((id) => shifted.has(id)) ? shiftedAlong(source.name) : undefined
}

export const shiftedAlong = (name: string): string => `the statement of "${name}" is shifted along an axis`

/** The nodes that hold a shift. */
export function shiftedIn(builder: GraphBuilder): ReadonlySet<NodeId> {
  const all = Array.from({ length: builder.length }, (_, id) => id)
  return dependents(builder, all, new Set(all.filter((id) => builder.node(id).op === 'shift')))
}

function nodesOf({ args, range, censored }: Source): readonly NodeId[] {
  return [...args, ...[range, censored].flatMap((e) => (e === undefined ? [] : [e.lower, e.upper]))]
}

/** Each after everything it depends on; undefined when there is a circle. */
function inOrder(sources: readonly Source[], reads: Reads): readonly Source[] | undefined {
  const done = new Set<string>()
  const ordered: Source[] = []
  const isReady = (s: Source): boolean => nodesOf(s).every((id) => holdsAll(done, reads(id)))
  while (ordered.length < sources.length) {
    const next = sources.find((s) => !done.has(s.name) && isReady(s))
    if (next === undefined) return undefined
    done.add(next.name)
    ordered.push(next)
  }
  return ordered
}

/** The program that draws from these statements, each after everything it depends on. */
export function programOf(
  { builder }: Pick<NodesByPort, 'builder'>,
  sources: readonly Omit<TemperedSource, 'statement' | 'bounds'>[],
): AncestralProgram {
  const outputs = sources.flatMap((source) => {
    const { name, args, range, censored, positive } = source
    const outer = without(source.axes, source.over)
    const output = (port: string, node: NodeId): OutputPort => ({
      ...{ name: port, node },
      axes: [...outer, ...ownAxes(builder.axes(node), outer, source)],
    })
    return [
      ...args.map((node, i) => output(ports.parameter(name, i), node)),
      ...(range === undefined ? [] : [output(ports.end(name, 'lower'), range.lower), output(ports.end(name, 'upper'), range.upper)]),
      ...(censored === undefined
        ? []
        : [output(ports.end(name, 'least'), censored.lower), output(ports.end(name, 'most'), censored.upper)]),
      ...(positive === undefined ? [] : [output(ports.positive(name), positive)]),
    ]
  })
  const draws = sources.map(({ name, axes, family, over, args, type, range, censored }) => ({
    ...{ name, axes, family, over, type },
    ...{ arguments: args.length, truncated: range !== undefined, censored: censored !== undefined },
  }))
  return { graph: simplify(builder.part(outputs)), draws }
}

/**
 * The axes of an argument that the value's sites lack: those of the family in its order (both where it has one of two,
 * so that a matrix of means is whole), then that of the levels, then others, so that a table of moves is [from, to].
 */
function ownAxes(axes: readonly string[], outer: readonly string[], { over, type }: Pick<Source, 'over' | 'type'>): readonly string[] {
  const own = without(axes, outer)
  const matrix = over.length === 2 && own.some((a) => over.includes(a)) && own.every((a) => over.includes(a))
  const along = matrix ? over : over.filter((a) => own.includes(a))
  const level = type.kind === 'element' ? own.filter((a) => a === type.axis) : []
  return [...without(along, level), ...level, ...without(own, [...along, ...level])]
}
