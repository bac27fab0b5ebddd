import { must } from '../../base/internal-error.ts'
import { union } from '../../ir/builder.ts'
import type { NodeId, OutputPort } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { PrecisionBlock } from '../../middle/conditional-draw.ts'
import type { Energy, EnergyTerm } from '../../middle/energy.ts'
import type { CovarianceInput } from '../../middle/fit-program.ts'
import * as ports from '../../middle/ports.ts'
import { weightOf } from '../conditionals/coefficients.ts'
import type { OpenConditional } from '../conditionals/conditional.ts'
import { statisticName } from '../conditionals/forms.ts'
import { type GaussianGroup, precisionsOf } from '../conditionals/joint.ts'

/** An energy whose mean was taken over some variables, and the inputs that it reads in their place. */
export interface MeanEnergy<Inputs> {
  readonly energy: Energy
  readonly inputs: Inputs
}

export interface StatisticInput {
  readonly statistic: string
  readonly port: string
  readonly axes: readonly string[]
}

/**
 * The mean of E over a variable that E is linear in the statistics of: each statistic gives way to its mean. What E is linear in for
 * every variable by itself it is multilinear in together, so means of independent variables are taken one after the other.
 */
export function meanOverForm(energy: Energy, found: OpenConditional): MeanEnergy<readonly StatisticInput[]> {
  const { opened, conditional, draft, terms, a } = found
  const { m } = opened
  const { name, axes } = conditional.variable
  const parts = must(draft.parts, 'parts')
  const used = [...new Set(parts.flatMap((linear) => [...linear.parts.keys()]))]
  const inputs = used.map((statistic) => {
    const called = statisticName(statistic, 'x')
    return { statistic: called, port: ports.mean(name, called), axes }
  })
  const means = terms.map((_, i): NodeId => {
    const linear = must(parts[i], 'part')
    const weighed = used.flatMap((statistic, k) => {
      if (!linear.parts.has(statistic)) return []
      return [m.sum(axes, m.mul(weightOf(a, linear, statistic), m.builder.input(must(inputs[k], 'input').port, axes)))]
    })
    return m.plus(linear.constant, ...weighed)
  })
  const changed = new Map(terms.map((t, i) => [t.name, must(means[i], t.name)]))
  return { energy: withTerms(energy, found.opened, changed, conditional.axes), inputs }
}

/**
 * The mean of E over variables of which it is a quadratic: E at their means, and half the sum of second derivatives times
 * covariances. Their own inputs are their means from now on.
 */
export function meanOverGaussians(energy: Energy, group: GaussianGroup): MeanEnergy<readonly (CovarianceInput & PrecisionBlock)[]> {
  const { opened, a } = must(group[0], 'variable').scene
  const { m } = a
  const blocks = precisionsOf(group).map((block) => {
    const axes = [...union([block.rowAxes, block.columnAxes])]
    const port = ports.covariance(block.row, block.column)
    const weight = m.k(block.row === block.column ? 0.5 : 1)
    return { input: { ...block, port, axes }, spread: m.mul(weight, m.sum(axes, m.mul(block.node, m.builder.input(port, axes)))) }
  })
  const name = `spread of ${group.map((member) => member.scene.variable.name).join(', ')}`
  const { span } = must(group[0], 'variable').scene.variable
  const changed = withTerms(energy, opened, new Map(), a.maker.made, { name, span, kind: 'energy', node: m.plus(...blocks.map((b) => b.spread)) }) // biome-ignore format: one thought
  return { energy: changed, inputs: blocks.map(({ input: { node: _, ...input } }) => input) }
}

function withTerms(
  energy: Energy,
  { m, terms, others }: { readonly m: Maths; readonly terms: OpenConditional['opened']['terms']; readonly others: readonly OutputPort[] },
  changed: ReadonlyMap<string, NodeId>,
  made: Energy['axes'],
  ...more: readonly (EnergyTerm & { readonly node: NodeId })[]
): Energy {
  const kept = energy.terms.map((t, i) => ({ ...t, node: changed.get(t.name) ?? must(terms[i], t.name).node }))
  const all = [...kept, ...more]
  const outputs = all.map(({ name, node }) => ({ name: ports.term(name), node, axes: [] }))
  return {
    ...energy,
    graph: simplify(m.builder.part([...outputs, ...others])),
    terms: all.map(({ node: _, ...t }) => (changed.has(t.name) ? { ...t, altered: true } : t)),
    axes: [...energy.axes, ...made],
  }
}
