import { type Interval, isNonnegative, isNonpositive } from '../../base/interval.ts'
import type { GraphBuilder } from '../../ir/builder.ts'
import { union } from '../../ir/builder.ts'
import { plainGradient } from '../../ir/gradient.ts'
import type { NodeId, Op, UnaryOp } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { dependents, reachable } from '../../ir/walk.ts'
import { isLinearIn } from '../conditionals/rules.ts'
import { type Shape, shapes } from '../curvature/shapes.ts'

/** `weight * left * right`, element by element, with both factors linear in the states. */
export interface Bend {
  readonly weight: NodeId
  readonly left: NodeId
  readonly right: NodeId
}

/**
 * What E is made of as a function of some states, all else held: something linear, and the sum of all elements of all bends. Or
 * what bounds E from above and touches it where the states are (`exact` false), with weights worked out there. Its minimum
 * is then no higher than E is.
 */
export interface Majorant {
  readonly bends: readonly Bend[]
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
  const look: Look = { m: maths(builder), moving, linear }
  const found = new Map<NodeId, Products>()
  let exact = true
  for (let level: readonly NodeId[] = [energy]; level.length > 0; ) {
    const below = stops(look, level)
    if (below === undefined) return undefined
    for (const [id, stop] of below) if (stop.kind === 'products') found.set(id, stop)
    const passed = [...below].flatMap(([id, stop]) => (stop.kind === 'through' ? [{ id, stop }] : []))
    const slopes = slopesOf(builder, energy, passed.map((p) => p.id)) // biome-ignore format: one line
    if (passed.some(({ stop }, i) => !stop.where(range(slopes[i] as NodeId)))) return undefined
    if (passed.length > 0) exact = false
    level = passed.map(({ stop }) => stop.into)
  }
  const bent = [...found]
  const slopes = slopesOf(builder, energy, bent.map(([id]) => id)) // biome-ignore format: one line
  const bends: Bend[] = []
  for (const [i, [, stop]] of bent.entries()) {
    const slope = slopes[i] as NodeId
    const own = stop.bends(look.m, slope, range(slope))
    if (own === undefined) return undefined
    bends.push(...own)
    if (!stop.exact) exact = false
  }
  return { bends, exact }
}

/** The axes along which the elements of a bend lie. */
export function axesOf(builder: GraphBuilder, { weight, left, right }: Bend): readonly string[] {
  return union([weight, left, right].map((id) => builder.axes(id)))
}

interface Look {
  readonly m: Maths
  readonly moving: ReadonlySet<NodeId>
  readonly linear: ReadonlySet<NodeId>
}

/** The derivative of E by each of these nodes, as if it were a leaf. */
function slopesOf(builder: GraphBuilder, energy: NodeId, nodes: readonly NodeId[]): readonly NodeId[] {
  return nodes.length === 0 ? [] : plainGradient(builder, energy, nodes)
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

/** Products whose weights follow from the slope of E at the node; undefined where that has the wrong sign. */
interface Products {
  readonly kind: 'products'
  readonly exact: boolean
  bends(m: Maths, slope: NodeId, sign: Interval): readonly Bend[] | undefined
}

/** A node above its tangent, or below, which may stand for it where E slopes so. */
interface Through {
  readonly kind: 'through'
  readonly into: NodeId
  where(sign: Interval): boolean
}

type Downward = Products | Through

/** What is met on the ways down from `roots` through linear operations; undefined if one leads nowhere. */
function stops(look: Look, roots: readonly NodeId[]): ReadonlyMap<NodeId, Downward> | undefined {
  const { m, moving, linear } = look
  const met = new Map<NodeId, Downward>()
  const reached = new Set(roots)
  for (const id of reached) {
    if (!moving.has(id) || linear.has(id)) continue
    const { op, args } = m.builder.node(id)
    const moves = args.map((arg) => moving.has(arg))
    if (isLinearIn(op, moves)) {
      for (const arg of args) reached.add(arg)
      continue
    }
    const stop = rules[op]?.(look, args, moves) ?? bent(look, op, args)
    if (stop === undefined) return undefined
    met.set(id, stop)
  }
  return met
}

type DownwardRule = (look: Look, args: readonly NodeId[], moves: readonly boolean[]) => Downward | undefined

const rules: { readonly [K in Op]?: DownwardRule } = {
  mul: (look, [left = 0, right = 0]) => (isLinear(look, left, right) ? product(left, right) : undefined),
  square: (look, [x = 0]) => (isLinear(look, x) ? product(x, x) : undefined),
  pow: (look, [x = 0, exponent = 0]) => (isLinear(look, x) && look.m.known(exponent) === 2 ? product(x, x) : undefined),
  logsumexp: (_look, [x = 0]) => ({ kind: 'through', into: x, where: isNonpositive }),
  log1p_square: (look, [x = 0, width = 0], moves) => {
    if (!isLinear(look, x) || moves[1] === true) return undefined
    const weight = (m: Maths, slope: NodeId): NodeId => m.div(slope, m.add(m.square(x), m.square(width)))
    return bounded(x, (m, slope, sign) => (isNonnegative(sign) ? weight(m, slope) : undefined))
  },
}

function isLinear({ linear }: Look, ...nodes: readonly NodeId[]): boolean {
  return nodes.every((id) => linear.has(id))
}

function product(left: NodeId, right: NodeId): Products {
  return { kind: 'products', exact: true, bends: (_, slope) => [{ weight: slope, left, right }] }
}

function bounded(x: NodeId, weight: (m: Maths, slope: NodeId, sign: Interval) => NodeId | 0 | undefined): Products {
  return {
    kind: 'products',
    exact: false,
    bends: (m, slope, sign) => {
      const w = weight(m, slope, sign)
      return w === undefined ? undefined : [{ weight: w, left: x, right: x }]
    },
  }
}

/** A function of one number. */
function bent({ m, linear }: Look, op: Op, [x = 0]: readonly NodeId[]): Downward | undefined {
  const shape = shapes[op as UnaryOp]
  // Those that depend on where the argument lies are left to steps that need no bound.
  if (shape === undefined || typeof shape === 'function') return undefined
  if (!linear.has(x)) return tangent(shape, x)
  return bounded(x, (_, slope, sign) => {
    const bound = isNonnegative(sign) ? shape.most : isNonpositive(sign) ? shape.least : undefined
    return bound === undefined ? undefined : m.mul(m.k(bound / 2), slope)
  })
}

function tangent({ bend, slope }: Shape, into: NodeId): Through | undefined {
  if (bend === 'neither' || slope === undefined) return undefined
  return { kind: 'through', into, where: bend === 'concave' ? isNonnegative : isNonpositive }
}
