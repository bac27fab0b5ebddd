import { must } from '../../src/base/internal-error.ts'
import { union, without } from '../../src/ir/builder.ts'
import type { ElementwiseOp, Graph, NodeId, Op, ReductionOp } from '../../src/ir/graph.ts'
import type { Maths } from '../../src/ir/maths.ts'
import * as ports from '../../src/middle/ports.ts'
import { scanBody } from './graph-scans.ts'
import { type Given, LARGEST, Workbench } from './graph-workbench.ts'
import { writeZeros } from './graph-zeros.ts'
import type { Step } from './graphs.ts'

/** Writes a graph step by step; a step whose operands lie outside the domain of its operation gets tamed ones. */
export function writeSteps(given: Given, steps: readonly Step[]): Graph {
  const bench = new Workbench(given)
  for (const step of steps) bench.keep(writeZeros(bench, step) ?? rules[step.op as Op](bench, step))
  const last = bench.pool.slice(-3)
  const terms = last.map((id, k) => bench.m.mul(bench.m.k(1 + k / 4), bounded(bench.m, id)))
  bench.builder.output(ports.energy, bench.m.plus(...terms))
  last.forEach((id, k) => {
    const axes = bench.builder.axes(id).toReversed()
    const extra = k === 0 && !axes.includes('u') ? ['u'] : []
    bench.builder.output(ports.value(String(k)), id, [...axes, ...extra])
  })
  return bench.builder.finish()
}

/** A scalar that everything in a node has a visible part in, whatever its size up to `LARGEST`. */
export function bounded(m: Maths, id: NodeId): NodeId {
  return m.sum(m.builder.axes(id), m.tanh(m.mul(m.k(0.25), id)))
}

type Rule = (bench: Workbench, step: Step) => NodeId

/** How far from a kink, a pole or a tie every operand stays: finite differences step over less. */
const AWAY = 0.05
const small = (x: number): boolean => Math.abs(x) <= 5
const positive = (x: number): boolean => x >= 2 * AWAY
const nonzero = (x: number): boolean => Math.abs(x) >= 2 * AWAY
const betweenWholes = (x: number): boolean => Math.abs(x - Math.round(x)) >= AWAY
const inside = (x: number): boolean => Math.abs(x) <= 0.9
const shape = (x: number): boolean => x >= 0.3 && x <= 12
const always = (): boolean => true

function unary(op: ElementwiseOp, domain: (x: number) => boolean = always): Rule {
  return (bench, { picks }) => {
    const x = bench.operand(picks[0])
    return bench.builder.apply(op, bench.all(x, domain) ? x : bench.tamed(x))
  }
}

/** At larger sizes a number may be so large that its sine is a matter of its rounding: it is brought within 4 of 0. */
function periodic(op: ElementwiseOp): Rule {
  return (bench, { picks }) => {
    const { m, builder } = bench
    return builder.apply(op, m.mul(m.k(4), m.tanh(m.mul(m.k(0.25), bench.operand(picks[0])))))
  }
}

function binary(op: ElementwiseOp, first: (x: number) => boolean = always, second: (x: number) => boolean = always): Rule {
  return (bench, step) => {
    const [a, b] = operands(bench, step)
    return bench.builder.apply(op, bench.all(a, first) ? a : bench.tamed(a), bench.all(b, second) ? b : bench.tamed(b))
  }
}

function ternary(op: ElementwiseOp, ...domains: readonly ((x: number) => boolean)[]): Rule {
  return (bench, { picks }) => {
    const args = domains.map((domain, k) => {
      const x = bench.operand(picks[k])
      return bench.all(x, domain) ? x : bench.tamed(x)
    })
    return bench.builder.apply(op, ...args)
  }
}

/** Derivatives that are operations: not differentiated again, so their operands do not depend on the inputs. */
function settled(op: ElementwiseOp, operands: number): Rule {
  return (bench, { picks, constant }) => {
    const index = bench.m.mul(bench.m.k(0.3), bench.builder.index(bench.choose(Object.keys(bench.sizes), picks[0])))
    const args = Array.from({ length: operands }, (_, k) => bench.m.add(index, bench.m.k(0.5 + (k + 1) * Math.abs(constant))))
    return bench.builder.apply(op, ...args)
  }
}

/** Two nodes, or a node and a constant. */
function operands(bench: Workbench, { picks, constant }: Step): readonly [NodeId, NodeId] {
  const a = bench.operand(picks[0])
  const b = (picks[2] ?? 0) % 4 === 0 ? bench.m.k(constant) : bench.operand(picks[1])
  return (picks[3] ?? 0) % 2 === 0 ? [a, b] : [b, a]
}

/** Two operands that differ everywhere, so that the comparison does not change nearby. */
function compared(op: ElementwiseOp): Rule {
  return (bench, step) => {
    const [a, b] = operands(bench, step)
    const apart = a === b || bench.all(bench.m.sub(a, b), (d) => Math.abs(d) >= AWAY)
    return bench.builder.apply(op, a, apart ? b : bench.m.k(LARGEST + 1))
  }
}

function reduction(op: ReductionOp): Rule {
  return (bench, { picks }) => {
    const x = bench.operand(picks[0])
    const axes = bench.builder.axes(x)
    const over = bench.someOf(axes, picks[1])
    // Now and then an axis that the operand lacks: it counts as repetition.
    const lacking = (picks[2] ?? 0) % 5 === 0 && op !== 'prod' ? without(Object.keys(bench.sizes), axes).slice(0, 1) : []
    return bench.builder.reduce(untied(bench, op, over, x) ? op : 'logsumexp', [...over, ...lacking], x)
  }
}

/** A node that does not vary along an axis. */
function still(bench: Workbench, axis: string, pick: number | undefined): NodeId {
  const { builder, m } = bench
  const x = bench.operand(pick)
  return builder.axes(x).includes(axis) ? builder.pick(x, axis, m.k(0)) : x
}

/** Whether the extreme is ahead of all others. */
function untied(bench: Workbench, op: ReductionOp, over: readonly string[], x: NodeId): boolean {
  if (op !== 'max_over' && op !== 'min_over') return true
  const near = bench.m.less(bench.m.abs(bench.m.sub(x, bench.builder.reduce(op, over, x))), bench.m.k(AWAY))
  return bench.all(bench.m.sum(over, near), (n) => n === 1)
}

type Rules = { readonly [K in Op]: Rule }

/** One way to write every operation: an operation without a row here does not compile. */
const rules: Rules = {
  neg: unary('neg'),
  exp: unary('exp', small),
  expm1: unary('expm1', small),
  log: unary('log', positive),
  log1p: unary('log1p', (x) => x >= -0.9),
  sqrt: unary('sqrt', positive),
  square: unary('square'),
  abs: unary('abs', nonzero),
  sign: unary('sign', nonzero),
  floor: unary('floor', betweenWholes),
  ceil: unary('ceil', betweenWholes),
  round: unary('round', (x) => betweenWholes(x - 0.5)),
  sin: periodic('sin'),
  cos: periodic('cos'),
  tan: (bench, { picks }) => bench.builder.apply('tan', bench.tamed(bench.operand(picks[0]))),
  asin: unary('asin', inside),
  acos: unary('acos', inside),
  atan: unary('atan'),
  sinh: unary('sinh', small),
  cosh: unary('cosh', small),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  softplus: unary('softplus'),
  logcosh: unary('logcosh'),
  lgamma: unary('lgamma', (x) => x >= 0.3),
  digamma: unary('digamma', (x) => x >= 0.3),
  trigamma: unary('trigamma', (x) => x >= 0.3),
  erf: unary('erf'),
  erfc: unary('erfc'),
  log_total: unary('log_total'),
  log_erfc: unary('log_erfc', (x) => x <= 5),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div', always, nonzero),
  pow: binary('pow', positive, (x) => Math.abs(x) <= 3),
  min: compared('min'),
  max: compared('max'),
  less: compared('less'),
  less_equal: compared('less_equal'),
  equal: compared('equal'),
  // The order is not differentiated, so it does not depend on the inputs.
  log_bessel_i: (bench, { picks, constant }) => {
    const order = (picks[1] ?? 0) % 3 === 0 ? bench.builder.index('t') : bench.m.k(Math.abs(constant))
    const x = bench.operand(picks[0])
    return bench.m.log_bessel_i(order, bench.all(x, positive) ? x : bench.tamed(x))
  },
  xlogy: binary('xlogy', always, positive),
  bessel_ratio: (bench, { picks, constant }) => {
    const x = bench.operand(picks[0])
    return bench.m.bessel_ratio(bench.all(x, positive) ? x : bench.tamed(x), bench.m.k(0.5 + Math.abs(constant)))
  },
  log1p_square: binary('log1p_square', nonzero, positive),
  log_gamma_p: binary('log_gamma_p', shape, shape),
  log_gamma_q: binary('log_gamma_q', shape, shape),
  log_gamma_p_by_shape: settled('log_gamma_p_by_shape', 2),
  log_gamma_q_by_shape: settled('log_gamma_q_by_shape', 2),
  log_beta: binary('log_beta', shape, shape),
  digamma_gap: binary('digamma_gap', shape, shape),
  log_beta_i: ternary('log_beta_i', shape, shape, small),
  log_beta_i_by_first: settled('log_beta_i_by_first', 3),
  log_beta_i_by_second: settled('log_beta_i_by_second', 3),
  // An interval of some length.
  log_von_mises_mass: (bench, { picks, constant }) => {
    const [from, kappa] = [bench.operand(picks[0]), bench.operand(picks[1])]
    const to = bench.m.add(from, bench.m.k(0.5 + Math.abs(constant)))
    return bench.m.log_von_mises_mass(from, to, bench.all(kappa, shape) ? kappa : bench.tamed(kappa))
  },
  log_von_mises_mass_by_kappa: settled('log_von_mises_mass_by_kappa', 3),
  where: (bench, step) => {
    const other = bench.operand(step.picks[4])
    return bench.m.where(compared('less')(bench, step), bench.operand(step.picks[5]), other)
  },
  sum: reduction('sum'),
  prod: reduction('prod'),
  max_over: reduction('max_over'),
  min_over: reduction('min_over'),
  logsumexp: reduction('logsumexp'),
  const: (bench, { constant }) => bench.m.k(constant),
  input: (bench, { picks }) => bench.choose(bench.pool, picks[0]),
  size: (bench, { picks }) => bench.builder.size(bench.choose(Object.keys(bench.sizes), picks[0])),
  index: (bench, { picks }) => bench.builder.index(bench.choose(Object.keys(bench.sizes), picks[0])),
  pick: (bench, { picks }) => {
    const x = bench.operand(picks[0])
    const axes = bench.builder.axes(x)
    const axis = axes.length === 0 ? 'a' : bench.choose(axes, picks[1])
    return bench.builder.pick(x, axis, place(bench, axis, picks[2]))
  },
  scatter: (bench, { picks }) => {
    const g = bench.operand(picks[0])
    const axis = bench.choose(Object.keys(bench.sizes), picks[1])
    const index = place(bench, axis, picks[2])
    const from = union([bench.builder.axes(g), bench.builder.axes(index)])
    const over = union([bench.someOf(from, picks[3]), from.filter((a) => a === axis)])
    return bench.builder.scatter(g, axis, index, over)
  },
  rename: (bench, { picks }) => {
    const has = (x: NodeId, axis: string): boolean => bench.builder.axes(x).includes(axis)
    const x = bench.choose(
      bench.pool.filter((id) => has(id, 'b') !== has(id, 'd')),
      picks[0],
    )
    return has(x, 'b') ? bench.builder.rename(x, 'b', 'd') : bench.builder.rename(x, 'd', 'b')
  },
  shift: (bench, { picks }) => {
    const x = bench.operand(picks[0])
    return bench.builder.shift(x, axisFor(bench, x, picks[2]), bench.choose([-2, -1, 1, 2], picks[1]))
  },
  cumsum: (bench, { picks }) => {
    const x = bench.operand(picks[0])
    return bench.builder.cumsum(x, axisFor(bench, x, picks[1]), (picks[2] ?? 0) % 2 === 0)
  },
  scan: (bench, { picks }) => {
    const axis = bench.choose(['t', 'a', 'b'], picks[0])
    const [e0, e1] = [bench.operand(picks[1]), bench.operand(picks[2])]
    const first = bench.builder.pick(bench.operand(picks[3]), axis, bench.m.k(0))
    const elements = [e0, e1].map((e) => without(bench.builder.axes(e), [axis]))
    const { body, carried } = scanBody(picks[4] ?? 0, axis, bench.builder.axes(first), elements)
    return bench.builder.scan(axis, (picks[5] ?? 0) % 2 === 0, body, first, [e0, e1], carried)
  },
  cholesky: (bench, { picks }) => {
    const [rows, columns] = squareAxes(picks[1])
    return bench.builder.cholesky(matrix(bench, bench.operand(picks[0])), rows, columns)
  },
  cholesky_gradient: (bench, { picks }) => {
    const [rows, columns] = squareAxes(picks[1])
    return bench.builder.choleskyGradient(matrix(bench, bench.operand(picks[0])), bench.operand(picks[2]), rows, columns)
  },
  threshold: (bench, { picks }) => {
    const { m, builder } = bench
    const [z, axis] = [bench.operand(picks[0]), bench.choose(Object.keys(bench.sizes), picks[1])]
    const q = (picks[2] ?? 0) % 2 === 0 ? m.k(1) : m.add(m.k(1.5), m.sigmoid(still(bench, axis, picks[3])))
    const t = builder.threshold(z, q, axis)
    return bench.all(m.sub(z, t), (d) => Math.abs(d) >= AWAY) ? t : builder.threshold(z, m.k(4), axis)
  },
  entmax_potential: (bench, { picks }) => {
    const { m, builder } = bench
    const axis = bench.choose(Object.keys(bench.sizes), picks[1])
    const alpha = (picks[2] ?? 0) % 2 === 0 ? m.k(2) : m.add(m.k(1.2), m.mul(m.k(0.7), m.sigmoid(still(bench, axis, picks[3]))))
    return builder.entmaxPotential(bench.operand(picks[0]), alpha, axis)
  },
  solve_lower: (bench, { picks }) => {
    const [rows, columns] = squareAxes(picks[1])
    const transposed = (picks[2] ?? 0) % 2 === 0
    const [from, to] = transposed ? [columns, rows] : [rows, columns]
    const right = bench.operand(picks[3])
    const along = bench.builder.axes(right).includes(to) ? bench.builder.pick(right, to, bench.builder.index(from)) : right
    return bench.builder.solveLower(matrix(bench, bench.operand(picks[0])), along, rows, columns, transposed)
  },
}

function squareAxes(pick = 0): readonly [string, string] {
  return pick % 2 === 0 ? ['b', 'd'] : ['d', 'b']
}

/** A well-conditioned matrix over the twins b and d, whose lower triangle is that of a positive definite one. */
function matrix(bench: Workbench, x: NodeId): NodeId {
  const { m, builder } = bench
  const onDiagonal = m.equal(builder.index('b'), builder.index('d'))
  const diagonal = m.add(m.k(2), m.sigmoid(x))
  // Diagonally dominant: there are at most two other entries in a row.
  return m.where(onDiagonal, diagonal, m.mul(m.k(0.5), m.sin(m.add(x, builder.index('b')))))
}

/** What a generated graph may be made of. */
export const generatedOps: readonly string[] = Object.keys(rules)

/** An axis of the node, or now and then one that it lacks. */
function axisFor(bench: Workbench, x: NodeId, pick = 0): string {
  const own = bench.builder.axes(x)
  return bench.choose(own.length === 0 || pick % 5 === 0 ? Object.keys(bench.sizes) : own, pick)
}

/** Places along an axis: from an input, its own index, or the index of an axis of the same size. */
function place(bench: Workbench, axis: string, pick: number | undefined): NodeId {
  const twin = new Map([
    ['b', 'd'],
    ['d', 'b'],
  ]).get(axis)
  const all = must(bench.places.get(axis), 'places')
  return bench.choose(twin === undefined ? all : [...all, bench.builder.index(twin)], pick)
}
