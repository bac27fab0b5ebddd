import { must } from '../../base/internal-error.ts'
import { fraction, type Interval, isPositive } from '../../base/interval.ts'
import { type GraphBuilder, without } from '../../ir/builder.ts'
import { gradient } from '../../ir/gradient.ts'
import type { NodeId } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { ranges } from '../../ir/range.ts'
import { dependents, reachable, replaced } from '../../ir/walk.ts'
import type { EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import { ownAxes } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { curvature, type Moving, weightsOf } from '../curvature.ts'
import { dependence } from '../marginalise/dependence.ts'
import { type EntropyRule, hasTransform, transformOf } from '../supports/index.ts'

/** A step on probabilities that minimises E, or a bound on it, in closed form. */
export interface MirrorStep {
  /** Where it leads, in the coordinates of the state. */
  readonly target: NodeId
  /** The part of the way that surely does not raise E, over sites; absent where nothing is known of the curvature of F. */
  readonly reach?: NodeId
  /** Axes along which sites meet, so that all of the way is safe for one site after the other alone. */
  readonly turns: readonly string[]
  /** Made on the way. */
  readonly axes: readonly EnergyAxis[]
}

/** What a mirror step is found from. */
export interface MirrorSearch {
  readonly builder: GraphBuilder
  readonly energy: NodeId
  readonly variable: EnergyVariable
  /** The probabilities, as a node of `energy`. */
  readonly value: NodeId
  readonly inputs: (name: string) => Interval
  readonly taken: readonly EnergyAxis[]
}

/**
 * Mirror descent where the negative entropy h of a state q is a part of the energy, E = F + c h with c > 0 and free of what
 * moves (Nemirovski & Yudin 1983; Bauschke, Bolte & Teboulle 2017 for bounds relative to h). With L a bound of the curvature of F
 * relative to h, q goes to `softmax((L log q - dF/dq) / (L + c))`, which does not raise E: in logits that is the part
 * c / (c + L) of the way to `softmax(-dF/dq / c)`. The entropy is gone from both, so nothing takes a logarithm of 0.
 * Where F is linear in q, or concave, one step is the minimum: the posterior, for minus an ELBO.
 */
export function mirrorStep(search: MirrorSearch): MirrorStep | undefined {
  const transform = transformOf(search.variable.type)
  if (!hasTransform(transform) || transform.entropy === undefined) return undefined
  const apart = entropyApart(search, transform.entropy)
  return apart === undefined ? undefined : towards(search, transform.entropy, apart)
}

/** E with q, and each part of its entropy, as inputs of their own. */
interface EntropyApart {
  readonly energy: NodeId
  readonly marker: NodeId
  readonly weight: NodeId
  readonly axes: readonly EnergyAxis[]
}

/** Inputs that stand for probabilities, or for a part of their entropy; no name of a user's begins so. */
const STAND_IN = 'in place of '
const probabilities = (name: string): string => `${STAND_IN}${name}`
const partOf = (name: string, k: number): string => `${STAND_IN}part ${k} of the entropy of ${name}`

function entropyApart(search: MirrorSearch, rule: EntropyRule): EntropyApart | undefined {
  const { builder, variable, value } = search
  const { name, axes, type } = variable
  const parts = rule.parts(maths(builder), type, value)
  const held = new Set(reachable(builder, [search.energy]))
  if (!parts.every((p) => held.has(p))) return undefined
  const standIn = (of: string): Moving => ({ name: of, node: builder.input(of, axes), axes })
  const own = standIn(probabilities(name))
  const inputs = parts.map((_, k) => standIn(partOf(name, k)))
  const exchanged = new Map([[value, own.node], ...parts.map((p, k) => [p, must(inputs[k], 'part').node] as const)])
  const energy = must(replaced(builder, [search.energy], exchanged)[0], 'energy')
  const made: EnergyAxis[] = []
  const weights = inputs.map((input) => {
    const found = weightsOf(builder, energy, input, search.inputs, [...search.taken, ...made])
    made.push(...(found?.axes ?? []))
    return found?.weights
  })
  const [weight] = weights
  if (weight === undefined || weights.some((w) => w !== weight)) return undefined
  const alongOwn = builder.axes(weight).some((a) => ownAxes(type).includes(a))
  if (alongOwn || moves(builder, weight) || !isPositive(ranges(builder, rangesWith(search))(weight))) return undefined
  return { energy, marker: own.node, weight, axes: made }
}

/** Whether a node depends on what moves. */
function moves(builder: GraphBuilder, id: NodeId): boolean {
  return reachable(builder, [id]).some((at) => {
    const node = builder.node(at)
    if (node.op !== 'input') return false
    return [ports.coordinateOwner(node.name), ports.valueOwner(node.name)].some((owner) => owner !== undefined) || isStandIn(node.name)
  })
}

const isStandIn = (input: string): boolean => input.startsWith(STAND_IN)

function rangesWith({ inputs }: MirrorSearch): (input: string) => Interval {
  return (input) => (isStandIn(input) ? fraction : inputs(input))
}

function towards(search: MirrorSearch, rule: EntropyRule, apart: EntropyApart): MirrorStep {
  const { builder, variable, value } = search
  const { name, type } = variable
  const m = maths(builder)
  const sites = without(variable.axes, ownAxes(type))
  const inputs = rangesWith(search)
  const options = { inputs: (input: string) => ({ range: inputs(input), infinite: false }) }
  const slope = must(gradient(builder, apart.energy, [apart.marker], options)[0], 'slope')
  const own: Moving = { name, node: apart.marker, axes: variable.axes }
  const bent = curvature(builder, apart.energy, [own], inputs, [...search.taken, ...apart.axes])
  const most = bent.upper.get(name)
  const reach = most === undefined ? undefined : reachOf(builder, rule, apart.weight, builder.reduce('max_over', ownAxes(type), most))
  const logits = m.div(m.neg(slope), apart.weight)
  const target = rule.coordinates(m, type, logits)
  const nodes = replaced(builder, [target, ...(reach === undefined ? [] : [reach])], new Map([[apart.marker, value]]))
  return {
    target: must(nodes[0], 'target'),
    ...(nodes[1] === undefined ? {} : { reach: nodes[1] }),
    turns: sites.filter((axis) => meet(builder, slope, apart.marker, axis)),
    axes: [...apart.axes, ...bent.axes],
  }
}

/** c / (c + L), where L relative to h follows from a bound of the second derivatives, since h itself is strongly convex. */
function reachOf(builder: GraphBuilder, { strength }: EntropyRule, weight: NodeId, most: NodeId): NodeId {
  const m = maths(builder)
  const relative = m.div(m.max(most, m.k(0)), m.k(strength))
  return m.div(weight, m.add(weight, relative))
}

/** Whether the slope at a site depends on q at other sites along an axis. */
function meet(builder: GraphBuilder, slope: NodeId, q: NodeId, axis: string): boolean {
  const ids = reachable(builder, [slope])
  if (!dependents(builder, ids, new Set([q])).has(slope)) return false
  // A slope that lacks the axis has lost it to a reduction.
  return dependence(builder, ids, q, [axis]).get(slope) === 'coupled' || !builder.axes(slope).includes(axis)
}
