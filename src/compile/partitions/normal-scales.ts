import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import { reachable, replaced } from '../../ir/walk.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import type { IntegratedComponent } from '../../middle/partition-program.ts'
import * as ports from '../../middle/ports.ts'
import { analysis, isFailure } from '../conditionals/analysis.ts'
import { precisionOf, weightOf } from '../conditionals/coefficients.ts'
import { linearGradient, openScene } from '../conditionals/conditional.ts'
import { isPositive } from '../conditionals/forms.ts'
import { free, type Linear, plus } from '../conditionals/linear.ts'
import { interiorOf } from '../conditionals/statements.ts'
import { dependence } from '../marginalise/dependence.ts'

/**
 * Means and the scale under them that are integrated out in turn: E is a Gaussian of the means whose precision and linear term are
 * both in proportion to s, the scale or its inverse, and what is left without the means is linear in s and its logarithm.
 */
export function normalScales(energy: Energy, axis: string, mean: EnergyVariable, scale: EnergyVariable): IntegratedComponent | undefined {
  const groups = without(scale.axes, [axis])
  const members = mean.axes.filter((a) => !scale.axes.includes(a))
  if (!isPositive(scale.type) || scale.axes.some((a) => !mean.axes.includes(a))) return undefined
  const sceneOf = openScene(energy)
  const [ofMean, ofScale] = [sceneOf(mean), sceneOf(scale)]
  const { a, opened } = ofMean
  const { m } = a
  const both = new Set([ofMean.state, ofScale.state])
  const holds = (id: NodeId): boolean => reachable(m.builder, [id]).some((n) => both.has(n))
  const names = new Set([mean.name, scale.name])
  const terms = opened.terms.filter((t) => holds(t.node))
  const nodes = terms.map((t) => interiorOf(opened, t, names, holds) ?? t.node)
  const byMean = analysis(a, ofMean.state, mean.axes, isPositive(mean.type))
  const look = nodes.map(byMean)
  if (look.some(isFailure)) return undefined
  const found = nodes.map((node, i) => ({ term: terms[i] as (typeof terms)[number], node, linear: look[i] as Linear }))
  const moved = found.filter((f) => f.linear.quadratic || f.linear.parts.size > 0)
  const gradient = linearGradient(ofMean, { found: moved, look: byMean })
  if (gradient === undefined) return undefined
  const { node: precision, mixing } = precisionOf(a, gradient, mean.axes)
  if (mixing.length > 0) return undefined
  const byScale = analysis(a, ofScale.state, scale.axes, true)
  const power = powerOf(byScale(precision))
  const linear = m.neg(gradient.constant)
  const pulls = m.known(linear) !== 0
  if (power === undefined || (pulls && powerOf(byScale(linear)) !== power)) return undefined
  // Within an element of the random axis each group has its own scale alone.
  const ids = reachable(m.builder, [precision, linear])
  const kinds = dependence(m.builder, ids, ofScale.state, groups)
  if ([precision, linear].some((id) => kinds.get(id) === 'coupled')) return undefined
  const rest = restOf(nodes, byScale)
  if (rest === undefined || [...rest.parts.keys()].some((s) => s !== 'log' && s !== power) || rest.quadratic) return undefined
  const atOne = replaced(m.builder, [precision, linear], new Map([[ofScale.state, m.k(1)]]))
  const numbers = [weightOf(a, rest, 'log'), weightOf(a, rest, power), ...atOne]
  const statistics = ['log', 's', 'p', 'q'].map((statistic, i) => ({
    ...{ port: ports.coefficient(mean.name, statistic), node: numbers[i] as NodeId },
    ...{ axes: i < 2 ? scale.axes : mean.axes, order: i < 2 ? groups : [...groups, ...members] },
  }))
  return {
    form: power === 1 ? 'normal_gamma' : 'normal_inverse_gamma',
    graph: simplify(m.builder.part(statistics.map(({ port, node, axes }) => ({ name: port, node, axes })))),
    groups,
    members,
    statistics: statistics.map(({ port, order }) => ({ port, order })),
    variables: [
      { name: scale.name, axes: scale.axes, order: groups },
      { name: mean.name, axes: mean.axes, order: [...groups, ...members] },
    ],
    made: a.maker.made,
  }

  /** All terms where the means are 0, as a function of the scale. */
  function restOf(all: readonly NodeId[], by: typeof byScale): Linear | undefined {
    const zero = replaced(m.builder, all, new Map([[ofMean.state, m.k(0)]])).map(by)
    if (zero.some(isFailure)) return undefined
    return (zero as Linear[]).reduce((sum, x) => plus(a, sum, x), free(a, m.k(0)))
  }

  /** 1 or -1 where a node is weights times the scale, or its inverse, and nothing else. */
  function powerOf(linear: ReturnType<typeof byScale>): 1 | -1 | undefined {
    if (isFailure(linear) || linear.quadratic || linear.parts.size !== 1) return undefined
    const constant = simplify(m.builder.part([{ name: ports.result, node: linear.constant, axes: m.builder.axes(linear.constant) }]))
    const node = constant.nodes[constant.outputs[0]?.node ?? -1]
    const [power] = linear.parts.keys()
    return node?.op === 'const' && node.value === 0 && (power === 1 || power === -1) ? power : undefined
  }
}
