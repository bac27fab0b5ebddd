import { weights } from '../../ir/structural-gradient.ts'
import { reachable } from '../../ir/walk.ts'
import { levelsOf } from '../../middle/kinds.ts'
import type { Elimination, SummedOut } from './elimination.ts'
import { siteEnergy } from './site-energy.ts'
import { temperature } from './work.ts'

/** A state whose sites do not meet: each is put together over its levels by itself. */
export function sumOutSites(e: Elimination): SummedOut {
  if (e.work.over === 'least') return leastOfLevels(e)
  const levels = levelsOf(e.variable.type)
  return levels?.kind === 'values' && isTame(e) ? sumOutTwo(e, levels.values) : sumOutLevels(e)
}

function leastOfLevels(e: Elimination): SummedOut {
  const { builder, m } = e.work
  const energy = siteEnergy(e, e.value)
  return { marginal: m.sum(e.variable.axes, builder.reduce('min_over', [e.level.name], energy)), probability: m.neg(energy), axes: [] }
}

function sumOutLevels(e: Elimination): SummedOut {
  const { builder, m } = e.work
  const T = temperature(builder)
  const scaled = m.div(m.neg(siteEnergy(e, e.value)), T)
  const total = m.logsumexp([e.level.name], scaled)
  return {
    marginal: m.neg(m.mul(T, m.sum(e.variable.axes, total))),
    probability: weights(m, scaled, total),
    axes: [],
  }
}

/** With two levels, `log(exp(-G0/T) + exp(-G1/T)) = -G0/T + softplus((G0 - G1)/T)`: the textbook free energy, and no made axis in it. */
function sumOutTwo(e: Elimination, [low, high]: readonly [number, number]): SummedOut {
  const { builder, m } = e.work
  const T = temperature(builder)
  const [g0, g1] = [siteEnergy(e, m.k(low)), siteEnergy(e, m.k(high))]
  const odds = m.div(m.sub(g0, g1), T)
  const side = m.sub(m.mul(m.k(2), builder.index(e.level.name)), m.k(1))
  return {
    marginal: m.sum(e.variable.axes, m.sub(g0, m.mul(T, m.softplus(odds)))),
    probability: m.sigmoid(m.mul(side, odds)),
    axes: [],
  }
}

/** Whether a site's energy is surely finite at both levels: the two-level form would meet infinity minus infinity. */
function isTame({ work, held, state }: Elimination): boolean {
  const ids = reachable(
    work.builder,
    held.flatMap((p) => [p.node, p.coefficient]),
  )
  const safe = new Set([
    'input',
    'const',
    'size',
    'index',
    'add',
    'sub',
    'mul',
    'neg',
    'sum',
    'square',
    'softplus',
    'logcosh',
    'tanh',
    'sigmoid',
    'rename',
    'pick',
    'exp',
  ])
  return ids.every((id) => id === state || safe.has(work.builder.node(id).op))
}
