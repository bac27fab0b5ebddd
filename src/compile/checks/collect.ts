import { must } from '../../base/internal-error.ts'
import type { Span } from '../../base/source.ts'
import { argumentAxes } from '../../families/parts/argument-axes.ts'
import type { FamilySignature } from '../../families/parts/signature.ts'
import { type Process, processes } from '../../families/processes/table.ts'
import { signatures } from '../../families/tables/signatures.ts'
import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { asType, type Demand, type WrittenCheck } from '../../middle/check.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import { boundsOf } from '../../middle/kinds.ts'
import { type DensityTerm, partsOfStart, type Typed, type ValueType, type Variable } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import type { GivenMatrix, GivenPick, LowerContext, Lowered } from '../lower/context.ts'
import { isGiven, settled } from '../lower/legality.ts'
import { masked } from '../lower/margins.ts'
import { startTerm } from '../lower/start-term.ts'
import { type Behind, variableBehind } from './behind.ts'
import { parameterDemands, supportDemands } from './demands.ts'
import { limits } from './limits.ts'

/** Something that a statement takes, and what of it is asked. */
interface AskedValue {
  readonly value: Typed
  readonly lowered: Lowered
  readonly asks: string
  readonly demands: readonly Demand[]
  /** What a demand compares with. */
  readonly beside?: Readonly<Record<string, NodeId>>
}

/** A check whose outputs are not written yet. */
type Found = Omit<WrittenCheck, 'number' | 'compares'> & { readonly outputs?: Readonly<Record<string, NodeId>> }

/** Everything that is to be looked at when values are given, in the order of the statements; writes what they compute as outputs. */
export function checksOf(c: LowerContext, variables: readonly EnergyVariable[], lower: (e: Typed) => Lowered): readonly WrittenCheck[] {
  const bounds = c.model.variables.flatMap((v) => boundChecks(c, v, lower))
  const statements = c.model.terms.flatMap((term) => (term.kind === 'density' ? densityChecks(c, term, variables, lower) : []))
  const processes = c.model.axes.flatMap((axis) => processChecks(c, axis, variables, lower))
  const starts = c.model.variables.flatMap((v) => startChecks(c, v, variables, lower))
  for (const v of c.model.variables)
    for (const e of [...(v.default === undefined ? [] : [v.default]), ...partsOfStart(v.start)]) settled(c, lower(e))
  const picks = distinct(c.picks).map((p) => pickCheck(c, p))
  const matrices = c.matrices.flatMap((given) => matrixCheck(c, given, variables))
  return [...bounds, ...picks, ...matrices, ...statements, ...processes, ...starts].map(
    ({ outputs = {}, ...check }, number): WrittenCheck => {
      for (const [what, node] of Object.entries(outputs)) c.builder.output(ports.checked(number, what), node, check.axes)
      return { ...check, number, compares: Object.keys(outputs) }
    },
  )
}

function boundChecks(c: LowerContext, v: LowerContext['model']['variables'][number], lower: (e: Typed) => Lowered): readonly Found[] {
  const { type } = v
  if (type.kind !== 'real' || (type.lower === undefined && type.upper === undefined)) return []
  const ends = { ...(type.lower && { lower: lower(type.lower) }), ...(type.upper && { upper: lower(type.upper) }) }
  for (const end of Object.values(ends)) settled(c, end)
  const outputs = Object.fromEntries(Object.entries(ends).map(([name, { node }]) => [name, node]))
  const demand = { kind: 'within', open: false } as const
  return [{ subject: v.name, asks: 'its type', span: v.span, axes: v.axes, demand, variable: v.name, outputs }]
}

function densityChecks(
  c: LowerContext,
  term: DensityTerm,
  variables: readonly EnergyVariable[],
  lower: (e: Typed) => Lowered,
): readonly Found[] {
  const signature: FamilySignature = signatures[term.family]
  const nodes = term.args.map((a) => lower(a).node)
  const args = argumentsAsked(term, lower)
  const left: AskedValue = {
    value: term.left,
    lowered: lower(term.left),
    asks: term.family,
    demands: term.censored === undefined ? supportDemands(signature.support, argumentAxes(term.left, term.over)) : [{ kind: 'number' }],
  }
  const ends = term.censored === undefined ? limits(c.m, term, nodes, lower) : []
  const more = ends.map(({ demand, ...beside }): AskedValue => ({ ...left, demands: [demand], beside }))
  return [...args, left, ...more].flatMap((asked) => asked.demands.flatMap((demand) => checkOf(c, term, asked, demand, variables) ?? []))
}

function argumentsAsked({ family, left, over, args }: DensityTerm, lower: (e: Typed) => Lowered): readonly AskedValue[] {
  const { parameters }: FamilySignature = signatures[family]
  return args.map((value, i): AskedValue => {
    const { name, kind, ends } = must(parameters[i], 'parameter')
    const demands = parameterDemands[kind](argumentAxes(left, over, { name, axes: value.axes }), ends)
    return { value, lowered: lower(value), asks: `${name} of ${family}`, demands }
  })
}

/** The arguments of the process that makes the elements of an axis. */
function processChecks(
  c: LowerContext,
  { weights }: LowerContext['model']['axes'][number],
  variables: readonly EnergyVariable[],
  lower: (e: Typed) => Lowered,
): readonly Found[] {
  if (weights === undefined || weights.finite) return []
  const { family, args, span } = weights
  const process: Process = processes[family]
  const nodes = args.map((a) => lower(a).node)
  return process.parameters.flatMap(({ name, low, high, closed }, i) => {
    const value = must(args[i], name)
    const asked = { value, lowered: lower(value), asks: `${name} of ${family}`, demands: [] }
    const lowest = typeof low === 'number' ? c.m.k(low) : c.m.neg(must(nodes[low.minus], name))
    const ends = [
      { demand: { kind: 'within', open: !closed } as const, beside: { lower: lowest } },
      ...(high === Number.POSITIVE_INFINITY ? [] : [{ demand: { kind: 'within', open: true } as const, beside: { upper: c.m.k(high) } }]),
    ]
    return ends.flatMap(({ demand, beside }) => checkOf(c, { span }, { ...asked, beside }, demand, variables) ?? [])
  })
}

/** The arguments of what a variable is drawn from. */
function startChecks(c: LowerContext, v: Variable, variables: readonly EnergyVariable[], lower: (e: Typed) => Lowered): readonly Found[] {
  if (v.start?.kind !== 'drawn') return []
  const term = startTerm(v, v.start)
  return argumentsAsked(term, lower).flatMap((asked) => asked.demands.flatMap((demand) => checkOf(c, term, asked, demand, variables) ?? []))
}

function checkOf(
  c: LowerContext,
  { span }: { readonly span: Span },
  { value, lowered, asks, beside = {} }: AskedValue,
  demand: Demand,
  variables: readonly EnergyVariable[],
): Found | undefined {
  const behind = variableBehind(c.model, value)
  const variable = behind && variables.find((v) => v.name === behind.name)
  const bare = Object.keys(beside).length === 0
  if (behind !== undefined && variable !== undefined && bare) {
    const own = renamedDemand(demand, behind)
    if (own === undefined || (own.kind === 'type' && promises(variable.type, own.type))) return undefined
    if (own.kind !== 'number' && hasAxesOf(own, variable.axes))
      return { subject: behind.name, asks, span, axes: variable.axes, demand: own, variable: behind.name }
    if (own.kind === 'number') return undefined
  }
  if (demand.kind === 'number' && !(isGiven(c, lowered.node) && c.mayFail(lowered.node))) return undefined
  if (value.kind === 'variable' && variable !== undefined && !bare && isWithout(c, beside, variable.axes)) {
    return { subject: value.name, asks, span, axes: variable.axes, demand, variable: value.name, outputs: beside }
  }
  const axes = widestAxes(c, value.axes, beside)
  if (!hasAxesOf(demand, axes)) return undefined
  const outputs = { value: lowered.node, ...liveOf(c, lowered, axes), ...beside }
  if (Object.values(outputs).every((id) => c.builder.node(id).op === 'const')) return undefined
  return { subject: textOf(c, value), asks, span: value.span, axes, demand, outputs }
}

function pickCheck(c: LowerContext, { index, axis, span, live, variable }: GivenPick): Found {
  const axes = c.builder.axes(index)
  const asks = `a pick along ${axis}`
  if (variable !== undefined && live === undefined)
    return {
      subject: variable.name,
      asks,
      span,
      axes: variable.axes,
      variable: variable.name,
      demand: { kind: 'element', axis, first: 1 },
    }
  const extra = live === undefined ? [] : without(c.builder.axes(live), axes)
  const kept = live === undefined ? {} : { live: c.builder.reduce('max_over', extra, live) }
  const subject = c.model.source.text.slice(span.start, span.end)
  return { subject, asks, span, axes, demand: { kind: 'element', axis, first: 0 }, outputs: { value: index, ...kept } }
}

/** What is factored must be a symmetric, positive definite matrix, which is said when it is given. */
function matrixCheck(
  c: LowerContext,
  { value, lowered, asks, rows, columns }: GivenMatrix,
  variables: readonly EnergyVariable[],
): readonly Found[] {
  const demand = asType({ kind: 'covariance', rows, columns })
  return [checkOf(c, value, { value, lowered, asks, demands: [demand] }, demand, variables)].filter((found) => found !== undefined)
}

/** Each pick once: an index that is used in several places is looked at where any of them uses it. */
function distinct(picks: readonly GivenPick[]): readonly GivenPick[] {
  return picks.filter((p, i) => picks.findIndex((q) => q.index === p.index && q.axis === p.axis && q.live === p.live) === i)
}

/** Whether what a variable is compared with has no other axes. */
function isWithout(c: LowerContext, beside: Readonly<Record<string, NodeId>>, axes: readonly string[]): boolean {
  return Object.values(beside).every((id) => c.builder.axes(id).every((a) => axes.includes(a)))
}

function widestAxes(c: LowerContext, axes: readonly string[], beside: Readonly<Record<string, NodeId>>): readonly string[] {
  return [...new Set([...axes, ...Object.values(beside).flatMap((id) => c.builder.axes(id))])]
}

/** 0 for the elements that a shift has no value for. */
function liveOf(c: LowerContext, { margins }: Lowered, axes: readonly string[]): { readonly live?: NodeId } {
  const live = masked(c.m, c.m.k(1), margins, axes, 0)
  return c.builder.node(live).op === 'const' ? {} : { live }
}

/** A demand along the axes of the variable itself; undefined where they have none of their own for it. */
function renamedDemand(demand: Demand, { called }: Behind): Demand | undefined {
  const own = (axis: string): string => called.get(axis) ?? axis
  if (demand.kind === 'type' && 'rows' in demand.type)
    return { ...demand, type: { ...demand.type, rows: own(demand.type.rows), columns: own(demand.type.columns) } }
  if (demand.kind === 'type' && 'axis' in demand.type) return { ...demand, type: { ...demand.type, axis: own(demand.type.axis) } }
  return demand.kind === 'total' ? { ...demand, axis: own(demand.axis) } : demand
}

function hasAxesOf(demand: Demand, axes: readonly string[]): boolean {
  if (demand.kind === 'total') return axes.includes(demand.axis)
  if (demand.kind !== 'type') return true
  if ('rows' in demand.type) return axes.includes(demand.type.rows) && axes.includes(demand.type.columns)
  return !('axis' in demand.type) || axes.includes(demand.type.axis)
}

/** Whether values of a declared type are looked at for the same already. */
function promises(declared: ValueType, asked: ValueType): boolean {
  // Data may be infinite where their type has no upper end, which no statement takes.
  if (boundsOf(asked)?.upper === Infinity) return false
  return JSON.stringify(declared) === JSON.stringify(asked) || (declared.kind === asked.kind && !('axis' in asked) && !('rows' in asked))
}

function textOf(c: LowerContext, { span }: Typed): string {
  return c.model.source.text.slice(span.start, span.end).replace(/\s+/g, ' ')
}
