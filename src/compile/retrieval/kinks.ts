import { must } from '../../base/internal-error.ts'
import { fromZero, type Interval, isNonnegative, isPositive } from '../../base/interval.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId, Op } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { ranges } from '../../ir/range.ts'
import { dependents, reachable, replaced } from '../../ir/walk.ts'
import type { EnergyAxis } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { lineOf, type Moving, onAxesOf, weightsOf } from '../curvature.ts'

/** The kinks of a state x: `weight |x - centre|` for each element, or `weight` times the Euclidean norm of x - centre `along` axes. */
export interface KinkPart {
  readonly weight: NodeId
  readonly centre: NodeId
  readonly along: readonly string[]
}

/** E = `smooth` + the kinks of each state. */
export interface KinkSplit {
  readonly smooth: NodeId
  readonly parts: ReadonlyMap<string, KinkPart>
  /** Made on the way. */
  readonly axes: readonly EnergyAxis[]
}

/** What kinks are looked for in. */
export interface KinkSearch {
  readonly builder: GraphBuilder
  readonly energy: NodeId
  /** The states that move in their own coordinates, on a line or in a box. */
  readonly states: readonly (Moving & { readonly boxed: boolean })[]
  readonly inputs: (name: string) => Interval
  readonly taken: readonly EnergyAxis[]
}

/** Why there is no proximal step: the end of a sentence. */
export interface NoSplit {
  readonly why: string
}

/**
 * Splits E into a part f and kinks of which the proximal step has a formula: |a x + b|, relu, max and min of lines, norms. A kink
 * that is not of one coordinate, or that shares it with one elsewhere, has none. Undefined where E has no such kink to begin with.
 */
export function splitKinks(search: KinkSearch): KinkSplit | NoSplit | undefined {
  const { builder, energy, states } = search
  const moving = dependents(builder, reachable(builder, [energy]), new Set(states.map((s) => s.node)))
  const found = outermost(search, moving)
  return found.length === 0 ? undefined : parted(search, found)
}

/** A kink of E, and the node that stands for it while its weight is found. */
interface Candidate {
  readonly node: NodeId
  readonly form: KinkForm
  readonly standIn: Moving
}

/** What a node with a kink is made of: `base + factor * |line|`, or the norm `along` axes. */
interface KinkForm {
  readonly base?: NodeId
  readonly factor: number
  readonly line: NodeId
  readonly over: readonly string[]
}

type KinkRule = (m: Maths, node: Node) => KinkForm | undefined

const between =
  (factor: number): KinkRule =>
  (m, { args: [a = -1, b = -1] }) => ({ base: m.mul(m.k(0.5), m.add(a, b)), factor, line: m.sub(a, b), over: [] })

/** Operations that have a kink. */
const forms: Partial<Record<Op, KinkRule>> = {
  abs: (_m, node) => ({ factor: 1, line: must(node.args[0], 'operand'), over: [] }),
  max: between(0.5),
  min: between(-0.5),
  sqrt: (m, node) => normOf(m.builder, must(node.args[0], 'operand')),
}

/** The root of a sum of squares, or of one. */
function normOf(builder: GraphBuilder, radicand: NodeId): KinkForm | undefined {
  const sum = builder.node(radicand)
  const square = sum.op === 'sum' ? builder.node(must(sum.args[0], 'operand')) : sum
  const [line = -1, other = -1] = square.args
  const isSquare = square.op === 'square' || (square.op === 'mul' && line === other)
  return isSquare ? { factor: 1, line, over: sum.op === 'sum' ? sum.over : [] } : undefined
}

/** Through which operands a sum goes on, of what is linear in them. */
const goesOn: Partial<Record<Op, (node: Node, moving: ReadonlySet<NodeId>) => readonly NodeId[]>> = {
  add: (node) => node.args,
  sub: (node) => node.args,
  neg: (node) => node.args,
  sum: (node) => node.args,
  rename: (node) => node.args,
  shift: (node) => node.args,
  mul: ({ args }, moving) => (args.every((a) => moving.has(a)) ? [] : args),
  div: ({ args: [a = -1, b = -1] }, moving) => (moving.has(b) ? [] : [a]),
  where: ({ args: [condition = -1, ...branches] }, moving) => (moving.has(condition) ? [] : branches),
}

function outermost({ builder, energy, inputs }: KinkSearch, moving: ReadonlySet<NodeId>): readonly Candidate[] {
  const m = maths(builder)
  const range = ranges(builder, inputs)
  const reached = new Set([energy])
  const found: Candidate[] = []
  for (const id of reached) {
    if (!moving.has(id)) continue
    const node = builder.node(id)
    const isSmooth = node.op === 'sqrt' && isPositive(range(must(node.args[0], 'operand')))
    const form = isSmooth ? undefined : forms[node.op]?.(m, node)
    if (form !== undefined) found.push({ node: id, form, standIn: standInFor(builder, found.length, node.axes) })
    else for (const a of goesOn[node.op]?.(node, moving) ?? []) reached.add(a)
  }
  return found
}

/** No name of a user's begins so. */
const STAND_IN = 'in place of kink '

function standInFor(builder: GraphBuilder, i: number, axes: readonly string[]): Moving {
  const name = `${STAND_IN}${i}`
  return { name, node: builder.input(name, axes), axes }
}

function parted(search: KinkSearch, found: readonly Candidate[]): KinkSplit | NoSplit {
  const { builder } = search
  const m = maths(builder)
  const inputs = (name: string): Interval => (name.startsWith(STAND_IN) ? fromZero : search.inputs(name))
  const exchanged = new Map(
    found.map(({ node, form, standIn }) => [
      node,
      form.base === undefined ? standIn.node : m.add(form.base, m.mul(m.k(form.factor), standIn.node)),
    ]),
  )
  const energy = must(replaced(builder, [search.energy], exchanged)[0], 'energy')
  const axes: EnergyAxis[] = [...search.taken]
  const parts = new Map<string, KinkPart>()
  for (const { form, standIn } of found) {
    const weighed = weightsOf(builder, energy, standIn, inputs, axes)
    if (weighed === undefined) return { why: 'the energy is not linear in one of its kinks' }
    axes.push(...weighed.axes)
    const place = placeOf(search, form, weighed.weights, axes)
    if ('why' in place) return place
    axes.push(...place.axes)
    const before = parts.get(place.state)
    if (before === undefined) parts.set(place.state, place.part)
    else if (before.centre !== place.part.centre || before.along.join() !== place.part.along.join())
      return { why: `${place.state} has kinks at more than one place` }
    else parts.set(place.state, { ...before, weight: m.add(before.weight, place.part.weight) })
  }
  const none = new Map(found.map(({ standIn }) => [standIn.node, m.k(0)]))
  return { smooth: must(replaced(builder, [energy], none)[0], 'energy'), parts, axes: axes.slice(search.taken.length) }
}

const severalTogether = 'a kink is of several coordinates together, or of something that is not linear in one'

interface KinkPlace {
  readonly state: string
  readonly part: KinkPart
  readonly axes: readonly EnergyAxis[]
}

/** Which coordinates a kink is of, and where it lies along them. */
function placeOf(search: KinkSearch, form: KinkForm, weight: NodeId, taken: readonly EnergyAxis[]): KinkPlace | NoSplit {
  const { builder, states, inputs } = search
  const m = maths(builder)
  const found = lineOf(builder, form.line, states, inputs, taken)
  if (found === undefined) return { why: severalTogether }
  const state = must(
    states.find((s) => s.name === found.state),
    found.state,
  )
  const names = found.coordinates.map((c) => c.name)
  const isWhole = found.coordinates.every((c) => c.tied && c.offset === 0) && builder.axes(form.line).every((a) => names.includes(a))
  if (found.coordinates.some((c) => !c.tied)) return { why: severalTogether }
  if (!isWhole) return { why: `several kinks, or kinks of shifted or picked elements, share a coordinate of ${state.name}` }
  const slope = found.value
  const rest = must(replaced(builder, [form.line], new Map([[state.node, m.k(0)]]))[0], 'line')
  if (moves(builder, weight) || moves(builder, slope) || moves(builder, rest))
    return { why: `the weight or the place of the kinks of ${state.name} moves, too` }
  if (!isNonnegative(ranges(builder, inputs)(weight)))
    return { why: `the weight of the kinks of ${state.name} may be negative (is it declared positive or nonnegative?)` }
  if (form.over.some((axis) => builder.axes(slope).includes(axis)))
    return { why: `a norm weighs the elements of ${state.name} differently` }
  if (form.over.length > 0 && state.boxed) return { why: `${state.name} has bounds and a norm` }
  const own = (id: NodeId): NodeId => onAxesOf(builder, { value: id, coordinates: found.coordinates }, taken)
  const along = found.coordinates.filter((c) => form.over.includes(c.name)).map((c) => c.axis)
  const centre = own(centreOf(builder, slope, rest, ranges(builder, inputs)))
  return { state: state.name, part: { weight: own(m.mul(weight, m.abs(slope))), centre, along }, axes: found.axes }
}

/** Where `slope x + rest` is 0; 0 where there is no slope, and so no kink. */
function centreOf(builder: GraphBuilder, slope: NodeId, rest: NodeId, range: (id: NodeId) => Interval): NodeId {
  const m = maths(builder)
  const [a, b] = [range(slope), range(rest)]
  if (b.low === 0 && b.high === 0) return m.k(0)
  if (a.low === -1 && a.high === -1) return rest
  return a.zero ? m.where(m.equal(slope, m.k(0)), m.k(0), m.div(m.neg(rest), slope)) : m.div(m.neg(rest), slope)
}

/** Whether a node depends on something continuous that moves. */
function moves(builder: GraphBuilder, id: NodeId): boolean {
  return reachable(builder, [id]).some((at) => {
    const node = builder.node(at)
    return node.op === 'input' && (ports.coordinateOwner(node.name) !== undefined || node.name.startsWith(STAND_IN))
  })
}
