import type { NodeId } from '../../ir/graph.ts'
import { dependents, reachable, replaced } from '../../ir/walk.ts'
import type { Eliminated, Told } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { analysis, isFailure } from '../conditionals/analysis.ts'
import type { OpenConditional } from '../conditionals/conditional.ts'
import { expanded } from '../conditionals/entries.ts'
import { isPositive } from '../conditionals/forms.ts'
import { isAffine, type Linear } from '../conditionals/linear.ts'
import type { Integral } from './integral.ts'

/** What is reported of variables that went before one that is now integrated out, given what is left. */
export interface TotalMoments {
  readonly eliminated: readonly Eliminated[]
  /** Outputs that changed, and those that are gone since they have no closed form. */
  readonly nodes: ReadonlyMap<string, NodeId>
  readonly gone: ReadonlySet<string>
}

/** By the laws of total expectation and of total variance, where a mean is linear in the variable. */
export function totalMoments(found: OpenConditional, integral: Integral): TotalMoments {
  const { opened, state } = found
  const { builder } = opened.m
  const outputs = new Map(opened.others.map((o) => [o.name, o.node]))
  const ids = reachable(builder, [...outputs.values()])
  const moving = dependents(builder, ids, new Set([state]))
  const nodes = new Map<string, NodeId>()
  const eliminated = opened.energy.eliminated.map((variable): Eliminated => {
    const nodeOf = (what: Told['what']): NodeId | undefined => outputs.get(ports.told(what, variable.name))
    if (!variable.told.some((t) => moving.has(nodeOf(t.what) ?? -1))) return variable
    const mean = nodeOf('mean')
    const linear = mean === undefined ? undefined : affine(found, mean)
    const rules = linear && mean !== undefined ? { ...afterMean(found, integral, mean), ...afterVariance(found, integral, linear, nodeOf('variance'), moving) } : {} // biome-ignore format: one thought
    const kept = variable.told.filter(({ what }) => rules[what] !== undefined)
    for (const { what } of kept) nodes.set(ports.told(what, variable.name), rules[what] as NodeId)
    return { ...variable, told: kept }
  })
  const stay = new Set(eliminated.flatMap(({ name, told }) => told.map((t) => ports.told(t.what, name))))
  const before = opened.energy.eliminated.flatMap(({ name, told }) => told.map((t) => ports.told(t.what, name)))
  return { eliminated, nodes, gone: new Set(before.filter((port) => !stay.has(port))) }
}

type ChangedMoments = { readonly [W in Told['what']]?: NodeId }

function affine({ a, state, conditional }: OpenConditional, node: NodeId): Linear | undefined {
  const { axes, type } = conditional.variable
  const linear = analysis(a, state, axes, isPositive(type))(node)
  return isFailure(linear) || !isAffine(linear) ? undefined : linear
}

function afterMean({ opened, state }: OpenConditional, integral: Integral, mean: NodeId): ChangedMoments {
  const [at] = replaced(opened.m.builder, [mean], new Map([[state, integral.mean]]))
  return at === undefined ? {} : { mean: at }
}

/** Its own variance, and that of its mean. */
function afterVariance(
  { opened, a }: OpenConditional,
  { spread }: Integral,
  mean: Linear,
  variance: NodeId | undefined,
  moving: ReadonlySet<NodeId>,
): ChangedMoments {
  if (variance === undefined || moving.has(variance) || spread === undefined) return {}
  const [first, ...more] = mean.parts.get(1) ?? []
  if (first === undefined || more.length > 0) return {}
  const open = first.coordinates.reduce((entry, _, i) => expanded(a, entry, i), first)
  return {
    variance: opened.m.add(
      variance,
      spread(
        open.value,
        open.coordinates.flatMap((c) => (c.kind === 'free' ? [c.name] : [])),
      ),
    ),
  }
}
