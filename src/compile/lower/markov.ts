import { must } from '../../base/internal-error.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { DensityTerm } from '../../middle/model.ts'
import { type Context, refuse } from './context.ts'

/**
 * `s ~ markov[t](move)`: the sum over t of `log move[from = s[t - 1], to = s[t]]`, the first state being uniform. `from`
 * is the axis that s ranges over, `to` the other axis that only `move` has (each row of `move` over it sums to one).
 */
export function markovLogDensity(c: Context, term: DensityTerm, s: NodeId, args: readonly NodeId[]): NodeId {
  const { builder, m } = c
  const t = must(term.over[0], 'axis of the chain')
  const from = must(term.left.element, 'axis of the states of the chain')
  const move = must(args[0], 'move')
  const own = builder.axes(move).filter((a) => a !== from && !builder.axes(s).includes(a))
  const [to] = own
  if (to === undefined || own.length > 1 || !builder.axes(move).includes(from)) {
    const hint = `Declare it over "${from}" (the state before) and one more axis of the same size (the state after).`
    return refuse(c, term.span, `The moves of this chain vary along [${builder.axes(move).join(', ')}].`, hint).node
  }
  const before = builder.shift(s, t, 1)
  const moved = builder.pick(builder.pick(m.log(move), from, before), to, s)
  const start = m.neg(m.log(builder.size(from)))
  return m.sum([t], m.where(m.less(m.k(0), builder.index(t)), moved, start))
}
