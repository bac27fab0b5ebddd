import { must } from '../../base/internal-error.ts'
import { anywhere, between, hull, type Interval, isNonnegative, isNonpositive, multiplied } from '../../base/interval.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import type { Node, NodeId, Op, UnaryOp } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { weights } from '../../ir/structural-gradient.ts'
import { dependents, reachable } from '../../ir/walk.ts'
import * as ports from '../../middle/ports.ts'
import { isLinearIn } from '../conditionals/rules.ts'
import { type Shape, shapes } from '../curvature/shapes.ts'

/**
 * E as a function of some states, all else held, up to what is linear in them: a scalar that is quadratic in them. Or a bound of E
 * from above that touches it where the states are (`exact` false), so that its least value is no more than E is there.
 */
export interface Majorant {
  readonly scalar: NodeId
  /** Stand-ins for what stays as it is where the states are, though it depends on them. */
  readonly held: ReadonlyMap<NodeId, NodeId>
  /** Those of them that add up to 1 along these axes. */
  readonly shares: ReadonlyMap<NodeId, readonly string[]>
  readonly exact: boolean
}

/**
 * Looks from E down: through what is linear, and through what bends the helpful way. Minus log-sum-exp and other concave
 * functions lie below their tangents (EM, Dempster, Laird & Rubin 1977; iteratively reweighted least squares, as
 * for student_t), until what is left are products of linear parts, or functions of one whose second derivative is
 * bounded (Bohning & Lindsay 1988). Undefined where it comes to anything else.
 */
export function majorantOf(
  builder: GraphBuilder,
  energy: NodeId,
  states: readonly NodeId[],
  range: (id: NodeId) => Interval,
): Majorant | undefined {
  const ids = reachable(builder, [energy])
  const moving = dependents(builder, ids, new Set(states))
  const linear = linearAmong(builder, ids, moving, new Set(states))
  const m = maths(builder)
  const look: Look = { m, moving, linear, range }
  const steps = stepsDown(look, ids, energy)
  if (steps === undefined) return undefined
  const writer: Writer = { m, held: new Map(), shares: new Map() }
  const made = new Map<NodeId, NodeId>()
  for (const id of ids) {
    const step = steps.get(id)
    if (step === undefined) continue
    const [into = id, ...others] = builder.node(id).args
    if (step === 'linear')
      made.set(id, builder.like(builder.node(id), [into, ...others].map((arg) => made.get(arg) ?? arg))) // biome-ignore format: one line
    else if (step !== 'product') made.set(id, step.write(writer, made.get(into) ?? into))
  }
  const exact = [...steps.values()].every((step) => step === 'linear' || step === 'product')
  return { scalar: made.get(energy) ?? energy, held: writer.held, shares: writer.shares, exact }
}

interface Look {
  readonly m: Maths
  readonly moving: ReadonlySet<NodeId>
  readonly linear: ReadonlySet<NodeId>
  readonly range: (id: NodeId) => Interval
}

function linearAmong(
  builder: GraphBuilder,
  ids: readonly NodeId[],
  moving: ReadonlySet<NodeId>,
  states: ReadonlySet<NodeId>,
): ReadonlySet<NodeId> {
  const linear = new Set(states)
  for (const id of ids) {
    if (!moving.has(id) || states.has(id)) continue
    const { op, args } = builder.node(id)
    const moves = args.map((arg) => moving.has(arg))
    if (isLinearIn(op, moves) && args.every((arg, i) => !moves[i] || linear.has(arg))) linear.add(id)
  }
  return linear
}

/** What stands for a node: itself made of what stands for its operands, itself as it is, or a bound. */
type Step = 'linear' | 'product' | UpperBound

interface UpperBound {
  /** How E slopes along the operand, as a part of how it does along the node; absent where nothing is looked into. */
  readonly into?: Interval
  /** From what stands for the first operand. */
  write(w: Writer, into: NodeId): NodeId
}

interface Writer {
  readonly m: Maths
  readonly held: Map<NodeId, NodeId>
  readonly shares: Map<NodeId, readonly string[]>
}

/** A stand-in for a node that stays as it is. */
function hold({ m, held }: Writer, id: NodeId): NodeId {
  const input = m.builder.input(ports.heldNode(id), m.builder.axes(id))
  held.set(input, id)
  return input
}

/** What becomes of each node on the ways down that is not linear; undefined if one leads nowhere. */
function stepsDown(look: Look, ids: readonly NodeId[], energy: NodeId): ReadonlyMap<NodeId, Step> | undefined {
  const { m, moving, linear } = look
  /** How E slopes along each node, over all the ways to it. */
  const slopes = new Map<NodeId, Interval>([[energy, between(1, 1)]])
  const add = (id: NodeId, slope: Interval): void => {
    const before = slopes.get(id)
    slopes.set(id, before === undefined ? slope : hull(before, slope))
  }
  const steps = new Map<NodeId, Step>()
  for (const id of ids.toReversed()) {
    const slope = slopes.get(id)
    if (slope === undefined || !moving.has(id) || linear.has(id)) continue
    const node = m.builder.node(id)
    const { op, args } = node
    if (
      isLinearIn(
        op,
        args.map((arg) => moving.has(arg)),
      )
    ) {
      // biome-ignore format: one line
      steps.set(id, 'linear')
      for (const [k, arg] of args.entries()) if (moving.has(arg)) add(arg, multiplied(slope, share(look, node, k)))
      continue
    }
    const step = rules[op]?.(look, node, id, slope) ?? bent(look, node, id, slope)
    if (step === undefined) return undefined
    steps.set(id, step)
    if (step !== 'product' && step !== 'linear' && step.into !== undefined) add(args[0] as NodeId, multiplied(slope, step.into))
  }
  return steps
}

/** The range of the derivative of a node that is linear in an operand. */
function share({ range, m }: Look, { op, args }: Node, k: number): Interval {
  const other = (i: number): NodeId => must(args[i], 'operand')
  const one = (): Interval => between(1, 1)
  const rule: { readonly [K in Op]?: () => Interval } = {
    ...{ add: one, sum: one, rename: one, pick: one, scatter: one, shift: one, cumsum: one },
    neg: () => between(-1, -1),
    sub: () => (k === 0 ? between(1, 1) : between(-1, -1)),
    mul: () => range(other(1 - k)),
    div: () => range(m.reciprocal(other(1))),
    where: () => between(0, 1),
  }
  return rule[op]?.() ?? anywhere
}

type BoundRule = (look: Look, node: Node, id: NodeId, slope: Interval) => Step | undefined

const rules: { readonly [K in Op]?: BoundRule } = {
  mul: (look, { args }) => (areLinear(look, args) ? 'product' : undefined),
  square: (look, { args }) => (areLinear(look, args) ? 'product' : undefined),
  pow: (look, { args: [x = 0, exponent = 0] }) => (areLinear(look, [x]) && look.m.known(exponent) === 2 ? 'product' : undefined),
  // Below its tangent where it is taken off: the weights of the parts are their shares, responsibilities.
  logsumexp: ({ m }, node, id, slope) => {
    if (!('over' in node) || !isNonpositive(slope)) return undefined
    const over = node.over as readonly string[]
    return {
      into: between(0, 1),
      write: (w, into) => {
        const p = hold(w, weights(m, node.args[0] as NodeId, id))
        w.shares.set(p, over)
        return m.sum(over, m.mul(p, into))
      },
    }
  },
  log1p_square: (look, { args: [x = 0, width = 0] }, _, slope) => {
    if (!areLinear(look, [x]) || look.moving.has(width) || !isNonnegative(slope)) return undefined
    const { m } = look
    return { write: (w) => m.mul(hold(w, m.reciprocal(m.add(m.square(x), m.square(width)))), m.square(x)) }
  },
}

function areLinear({ linear }: Look, nodes: readonly NodeId[]): boolean {
  return nodes.every((id) => linear.has(id))
}

/** A function of one number: below its tangent, or of a linear part with a bounded second derivative. */
function bent({ m, linear, range }: Look, { op, args: [x = 0] }: Node, id: NodeId, slope: Interval): UpperBound | undefined {
  const shape = shapes[op as UnaryOp]
  // Those that depend on where the argument lies are left to steps that need no bound.
  if (shape === undefined || typeof shape === 'function') return undefined
  if (!linear.has(x)) return tangent(shape, { m, range, x, id }, slope)
  const bound = isNonnegative(slope) ? shape.most : isNonpositive(slope) ? shape.least : undefined
  return bound === undefined ? undefined : { write: () => m.mul(m.k(bound / 2), m.square(x)) }
}

function tangent(
  { bend, slope: slopeOf }: Shape,
  { m, range, x, id }: Pick<Look, 'm' | 'range'> & { readonly x: NodeId; readonly id: NodeId },
  slope: Interval,
): UpperBound | undefined {
  const helps = bend === 'concave' ? isNonnegative(slope) : bend === 'convex' && isNonpositive(slope)
  if (!helps || slopeOf === undefined) return undefined
  const own = slopeOf(m, x, id)
  return { into: range(own), write: (w, into) => m.mul(hold(w, own), into) }
}
