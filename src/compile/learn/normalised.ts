import type { Span } from '../../base/source.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { EnergyVariable, WrittenDensity, WrittenStatement } from '../../middle/energy.ts'
import { holds } from '../ancestral/holds.ts'
import { type Reads, readsOf } from '../ancestral/reads.ts'
import { type NodesByPort, openParts, portsOf, sourceOf } from '../ancestral/source.ts'
import type { LossScene } from './loss.ts'

/** What keeps E from being minus a log density of what a pattern has of its own. */
export interface Unnormalised {
  /** As the subject of a sentence and what is said of it. */
  readonly what: string
  readonly span: Span
}

/**
 * Whether E, at T = 1, is minus the log density of the states of a pattern (and of data with a statement) given everything else: each
 * has one statement of its own, whose support its type holds, none depends on another in a circle, and nothing else is said of them.
 * What is the first to be otherwise; undefined where nothing is.
 */
export function unnormalised({ energy, statements: split, own, params }: LossScene): Unnormalised | undefined {
  const shared = new Set(split.filter((s) => s.shared).map((s) => s.name))
  const statements = [...energy.statements, ...energy.implied].filter((s) => !shared.has(s.name))
  const variables = energy.variables.filter((v) => own.has(v.name) && !params.has(v.name))
  const neuron = variables.find((v) => energy.neurons.includes(v.name))
  if (neuron !== undefined) return { what: `the energy of the neuron "${neuron.name}" is no density of it`, span: neuron.span }
  const described = energy.variables.filter((v) => statements.some((s) => s.kind === 'density' && s.variable === v.name))
  const parts = openParts(energy, statements, described)
  const states = new Set(variables.filter((v) => v.role !== 'data').map((v) => v.name))
  const reads = readsOf(parts.builder, new Set([...states, ...described.map((v) => v.name)]))
  for (const s of statements) {
    const trouble =
      s.kind === 'energy' ? `"${s.name}" is an energy, which nothing normalises` : ofDensity(s, statements, parts, reads, states)
    if (trouble !== undefined) return { what: trouble, span: s.span }
  }
  const bare = variables.find((v) => states.has(v.name) && !described.includes(v))
  if (bare !== undefined) return { what: `nothing is a density of "${bare.name}"`, span: bare.span }
  return cutOff(described, statements, parts) ?? circle(statements, parts, reads)
}

function ofDensity(
  s: WrittenDensity,
  all: readonly WrittenStatement[],
  parts: NodesByPort,
  reads: Reads,
  states: ReadonlySet<string>,
): string | undefined {
  const [left = '', ...args] = portsOf(s)
  if (s.variable === undefined) {
    const met =
      [...reads(parts.at(left))].find((name) => states.has(name)) ?? argumentsRead(args, parts, reads).find((name) => states.has(name))
    return met === undefined ? undefined : `the left side of "${s.name}" is not a variable, and it speaks of "${met}"`
  }
  if (all.some((o) => o !== s && o.kind === 'density' && o.variable === s.variable))
    return `"${s.variable}" has two densities, whose product is none`
  return args.some((port) => readsItself(parts.builder, parts.at(port), s.variable as string))
    ? `the density of "${s.variable}" depends on itself`
    : undefined
}

function argumentsRead(args: readonly string[], { at }: NodesByPort, reads: Reads): readonly string[] {
  return args.flatMap((port) => [...reads(at(port))])
}

/** Through shifts in one direction along one axis it is a recursion: each element given those before. */
function readsItself(builder: GraphBuilder, root: NodeId, name: string): boolean {
  const ways = new Set<string>()
  const seen = new Map<NodeId, boolean>()
  const direct = (id: NodeId): boolean => {
    const known = seen.get(id)
    if (known !== undefined) return known
    const node = builder.node(id)
    seen.set(id, false)
    let found = node.op === 'input' && node.name === name
    for (const a of node.args) {
      const reached = direct(a)
      if (reached && node.op === 'shift') ways.add(`${node.axis} ${Math.sign(node.by)}`)
      else found ||= reached
    }
    seen.set(id, found)
    return found
  }
  return direct(root) || ways.size > 1
}

/** A type that leaves out values which the family has. */
function cutOff(
  variables: readonly EnergyVariable[],
  statements: readonly WrittenStatement[],
  parts: NodesByPort,
): Unnormalised | undefined {
  for (const v of variables) {
    const s = statements.find((o): o is WrittenDensity => o.kind === 'density' && o.variable === v.name)
    if (s !== undefined && !holds(parts.builder, sourceOf(parts, v, s)))
      return { what: `the type of "${v.name}" cuts off a part of its density`, span: v.span }
  }
  return undefined
}

function circle(statements: readonly WrittenStatement[], parts: NodesByPort, reads: Reads): Unnormalised | undefined {
  const open = statements.filter((s): s is WrittenDensity => s.kind === 'density' && s.variable !== undefined)
  const left = new Set(open.map((s) => s.variable as string))
  for (;;) {
    const next = open.find((s) => {
      const needed = argumentsRead(portsOf(s).slice(1), parts, reads).filter((name) => name !== s.variable)
      return left.has(s.variable as string) && needed.every((name) => !left.has(name))
    })
    if (next === undefined) break
    left.delete(next.variable as string)
  }
  const first = open.find((s) => left.has(s.variable as string))
  return (
    first && { what: `the densities of ${[...left].map((n) => `"${n}"`).join(' and ')} depend on each other in a circle`, span: first.span }
  )
}
