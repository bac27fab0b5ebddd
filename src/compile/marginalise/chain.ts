import { must } from '../../base/internal-error.ts'
import { type GraphBuilder, union, without } from '../../ir/builder.ts'
import { forwardStep } from '../../ir/forward.ts'
import { gradient } from '../../ir/gradient.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { replaced } from '../../ir/walk.ts'
import type { EnergyAxis } from '../../middle/energy.ts'
import { ordinaryInputs } from '../type-range.ts'
import { alongChain } from './along-chain.ts'
import type { Elimination, SummedOut } from './elimination.ts'
import { siteEnergy } from './site-energy.ts'
import { freshAxis, temperature } from './work.ts'

/**
 * A chain along an ordered axis t (hidden Markov models), by the forward recursion in logs (Rabiner 1989, section III):
 * `a[0] = -G[0]/T`, `a[t](l) = logsumexp over k of (a[t-1](k) - G[t](l, k)/T)`, marginal `-T logsumexp a[last]`, with
 * G[t](l, k) the energy at t of level l after level k, and G[0](l) that of the first level. The responsibilities are the
 * derivatives of the marginal by an energy added at each (t, level): forward-backward, by differentiation.
 */
export function sumOutChain(e: Elimination & { readonly chain: string }): SummedOut {
  const { builder, m } = e.work
  const T = temperature(builder)
  const sites = e.variable.axes
  const level = e.level.name
  const before: EnergyAxis = { name: freshAxis(e.work.axes, `${level}'`), size: { kind: 'same', as: level } }
  const probe = builder.input(`energy added to ${e.variable.name}`, [...sites, level])
  const energies = alongChain(m, pairEnergy(e, before.name), e.chain, [probe])
  const [start, scaled] = [energies.first, energies.later].map((x) => m.div(m.neg(m.add(x, probe)), T)) as [NodeId, NodeId]
  // Nothing comes before the first element, so any level before it gives the same.
  const first = atStart(builder, start, e.chain, before.name)
  const carried = union([without(sites, [e.chain]), [level]])
  const body = forwardStep(carried, without(builder.axes(scaled), [e.chain]), { level, before: before.name })
  const forwards = builder.scan(e.chain, false, body, first, [scaled], carried)
  const last = builder.pick(forwards, e.chain, m.sub(builder.size(e.chain), m.k(1)))
  const withProbe = m.neg(m.mul(T, m.sum(without(sites, [e.chain]), m.logsumexp([level], last))))
  const posterior = must(
    gradient(builder, withProbe, [probe], { inputs: ordinaryInputs(e.work.energy.variables) })[0],
    'posterior of the chain',
  )
  const moves = varyingAlong(m, scaled, before.name)
  const [marginal, responsibility, filtered, step] = replaced(builder, [withProbe, posterior, forwards, moves], new Map([[probe, m.k(0)]]))
  return {
    marginal: must(marginal, 'marginal'),
    responsibility: must(responsibility, 'responsibility'),
    axes: [before],
    chain: { axis: e.chain, before: before.name, forward: must(filtered, 'forward'), step: must(step, 'step') },
  }
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
function pairEnergy(e: Elimination & { readonly chain: string }, before: string): NodeId {
  const { builder } = e.work
  const [value = e.value] = replaced(builder, [e.value], new Map([[builder.index(e.level.name), builder.index(before)]]))
  return siteEnergy(e, { here: e.value, before: { axis: e.chain, value } })
}

function atStart(builder: GraphBuilder, x: NodeId, chain: string, before: string): NodeId {
  const zero = builder.constant(0)
  return builder.pick(builder.pick(x, chain, zero), before, zero)
}
