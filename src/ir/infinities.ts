import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from './builder.ts'
import type { Node, NodeId, NodeOf, Op } from './graph.ts'
import { interpretation } from './interpretation.ts'
import { anywhere, isPositive, type Range, ranges } from './range.ts'

/** What is known of the numbers of nodes. */
export interface Knowledge {
  readonly range: (id: NodeId) => Range
  /** Whether a number may be infinite or NaN though all inputs are ordinary: a logarithm at 0, an exponential that overflows. */
  readonly infinite: (id: NodeId) => boolean
  /** Whether a number may be 0, exactly or because an exponential underflows. */
  readonly zero: (id: NodeId) => boolean
}

/** What is known of an input. */
export interface Given {
  readonly range: Range
  readonly infinite: boolean
}

export const ordinary: Given = { range: anywhere, infinite: false }

/** An input is taken to be as its type says: a scale that is positive is not so small that its reciprocal overflows. */
export function knowledge(builder: GraphBuilder, inputs: (name: string) => Given): Knowledge {
  const range = ranges(builder, (name) => inputs(name).range)
  const operands = (node: Node, args: readonly boolean[]): Operands => ({
    node,
    args,
    builder,
    range: (k) => range(must(node.args[k], 'operand')),
  })
  const infinite = interpretation(builder, (node, args: readonly boolean[]) => {
    if (node.op === 'input') return inputs(node.name).infinite
    if (node.op === 'const') return !Number.isFinite(node.value)
    if (node.op === 'scan') return recursionIsInfinite(node, args, range)
    return (infinities[node.op] ?? inherited)(operands(node, args))
  })
  const zero = interpretation(builder, (node, args: readonly boolean[], id) => {
    return range(id).zero || underflows[node.op]?.(operands(node, args)) === true
  })
  return { range, infinite, zero }
}

interface Operands {
  readonly node: Node
  readonly args: readonly boolean[]
  readonly builder: GraphBuilder
  readonly range: (k: number) => Range
}

type Rule = (operands: Operands) => boolean
type Rules = { readonly [K in Op]?: Rule }

const inherited: Rule = ({ args }) => args.includes(true)
const never: Rule = () => false
const always: Rule = () => true

/** Beyond these exp overflows or underflows. */
const LARGEST_EXPONENT = 709
const LEAST_EXPONENT = -745

const growing: Rule = (o) => o.range(0).hi > LARGEST_EXPONENT && (o.args[0] === true || !isPlain(o)) && !isWeight(o)
const unlessPositive: Rule = (o) => inherited(o) || !isPositive(o.range(0))

/**
 * Whether the operand is a coordinate, or a constant times one: those are never so large that an exponential leaves the
 * numbers there are, as the energy would be infinite long before.
 */
function isPlain({ builder, node }: Operands): boolean {
  const plain = (id: NodeId): boolean => {
    const { op, args } = builder.node(id)
    const [a, b] = args as readonly [NodeId, NodeId]
    if (op === 'neg' || op === 'rename' || op === 'pick') return plain(a)
    if (op === 'mul') return builder.node(a).op === 'const' && plain(b)
    return op === 'input'
  }
  return plain(operand(node, 0))
}

/** exp(x - max x), exp(x - logsumexp x). */
function isWeight({ builder, node }: Operands): boolean {
  const difference = builder.node(operand(node, 0))
  if (difference.op !== 'sub') return false
  const below = builder.node(operand(difference, 1))
  const top = below.op === 'max' ? builder.node(operand(below, 0)) : below
  return (top.op === 'logsumexp' || top.op === 'max_over') && operand(top, 0) === operand(difference, 0)
}

function operand(node: Node, k: number): NodeId {
  return must(node.args[k], `operand ${k} of ${node.op}`)
}

/** What may be 0 though its range does not hold 0. */
const underflows: Rules = {
  exp: (o) => o.range(0).lo < LEAST_EXPONENT && !isPlain(o),
  mul: inherited,
  div: ({ args }) => args[0] === true,
  square: inherited,
  neg: inherited,
  abs: inherited,
  sqrt: inherited,
  pow: ({ args }) => args[0] === true,
  where: ({ args }) => args[1] === true || args[2] === true,
  sum: inherited,
  prod: inherited,
  pick: ({ args }) => args[0] === true,
  rename: inherited,
}

/** What may be infinite; what is not listed, where an operand is. */
const infinities: Rules = {
  exp: growing,
  expm1: growing,
  sinh: always,
  cosh: always,
  tan: always,
  log: unlessPositive,
  xlogy: (o) => inherited(o) || !isPositive(o.range(1)),
  log1p: (o) => inherited(o) || o.range(0).lo <= -1,
  div: (o) => o.args[0] === true || holdsZero(o.range(1)),
  pow: powers,
  tanh: never,
  sigmoid: never,
  erf: never,
  erfc: never,
  atan: never,
  sign: never,
  less: never,
  less_equal: never,
  equal: never,
  where: ({ args }) => args[1] === true || args[2] === true,
  lgamma: unlessPositive,
  digamma: unlessPositive,
  trigamma: unlessPositive,
  log1p_square: (o) => inherited(o) || !isPositive(o.range(1)),
  asin: never,
  acos: never,
  log_bessel_i: always,
  log_gamma_p: always,
  log_gamma_q: always,
  log_gamma_p_by_shape: always,
  log_gamma_q_by_shape: always,
  log_beta: (o) => inherited(o) || ![0, 1].every((k) => isPositive(o.range(k))),
  digamma_gap: (o) => inherited(o) || ![0, 1].every((k) => isPositive(o.range(k))),
  log_beta_i: always,
  log_beta_i_by_first: always,
  log_beta_i_by_second: always,
  log_von_mises_mass: always,
  log_von_mises_mass_by_kappa: always,
  pick: ({ args }) => args[0] === true,
  scatter: ({ args }) => args[0] === true,
  cholesky: always,
  solve_lower: always,
}

function holdsZero({ lo, hi, zero }: Range): boolean {
  return zero && lo <= 0 && hi >= 0
}

/** An unbounded base to a power that is not known may overflow; a whole power of an ordinary number is ordinary. */
function powers({ args, range }: Operands): boolean {
  const [base, exponent] = [range(0), range(1)]
  if (exponent.lo !== exponent.hi || args.includes(true)) return true
  return exponent.lo < 0 && holdsZero(base)
}

/** Whether a step makes infinities of ordinary states, or of infinite elements. */
function recursionIsInfinite(node: NodeOf<'scan'>, args: readonly boolean[], range: (id: NodeId) => Range): boolean {
  if (args[0] === true) return true
  const body = new GraphBuilder()
  const ids = include(body, node.body)
  const next = must(ids[must(node.body.outputs[0], 'next of a scan').node], 'next of a scan')
  const inputs = (name: string): Given => {
    const k = Number(name.slice(1)) + 1
    return name === 'prev' ? ordinary : { range: range(must(node.args[k], 'element')), infinite: args[k] === true }
  }
  return knowledge(body, inputs).infinite(next)
}

/** What is known of operand k of a recursion, an element, inside its body. */
export function elementOf(node: NodeOf<'scan'>, k: number, { range, infinite }: Knowledge): Given {
  const element = must(node.args[k], 'element')
  return { range: range(element), infinite: infinite(element) }
}
