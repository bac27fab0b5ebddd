import { must } from '../../base/internal-error.ts'
import { type GraphBuilder, union, without } from '../../ir/builder.ts'
import { forwardStep } from '../../ir/forward.ts'
import { gradient } from '../../ir/gradient.ts'
import type { NodeId, ReductionOp } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { replaced } from '../../ir/walk.ts'
import type { EnergyAxis } from '../../middle/energy.ts'
import { ordinaryInputs } from '../type-range.ts'
import { alongChain } from './along-chain.ts'
import type { Elimination, SummedOut } from './elimination.ts'
import { pairEnergy } from './site-energy.ts'
import { freshAxis, temperature } from './work.ts'

/** A state along an ordered axis, of which each element meets the one before it. */
interface Chain extends Elimination {
  readonly axis: string
}

/**
 * A chain along an ordered axis t (hidden Markov models), by the forward recursion in logs (Rabiner 1989, section III):
 * `a[0] = -G[0]/T`, `a[t](l) = logsumexp over k of (a[t-1](k) - G[t](l, k)/T)`, marginal `-T logsumexp a[last]`, with
 * G[t](l, k) the energy at t of level l after level k, and G[0](l) that of the first level. The responsibilities are the
 * derivatives of the marginal by an energy added at each (t, level): forward-backward, by differentiation. The least energy
 * has the same recursion with `max` in the place of `logsumexp` and without T (Viterbi 1967).
 */
export function sumOutChain(e: Chain): SummedOut {
  return e.work.over === 'least' ? leastOfChain(e) : sumOfChain(e)
}

function sumOfChain(e: Chain): SummedOut {
  const { builder, m } = e.work
  const T = temperature(builder)
  const sites = e.variable.axes
  const probe = builder.input(`energy added to ${e.variable.name}`, [...sites, e.level.name])
  const { before, forward, scaled, last } = recursion(e, 'logsumexp', [probe], (x) => m.div(m.neg(m.add(x, probe)), T))
  const withProbe = m.neg(m.mul(T, m.sum(without(sites, [e.axis]), last)))
  const posterior = must(
    gradient(builder, withProbe, [probe], { inputs: ordinaryInputs(e.work.energy.variables) })[0],
    'posterior of the chain',
  )
  const moves = varyingAlong(m, scaled, before.name)
  const [marginal, probability, filtered, step] = replaced(builder, [withProbe, posterior, forward, moves], new Map([[probe, m.k(0)]]))
  return {
    marginal: must(marginal, 'marginal'),
    probability: must(probability, 'responsibility'),
    axes: [before],
    chain: { axis: e.axis, before: before.name, forward: must(filtered, 'forward'), step: must(step, 'step') },
  }
}

function leastOfChain(e: Chain): SummedOut {
  const { m } = e.work
  const { before, forward, scaled, last } = recursion(e, 'max_over', [], (x) => m.neg(x))
  return {
    marginal: m.neg(m.sum(without(e.variable.axes, [e.axis]), last)),
    probability: forward,
    axes: [before],
    chain: { axis: e.axis, before: before.name, forward, step: varyingAlong(m, scaled, before.name) },
  }
}

interface ChainRecursion {
  readonly before: EnergyAxis
  /** What is made of the levels up to each element, over the sites and the level there. */
  readonly forward: NodeId
  /** What a step adds. */
  readonly scaled: NodeId
  /** `forward` at the last element, put together over its levels. */
  readonly last: NodeId
}

/** `weight`: of an energy, what is added up along the chain; `leaves` of it are not looked into. */
function recursion(e: Chain, op: ReductionOp, leaves: readonly NodeId[], weight: (energy: NodeId) => NodeId): ChainRecursion {
  const { builder, m } = e.work
  const level = e.level.name
  const before: EnergyAxis = { name: freshAxis(e.work.axes, `${level}'`), size: { kind: 'same', as: level } }
  const energies = alongChain(m, energyOfPairs(e, before.name), e.axis, leaves)
  const [start, scaled] = [weight(energies.first), weight(energies.later)]
  // Nothing comes before the first element, so any level before it gives the same.
  const first = atStart(builder, start, e.axis, before.name)
  const carried = union([without(e.variable.axes, [e.axis]), [level]])
  const body = forwardStep(carried, without(builder.axes(scaled), [e.axis]), { level, before: before.name }, op)
  const forward = builder.scan(e.axis, false, body, first, [scaled], carried)
  const last = builder.pick(forward, e.axis, m.sub(builder.size(e.axis), m.k(1)))
  return { before, forward, scaled, last: builder.reduce(op, [level], last) }
}

/** A sum without the terms that do not vary along `axis`: a table of moves that are the same at every step lacks the chain. */
function varyingAlong(m: Maths, x: NodeId, axis: string): NodeId {
  const { builder } = m
  const { op, args } = builder.node(x)
  const [a, b] = args as readonly [NodeId, NodeId]
  const varies = (id: NodeId): boolean => builder.axes(id).includes(axis)
  const inner = (id: NodeId): NodeId => varyingAlong(m, id, axis)
  if (op === 'neg') return m.neg(inner(a))
  if (op === 'div' && !varies(b)) return m.div(inner(a), b)
  if (op !== 'add' && op !== 'sub') return x
  if (!varies(a)) return op === 'add' ? inner(b) : m.neg(inner(b))
  if (!varies(b)) return inner(a)
  return op === 'add' ? m.add(inner(a), inner(b)) : m.sub(inner(a), inner(b))
}

/** G over (sites, level, level before). */
function energyOfPairs(e: Chain, before: string): NodeId {
  const { builder } = e.work
  const [value = e.value] = replaced(builder, [e.value], new Map([[builder.index(e.level.name), builder.index(before)]]))
  return pairEnergy(e, e.axis, { here: e.value, before: value })
}

function atStart(builder: GraphBuilder, x: NodeId, chain: string, before: string): NodeId {
  const zero = builder.constant(0)
  return builder.pick(builder.pick(x, chain, zero), before, zero)
}
