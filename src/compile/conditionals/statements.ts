import { must } from '../../base/internal-error.ts'
import type { Span } from '../../base/source.ts'
import { interiors } from '../../families/tables/interiors.ts'
import { type FamilyName, signatures } from '../../families/tables/signatures.ts'
import { GraphBuilder, include, without } from '../../ir/builder.ts'
import { cut } from '../../ir/cut.ts'
import type { NodeId, OutputPort } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { reachable } from '../../ir/walk.ts'
import type { Energy, EnergyVariable, WrittenDensity } from '../../middle/energy.ts'
import { boundsOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import * as supports from '../../middle/supports.ts'

/** A term of the energy on a builder. */
export interface OpenTerm {
  readonly name: string
  readonly span: Span
  readonly node: NodeId
  readonly density?: WrittenDensity
}

/** An energy on a builder of its own: its terms, and all that they are made of. */
export interface Opened {
  readonly m: Maths
  readonly energy: Energy
  readonly terms: readonly OpenTerm[]
  /** The outputs of the energy that are no terms. */
  readonly others: readonly OutputPort[]
  /** A port of `Energy.written`, over these axes. */
  output(port: string): { readonly node: NodeId; readonly axes: readonly string[] } | undefined
}

export function open(energy: Energy): Opened {
  const builder = new GraphBuilder()
  const simple = include(builder, energy.graph)
  const densities = new Map([...energy.statements, ...energy.implied].flatMap((s) => (s.kind === 'density' ? [[s.name, s] as const] : [])))
  const ofDensities = /^(left|argument|range|counted|bound):/
  const written = cut(
    energy.written,
    energy.written.outputs.filter((o) => ofDensities.test(o.name)),
  )
  // What is relaxed has another shape by now; statements that read it are altered.
  const relaxed = new Set(energy.relaxed.map((r) => r.name))
  const ids = include(builder, written, ({ name, axes }) => (relaxed.has(name) ? builder.input(`${name} as written`, axes) : undefined))
  const outputs = new Map(written.outputs.map((o: OutputPort) => [o.name, { node: must(ids[o.node], o.name), axes: o.axes }]))
  const nodes = new Map(energy.graph.outputs.map((o) => [o.name, must(simple[o.node], o.name)]))
  const others = energy.graph.outputs.flatMap((o) => (ports.isTerm(o.name) ? [] : [{ ...o, node: must(simple[o.node], o.name) }]))
  const terms = energy.terms.map(({ name, span, altered }): OpenTerm => {
    const density = altered === true ? undefined : densities.get(name)
    return { name, span, node: must(nodes.get(ports.term(name)), name), ...(density && { density }) }
  })
  return { m: maths(builder), energy, terms, others, output: (port) => outputs.get(port) }
}

/**
 * A density statement as what it adds inside the support of its family, but for what normalises one that is truncated:
 * without the guards that numbers outside need. Undefined where the variable can take the left side out of that
 * support, or moves its ends, or there is no such formula, or it is about a variable that was eliminated. `names`: those that vary,
 * of which `holds` says whether a node depends on any.
 */
export function interiorOf(
  o: Opened,
  { density }: OpenTerm,
  names: ReadonlySet<string>,
  holds: (id: NodeId) => boolean,
): NodeId | undefined {
  if (density === undefined) return undefined
  const { m } = o
  const { family, variable, over, truncated, censored } = density
  const interior = interiors[family]
  const own = o.energy.variables.find((v) => v.name === variable)
  const left = o.output(ports.left(density.name)) ?? (own && { node: m.builder.input(own.name, own.axes), axes: own.axes })
  if (interior === undefined || left === undefined) return undefined
  const args = Array.from({ length: density.arguments }, (_, i) => must(o.output(ports.argument(density.name, i)), 'argument').node)
  const { support, parameters } = signatures[family]
  const leftMoves = holds(left.node)
  if (leftMoves && (own === undefined || !names.has(own.name) || !staysInside(o, own, family, args))) return undefined
  const range = (['lower', 'upper'] as const).flatMap((end) => o.output(ports.range(density.name, end)) ?? [])
  if (censored || (truncated && [...args, ...range.map((end) => end.node)].some(holds))) return undefined
  const ends = 'interval' in support ? support.interval : 'whole' in support ? support.whole : []
  if (parameters.some((p, i) => (ends as readonly unknown[]).includes(p.name) && holds(must(args[i], p.name)))) return undefined
  const element = own?.type.kind === 'element' ? { element: own.type.axis } : {}
  const formula = interior.logDensity(m, left.node, args, { over, inside: true, ...element })
  const counted = o.output(ports.counted(density.name))
  const kept = [counted?.node, knownOf(o, density, left.axes)].reduce(
    (f: NodeId, is) => (is === undefined ? f : m.where(is, f, m.k(0))),
    formula,
  )
  if (readsOther(m.builder, kept, o.energy.variables)) return undefined
  return m.neg(m.sum(without(left.axes, over), kept))
}

/** Which elements of a count are known, where the others are drawn after everything else and count for nothing. */
function knownOf({ m, energy }: Opened, { variable, over }: WrittenDensity, axes: readonly string[]): NodeId | undefined {
  if (variable === undefined || energy.variables.every((v) => v.name !== ports.known(variable))) return undefined
  const known = m.builder.input(ports.known(variable), axes)
  return over.length === 0 ? known : m.builder.reduce('min_over', over, known)
}

/** Whether something is read that the energy has no more. */
function readsOther(builder: GraphBuilder, root: NodeId, variables: Energy['variables']): boolean {
  const names = new Set(variables.map((v) => v.name))
  return reachable(builder, [root]).some((id) => {
    const node = builder.node(id)
    return node.op === 'input' && !names.has(node.name)
  })
}

/** Whether the type of the left side alone keeps it inside the support: where arguments are its ends, these are numbers. */
function staysInside({ m }: Opened, { type }: EnergyVariable, family: FamilyName, args: readonly NodeId[]): boolean {
  const { support, parameters } = signatures[family]
  const bounds = boundsOf(type)
  if (!('interval' in support) || bounds === undefined) return supports.keepsInside(type, support)
  const argument = (name: string): number => m.known(must(args[parameters.findIndex((p) => p.name === name)], name)) ?? Number.NaN
  const [low, high] = support.interval.map((end) => (typeof end === 'number' ? end : argument(end))) as [number, number]
  const [lower, upper] = [bounds.lower, bounds.upper].map((end) => (typeof end === 'number' ? end : (end.number ?? Number.NaN))) as [
    number,
    number,
  ]
  return low <= lower && upper <= high
}
