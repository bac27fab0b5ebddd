import { must } from '../../base/internal-error.ts'
import type { Span } from '../../base/source.ts'
import { massesAtEnds } from '../../families/formulas/limits.ts'
import { type LogMasses, massesOf } from '../../families/formulas/masses.ts'
import type { Parameter } from '../../families/parts/signature.ts'
import { densities } from '../../families/tables/densities.ts'
import { limits } from '../../families/tables/limits.ts'
import { masses } from '../../families/tables/masses.ts'
import { type FamilyName, signatures } from '../../families/tables/signatures.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { isCountless } from '../../middle/kinds.ts'
import type { DensityTerm, Model, Term, Typed, Variable } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { censoring } from './censoring.ts'
import { type LowerContext, type Lowered, refuse } from './context.ts'
import { allLegal, settled } from './legality.ts'
import { logDensityOf, type Stated } from './log-density.ts'
import { lacksAlong, masked, widest } from './margins.ts'
import { truncation } from './truncation.ts'

/** One named scalar term of the energy, in nats. */
export interface LoweredTerm {
  readonly name: string
  readonly span: Span
  readonly kind: 'energy' | 'density'
  readonly node: NodeId
  /** Set where a density leaves elements out: 1 for those that it counts. */
  readonly counted?: NodeId
  /** Of a statement about a count: the same where only those elements count that the input `known` says are known. */
  readonly partly?: () => NodeId
}

/** The density of a variable that no statement gives, but the text implies. */
export interface ImpliedTerm extends LoweredTerm {
  readonly variable: string
  readonly family: FamilyName
  readonly over: readonly string[]
  readonly args: readonly NodeId[]
}

export interface LoweredTerms {
  readonly written: readonly LoweredTerm[]
  readonly implied: readonly ImpliedTerm[]
}

export function lowerTerms(c: LowerContext, lower: (e: Typed) => Lowered): LoweredTerms {
  const written = c.model.terms.map((t) => writtenTerm(c, t, lower))
  const names = new Set(written.map((t) => t.name))
  const implied = [...weightTerms(c, lower), ...elementPriors(c)].map((t) => ({ ...t, name: fresh(t.name, names) }))
  return { written, implied }
}

function writtenTerm(c: LowerContext, term: Term, lower: (e: Typed) => Lowered): LoweredTerm {
  const { name, span, kind } = term
  if (kind === 'energy') return { name, span, kind, node: wholeEnergy(c, term.value, lower(term.value)) }
  return { name, span, kind, ...density(c, term, lower) }
}

/** Shifted elements that do not exist are already left out by the reductions, so nothing is left over a scalar. */
function wholeEnergy(c: LowerContext, e: Typed, value: Lowered): NodeId {
  if (c.builder.axes(value.node).length > 0) refuse(c, e.span, 'This energy is not a scalar.')
  return penalised(c, value.node, settled(c, value))
}

/** Infinite where a computed pick is outside its axis. */
function penalised(c: LowerContext, energy: NodeId, penalty: NodeId | undefined): NodeId {
  return penalty === undefined ? energy : c.m.add(energy, penalty)
}

/** Minus the log density, summed over every axis of the left side; elements without a value are left out. */
function density(c: LowerContext, term: DensityTerm, lower: (e: Typed) => Lowered): Pick<LoweredTerm, 'node' | 'counted' | 'partly'> {
  const left = lower(term.left)
  const args = term.args.map(lower)
  const ends = [term.range, term.censored].flatMap((e) => (e === undefined ? [] : [lower(e.lower), lower(e.upper)]))
  const margins = widest([left, ...args, ...ends].map((x) => x.margins))
  if (lacksAlong(c.m, margins, term.over)) {
    return { node: refuse(c, term.span, `"${term.family}" along an axis of a value that is shifted along it cannot be computed yet.`).node }
  }
  const over = without(term.left.axes, term.over)
  const legality = allLegal(
    c.m,
    [left, ...args, ...ends].map((x) => x.legality),
  )
  const logDensity = logDensityOf(c, term, left.node, args, modifier(c, term, left.node, lower))
  const energy = (counted: NodeId): NodeId => c.m.neg(c.m.sum(over, masked(c.m, counted, margins, over, 0)))
  const whole = energy(logDensity)
  const penalty = settled(c, { node: logDensity, margins, legality })
  const node = penalised(c, whole, penalty)
  const partial = known(c, term, logDensity)
  const counted = lacksAlong(c.m, margins, over) ? { counted: masked(c.m, c.m.k(1), margins, over, 0) } : {}
  return { node, ...counted, ...(partial && { partly: () => penalised(c, energy(partial()), penalty) }) }
}

/** Elements that are drawn from this statement after everything else leave no trace in the energy: their density sums to 1. */
function known(c: LowerContext, { variable, left, over }: DensityTerm, logDensity: NodeId): (() => NodeId) | undefined {
  const { role, type } = c.variables.get(variable ?? '') ?? {}
  const mayMove = role === 'state' || c.inferable.has(variable ?? '')
  if (variable === undefined || !mayMove || type === undefined || !isCountless(type)) return undefined
  return () => {
    const input = c.builder.input(ports.known(variable), left.axes)
    // What is drawn together is known or unknown together.
    return c.m.where(over.length === 0 ? input : c.builder.reduce('min_over', over, input), logDensity, c.m.k(0))
  }
}

/** A log density as truncation, then censoring, leave it. */
function modifier(c: LowerContext, term: DensityTerm, x: NodeId, lower: (e: Typed) => Lowered): Stated {
  const { range, censored } = term
  if (range === undefined && censored === undefined) return {}
  const ends = (e: NonNullable<DensityTerm['range']>) => ({ lower: lower(e.lower).node, upper: lower(e.upper).node })
  return {
    modify: (whole, args, parameters) => {
      const probabilities = probabilitiesOf(c, term, parameters, args)
      const support = range === undefined ? undefined : ends(range)
      const inside = support === undefined ? whole : truncation(c.m, whole, x, support, probabilities)
      return censored === undefined ? inside : censoring(c.m, inside, x, ends(censored), probabilities, support)
    },
  }
}

/** The checker lets families of single numbers be truncated and censored, and no others. */
function probabilitiesOf(
  c: LowerContext,
  { family }: DensityTerm,
  parameters: readonly (Parameter | undefined)[],
  args: readonly NodeId[],
): LogMasses {
  const own = must(masses[family], `masses of ${family}`)
  return massesOf(c.m, signatures[family].support, massesAtEnds(own, limits[family], parameters), args)
}

/** `axis k ~ dirichlet(a)`: the weights are a state on the simplex with that density. */
function weightTerms(c: LowerContext, lower: (e: Typed) => Lowered): readonly ImpliedTerm[] {
  return c.model.axes.flatMap((axis): readonly ImpliedTerm[] => {
    if (axis.weights?.finite !== true) return []
    const { family, span } = axis.weights
    const args = axis.weights.args.map((a) => lower(a).node)
    const weights = c.builder.input(ports.weight(axis.name), [axis.name])
    const node = c.m.neg(densities[family].logDensity(c.m, weights, args, { over: [axis.name], inside: true }))
    const name = ports.weight(axis.name)
    return [{ name, span, kind: 'density', node, variable: name, family, over: [axis.name], args }]
  })
}

/** An element-typed state that no statement gives a density is drawn from the weights of its axis. */
function elementPriors(c: LowerContext): readonly ImpliedTerm[] {
  const given = new Set(c.model.terms.map((t) => (t.kind === 'density' ? t.variable : undefined)))
  return c.model.variables.flatMap((v): readonly ImpliedTerm[] => {
    if (v.role !== 'state' || v.type.kind !== 'element' || given.has(v.name)) return []
    const { name, span } = v
    const node = elementPrior(c, v, v.type.axis)
    return [{ name, span, kind: 'density', node, variable: name, family: 'categorical', over: [], args: [shares(c, v.type.axis)] }]
  })
}

/** The weights of an axis, or the same for all of its elements. */
function shares({ builder, model }: LowerContext, axis: string): NodeId {
  if (hasWeights(model, axis)) return builder.input(ports.weight(axis), [axis])
  return builder.apply('div', builder.constant(1), builder.size(axis))
}

function elementPrior(c: LowerContext, v: Variable, axis: string): NodeId {
  const { builder, m } = c
  if (!hasWeights(c.model, axis)) return m.sum(v.axes, m.log(builder.size(axis)))
  const weights = builder.input(ports.weight(axis), [axis])
  return m.neg(m.sum(v.axes, builder.pick(m.log(weights), axis, builder.input(v.name, v.axes))))
}

function hasWeights(model: Model, axis: string): boolean {
  return (
    must(
      model.axes.find((a) => a.name === axis),
      `axis ${axis}`,
    ).weights !== undefined
  )
}

function fresh(name: string, taken: Set<string>): string {
  const free = taken.has(name) ? fresh(`prior of ${name}`, taken) : name
  taken.add(free)
  return free
}
