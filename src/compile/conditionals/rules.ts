import type { Node, NodeId, NodeOf, Op } from '../../ir/graph.ts'
import type { LinearAlgebra } from './entries.ts'
import {
  free,
  isAffine,
  isFree,
  isSamePlace,
  type Linear,
  mapped,
  negated,
  onlyWhere,
  picked,
  plus,
  power,
  renamed,
  type Statistic,
  scattered,
  shifted,
  summed,
  times,
} from './linear.ts'

/** What a rule sees: what is known of the operands, at least one of which depends on the variable. */
export interface LinearOperands {
  readonly a: LinearAlgebra
  readonly args: readonly Linear[]
  readonly first: Linear
  readonly second: Linear
  /** Whether all values of the variable are at least 0, so that logarithms and powers of it are what they seem. */
  readonly positive: boolean
}

/** Undefined where the node is not linear in statistics. */
type LinearRule<K extends Op> = (o: LinearOperands, node: NodeOf<K>) => Linear | undefined

/** How what is known of operands passes through an operation; one without a row here has no form. */
const rules: { readonly [K in Op]?: LinearRule<K> } = {
  neg: ({ a, first }) => negated(a, first),
  add: ({ a, first, second }) => plus(a, first, second),
  sub: ({ a, first, second }) => plus(a, first, negated(a, second)),
  mul: ({ a, first, second }) => product(a, first, second),
  div: (o) => quotient(o),
  square: ({ a, first }) => product(a, first, first),
  sqrt: (o) => raised(o, 0.5),
  pow: (o) => {
    const { a, first, second } = o
    const exponent = isFree(second) ? a.m.known(second.constant) : undefined
    if (exponent === undefined) return undefined
    return exponent === 2 ? product(a, first, first) : raised(o, exponent)
  },
  log: (o) => logarithm(o, o.first),
  log1p: ({ a, first }) => logOfRest(a, first, 0),
  xlogy: (o) => {
    const { a, first, second } = o
    if (isFree(second)) return times(a, first, a.m.log(second.constant))
    const log = isFree(first) ? logarithm(o, second) : undefined
    return log && times(a, log, first.constant)
  },
  where: ({ a, args: [condition, yes, no] }) => {
    if (condition === undefined || yes === undefined || no === undefined || !isFree(condition)) return undefined
    const { m } = a
    return plus(a, onlyWhere(a, condition.constant, yes), onlyWhere(a, m.sub(m.k(1), condition.constant), no))
  },
  sum: ({ a, first }, { over }) => summed(a, first, over),
  rename: ({ a, first }, { from, to }) => renamed(a, first, from, to),
  pick: ({ a, first, second }, { axis }) => (isFree(second) ? picked(a, first, axis, second.constant) : undefined),
  scatter: ({ a, first, second }, { axis, over }) => (isFree(second) ? scattered(a, first, axis, second.constant, over) : undefined),
  shift: ({ a, first }, { axis, by }) => shifted(a, first, axis, by),
  cumsum: ({ a, first }, { axis, reverse }) => mapped(a, first, [axis], first.axes, (x) => a.m.builder.cumsum(x, axis, reverse)),
  solve_lower: ({ a, first, second }, { rows, columns, transposed, axes }) =>
    isFree(first)
      ? mapped(a, second, [rows, columns], axes, (x) => a.m.builder.solveLower(first.constant, x, rows, columns, transposed))
      : undefined,
}

const always = (): boolean => true

/** Of those with rules here: in which operands that move, all others held, the node is linear. */
const linearities: { readonly [K in Op]?: (moves: readonly boolean[]) => boolean } = {
  neg: always,
  add: always,
  sub: always,
  mul: ([a, b]) => !(a && b),
  div: ([, divisor]) => !divisor,
  where: ([condition]) => !condition,
  sum: always,
  rename: always,
  pick: ([, index]) => !index,
  scatter: ([, index]) => !index,
  shift: always,
  cumsum: always,
  solve_lower: ([matrix]) => !matrix,
}

/** Whether an operation is linear in those of its operands that move. */
export function isLinearIn(op: Op, moves: readonly boolean[]): boolean {
  return linearities[op]?.(moves) === true
}

/** A node as a function of the variable, from its operands. */
export function linearOf(a: LinearAlgebra, node: Node, id: NodeId, args: readonly Linear[], positive: boolean): Linear | undefined {
  if (args.every(isFree)) return free(a, id)
  const rule = rules[node.op] as LinearRule<Op> | undefined
  const [first = free(a, a.m.k(0)), second = free(a, a.m.k(0))] = args
  return rule?.({ a, args, first, second, positive }, node)
}

function product(a: LinearAlgebra, x: Linear, y: Linear): Linear | undefined {
  if (isFree(x)) return times(a, y, x.constant)
  if (isFree(y)) return times(a, x, y.constant)
  const powers = x.single && y.single && isSamePlace(x.single.coordinates, y.single.coordinates) ? productOfPowers(a, x, y) : undefined
  if (!isAffine(x) || !isAffine(y)) return powers
  const axes = plus(a, x, y).axes
  const single = powers?.single === undefined ? {} : { single: powers.single }
  return { axes, constant: a.m.k(0), parts: new Map(), quadratic: true, ...single }
}

function productOfPowers(a: LinearAlgebra, { axes, single: p }: Linear, { axes: other, single: q }: Linear): Linear | undefined {
  if (p === undefined || q === undefined) return undefined
  const both = [...new Set([...axes, ...other])].sort()
  return power(a, { power: p.power + q.power, scale: a.m.mul(p.scale, q.scale), coordinates: p.coordinates }, both)
}

function quotient(o: LinearOperands): Linear | undefined {
  const { a, first, second } = o
  if (isFree(second)) return times(a, first, a.m.reciprocal(second.constant))
  const inverse = raised({ ...o, first: second }, -1)
  return inverse && product(a, first, inverse)
}

function raised({ a, first, positive }: LinearOperands, exponent: number): Linear | undefined {
  const { single } = first
  if (single === undefined || !positive) return undefined
  const scale = a.m.pow(single.scale, a.m.k(exponent))
  return power(a, { ...single, power: single.power * exponent, scale }, first.axes)
}

function logarithm({ a, positive }: LinearOperands, x: Linear): Linear | undefined {
  const { single, axes } = x
  if (single === undefined) return logOfRest(a, x, 1)
  if (!positive) return undefined
  const { m } = a
  return ofOne(axes, m.log(single.scale), 'log', m.k(single.power), single.coordinates)
}

/** log(1 - x), where `x` (and `one` less than it) is 1 - x of one element. */
function logOfRest(a: LinearAlgebra, x: Linear, one: number): Linear | undefined {
  const { m } = a
  const [entry, ...others] = x.parts.get(1) ?? []
  if (!isAffine(x) || entry === undefined || others.length > 0 || entry.coordinates.some((c) => c.kind === 'free')) return undefined
  if (numberOf(a, x.constant) !== one || numberOf(a, entry.value) !== -1) return undefined
  return ofOne(x.axes, m.k(0), 'log1m', m.k(1), entry.coordinates)
}

function ofOne(
  axes: readonly string[],
  constant: NodeId,
  statistic: Statistic,
  value: NodeId,
  coordinates: NonNullable<Linear['single']>['coordinates'],
): Linear {
  return { axes, constant, parts: new Map([[statistic, [{ value, coordinates }]]]), quadratic: false }
}

/** The number that a part is, if it is one: sums and products of numbers are not worked out before the graph is simplified. */
export function numberOf(a: LinearAlgebra, id: NodeId): number | undefined {
  const { m } = a
  const node = m.builder.node(id)
  const [x, y] = node.args.map((arg) => numberOf(a, arg))
  if (node.op === 'add' && x !== undefined && y !== undefined) return x + y
  if (node.op === 'mul' && x !== undefined && y !== undefined) return x * y
  return node.args.length <= 1 ? m.known(id) : undefined
}
