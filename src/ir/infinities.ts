import { must } from '../base/internal-error.ts'
import { anywhere, type Interval, isPositive } from '../base/interval.ts'
import { GraphBuilder, include } from './builder.ts'
import type { Node, NodeId, NodeOf, Op } from './graph.ts'
import { interpretation } from './interpretation.ts'
import { ranges } from './range.ts'

/** What is known of the numbers of nodes. */
export interface Knowledge {
  readonly range: (id: NodeId) => Interval
  /** Whether a number may be infinite or NaN though all inputs are ordinary: a logarithm at 0, an exponential that overflows. */
  readonly infinite: (id: NodeId) => boolean
  /** Whether a number may be 0, exactly or because an exponential underflows. */
  readonly zero: (id: NodeId) => boolean
}

/** What is known of an input. */
export interface GivenInput {
  readonly range: Interval
  readonly infinite: boolean
}

export const ordinary: GivenInput = { range: anywhere, infinite: false }

/** An input is taken to be as its type says: a scale that is positive is not so small that its reciprocal overflows. */
export function knowledge(builder: GraphBuilder, inputs: (name: string) => GivenInput): Knowledge {
  const range = ranges(builder, (name) => inputs(name).range)
  const operands = (node: Node, args: readonly boolean[]): InfinityOperands => ({
    node,
    args,
    builder,
    range: (k) => range(must(node.args[k], 'operand')),
  })
  const infinite = interpretation(builder, (node, args: readonly boolean[]) => {
    return node.op === 'input' ? inputs(node.name).infinite : rules[node.op].infinite(operands(node, args))
  })
  const zero = interpretation(builder, (node, args: readonly boolean[], id) => {
    return range(id).zero || (node.op !== 'input' && rules[node.op].underflows(operands(node, args)))
  })
  return { range, infinite, zero }
}

interface InfinityOperands {
  readonly node: Node
  readonly args: readonly boolean[]
  readonly builder: GraphBuilder
  readonly range: (k: number) => Interval
}

type InfinityRule = (operands: InfinityOperands) => boolean

interface InfinityRules {
  /** Whether it may be infinite. */
  readonly infinite: InfinityRule
  /** Whether it may be 0 though its range does not hold 0. */
  readonly underflows: InfinityRule
}

const inherited: InfinityRule = ({ args }) => args.includes(true)
const never: InfinityRule = () => false
const always: InfinityRule = () => true

/** Beyond these exp overflows or underflows. */
const LARGEST_EXPONENT = 709
const LEAST_EXPONENT = -745

const growing: InfinityRule = (o) => o.range(0).high > LARGEST_EXPONENT && (o.args[0] === true || !isPlain(o)) && !isWeight(o)
const unlessPositive: InfinityRule = (o) => inherited(o) || !isPositive(o.range(0))

/**
 * Whether the operand is a coordinate, or a constant times one: those are never so large that an exponential leaves the
 * numbers there are, as the energy would be infinite long before.
 */
function isPlain({ builder, node }: InfinityOperands): boolean {
  const plain = (id: NodeId): boolean => {
    const { op, args } = builder.node(id)
    const [a, b] = args as readonly [NodeId, NodeId]
    if (op === 'neg' || op === 'rename' || op === 'pick') return plain(a)
    if (op === 'mul') return builder.node(a).op === 'const' && plain(b)
    return op === 'input'
  }
  return plain(operand(node, 0))
}

/** exp(x - max x), exp(x - logsumexp x), exp(x - log_total(logsumexp x)). */
function isWeight({ builder, node }: InfinityOperands): boolean {
  const difference = builder.node(operand(node, 0))
  if (difference.op !== 'sub') return false
  const below = builder.node(operand(difference, 1))
  const top = below.op === 'log_total' ? builder.node(operand(below, 0)) : below
  return (top.op === 'logsumexp' || top.op === 'max_over') && operand(top, 0) === operand(difference, 0)
}

function operand(node: Node, k: number): NodeId {
  return must(node.args[k], `operand ${k} of ${node.op}`)
}

/** What follows from the operands; of inputs it is given. */
const rules: { readonly [K in Exclude<Op, 'input'>]: InfinityRules } = {
  const: { infinite: ({ node }) => node.op === 'const' && !Number.isFinite(node.value), underflows: never },
  neg: { infinite: inherited, underflows: inherited },
  exp: { infinite: growing, underflows: (o) => o.range(0).low < LEAST_EXPONENT && !isPlain(o) },
  expm1: { infinite: growing, underflows: never },
  log: { infinite: unlessPositive, underflows: never },
  log1p: { infinite: (o) => inherited(o) || o.range(0).low <= -1, underflows: never },
  sqrt: { infinite: inherited, underflows: inherited },
  square: { infinite: inherited, underflows: inherited },
  abs: { infinite: inherited, underflows: inherited },
  sign: { infinite: never, underflows: never },
  floor: { infinite: inherited, underflows: never },
  ceil: { infinite: inherited, underflows: never },
  round: { infinite: inherited, underflows: never },
  sin: { infinite: inherited, underflows: never },
  cos: { infinite: inherited, underflows: never },
  tan: { infinite: always, underflows: never },
  asin: { infinite: never, underflows: never },
  acos: { infinite: never, underflows: never },
  atan: { infinite: never, underflows: never },
  sinh: { infinite: always, underflows: never },
  cosh: { infinite: always, underflows: never },
  tanh: { infinite: never, underflows: never },
  sigmoid: { infinite: never, underflows: never },
  softplus: { infinite: inherited, underflows: never },
  logcosh: { infinite: inherited, underflows: never },
  lgamma: { infinite: unlessPositive, underflows: never },
  digamma: { infinite: unlessPositive, underflows: never },
  trigamma: { infinite: unlessPositive, underflows: never },
  erf: { infinite: never, underflows: never },
  erfc: { infinite: never, underflows: never },
  log_erfc: { infinite: inherited, underflows: never },
  log_total: { infinite: inherited, underflows: never },
  add: { infinite: inherited, underflows: never },
  sub: { infinite: inherited, underflows: never },
  mul: { infinite: inherited, underflows: inherited },
  div: { infinite: (o) => o.args[0] === true || holdsZero(o.range(1)), underflows: ({ args }) => args[0] === true },
  pow: { infinite: powers, underflows: ({ args }) => args[0] === true },
  min: { infinite: inherited, underflows: never },
  max: { infinite: inherited, underflows: never },
  less: { infinite: never, underflows: never },
  less_equal: { infinite: never, underflows: never },
  equal: { infinite: never, underflows: never },
  xlogy: { infinite: (o) => inherited(o) || !isPositive(o.range(1)), underflows: never },
  log_bessel_i: { infinite: always, underflows: never },
  log_gamma_p: { infinite: always, underflows: never },
  log_gamma_q: { infinite: always, underflows: never },
  log_gamma_p_by_shape: { infinite: always, underflows: never },
  log_gamma_q_by_shape: { infinite: always, underflows: never },
  bessel_ratio: { infinite: never, underflows: ({ args }) => args[0] === true },
  log1p_square: { infinite: (o) => inherited(o) || !isPositive(o.range(1)), underflows: never },
  log_beta: { infinite: (o) => inherited(o) || ![0, 1].every((k) => isPositive(o.range(k))), underflows: never },
  digamma_gap: { infinite: (o) => inherited(o) || ![0, 1].every((k) => isPositive(o.range(k))), underflows: never },
  where: { infinite: ({ args }) => args[1] === true || args[2] === true, underflows: ({ args }) => args[1] === true || args[2] === true },
  log_beta_i: { infinite: always, underflows: never },
  log_beta_i_by_first: { infinite: always, underflows: never },
  log_beta_i_by_second: { infinite: always, underflows: never },
  log_von_mises_mass: { infinite: always, underflows: never },
  log_von_mises_mass_by_kappa: { infinite: always, underflows: never },
  size: { infinite: inherited, underflows: never },
  index: { infinite: inherited, underflows: never },
  sum: { infinite: inherited, underflows: inherited },
  prod: { infinite: inherited, underflows: inherited },
  max_over: { infinite: inherited, underflows: never },
  min_over: { infinite: inherited, underflows: never },
  logsumexp: { infinite: inherited, underflows: never },
  pick: { infinite: ({ args }) => args[0] === true, underflows: ({ args }) => args[0] === true },
  scatter: { infinite: ({ args }) => args[0] === true, underflows: never },
  rename: { infinite: inherited, underflows: inherited },
  shift: { infinite: inherited, underflows: never },
  cumsum: { infinite: inherited, underflows: never },
  scan: { infinite: recursionIsInfinite, underflows: never },
  cholesky: { infinite: always, underflows: never },
  cholesky_gradient: { infinite: always, underflows: never },
  threshold: { infinite: always, underflows: never },
  entmax_potential: { infinite: always, underflows: never },
  solve_lower: { infinite: always, underflows: never },
}

function holdsZero({ low, high, zero }: Interval): boolean {
  return zero && low <= 0 && high >= 0
}

/** An unbounded base to a power that is not known may overflow; a whole power of an ordinary number is ordinary. */
function powers({ args, range }: InfinityOperands): boolean {
  const [base, exponent] = [range(0), range(1)]
  if (exponent.low !== exponent.high || args.includes(true)) return true
  return exponent.low < 0 && holdsZero(base)
}

/** Whether a step makes infinities of ordinary states, or of infinite elements. */
function recursionIsInfinite({ node, args, range }: InfinityOperands): boolean {
  if (!('body' in node) || args[0] === true) return true
  const body = new GraphBuilder()
  const ids = include(body, node.body)
  const next = must(ids[must(node.body.outputs[0], 'next of a scan').node], 'next of a scan')
  const inputs = (name: string): GivenInput => {
    const k = Number(name.slice(1)) + 1
    return name === 'prev' ? ordinary : { range: range(k), infinite: args[k] === true }
  }
  return knowledge(body, inputs).infinite(next)
}

/** What is known of operand k of a recursion, an element, inside its body. */
export function elementOf(node: NodeOf<'scan'>, k: number, { range, infinite }: Knowledge): GivenInput {
  const element = must(node.args[k], 'element')
  return { range: range(element), infinite: infinite(element) }
}
