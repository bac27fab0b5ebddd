import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { gradient } from '../../ir/gradient.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import { replaced } from '../../ir/walk.ts'
import type { GaussianDraw, PrecisionBlock } from '../../middle/conditional-draw.ts'
import type { Energy, EnergyVariable, Marginalised } from '../../middle/energy.ts'
import type { CovarianceInput, FamilyBlock, FittedForm, GaussianBlock, LevelBlock } from '../../middle/fit-program.ts'
import * as ports from '../../middle/ports.ts'
import { conditionalDraw } from '../conditionals/draws.ts'
import type { StatisticInput } from './means.ts'

/** The mean of E under q as one scalar: `total` on a builder, of which blocks take their derivatives. */
export interface MeanGraph {
  readonly m: Maths
  readonly total: NodeId
}

/** `isCounted`: the terms that are the mean of E, and no entropy. */
export function meanGraph(energy: Energy, isCounted: (term: string) => boolean): MeanGraph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, energy.graph)
  const terms = energy.graph.outputs.filter((o) => ports.isTerm(o.name) && isCounted(o.name))
  return { m, total: m.plus(...terms.map((o) => must(ids[o.node], o.name))) }
}

/** The best q of a variable is of its form, with the derivatives of E_q[E] by the means of its statistics as coefficients. */
export function familyBlock(
  { m, total }: MeanGraph,
  energy: Energy,
  { variable, form }: { readonly variable: EnergyVariable; readonly form: FittedForm },
  statistics: readonly StatisticInput[],
): FamilyBlock | { readonly reason: string } {
  const { name, axes, type } = variable
  const inputs = statistics.map((s) => m.builder.input(s.port, s.axes))
  const coefficients = gradient(m.builder, total, inputs)
  const named = statistics.map(({ statistic }) => ({ statistic, port: ports.coefficient(name, statistic) }))
  const outputs = named.map(({ port }, i) => ({ name: port, node: must(coefficients[i], port), axes }))
  const graph = simplify(m.builder.part(outputs))
  const none = { truncated: false, mixing: [], dependsOn: [], apart: [], terms: [], axes: [] }
  const draw = conditionalDraw(energy, { variable, form, graph, coefficients: named, ...none })
  if ('reason' in draw) return draw
  const ports_ = statistics.map(({ statistic, port }) => ({ statistic, port }))
  return { kind: 'family', name, axes, type, form, draw: must(draw.kind === 'family' ? draw : undefined, name), statistics: ports_ }
}

/** The linear part is what the derivative by the means is where those are 0; second derivatives are those by the covariances. */
export function gaussianBlock(
  { m, total }: MeanGraph,
  variables: readonly EnergyVariable[],
  inputs: readonly (CovarianceInput & PrecisionBlock)[],
): GaussianBlock {
  const { builder } = m
  const t = builder.input(ports.temperature, [])
  const means = variables.map((v) => builder.input(v.name, v.axes))
  const covariances = inputs.map((c) => builder.input(c.port, c.axes))
  const found = gradient(builder, total, [...means, ...covariances])
  const atZero = replaced(builder, found.slice(0, means.length), new Map(means.map((mean) => [mean, m.k(0)])))
  const linear = variables.map((v, i) => {
    return { name: ports.coefficient(v.name, 'linear'), node: m.div(m.neg(must(atZero[i], v.name)), t), axes: v.axes }
  })
  const blocks = inputs.map(({ port: _, axes: __, ...block }, i): PrecisionBlock & { readonly node: NodeId } => {
    const scale = m.k(block.row === block.column ? 2 : 1)
    const port = ports.coefficient(block.row, block.row === block.column ? 'precision' : `precision with ${block.column}`)
    return { ...block, port, node: m.div(m.mul(scale, must(found[means.length + i], port)), t) }
  })
  const precisions = blocks.map(({ port, node }) => ({ name: port, node, axes: builder.axes(node) }))
  const draw: GaussianDraw = {
    kind: 'gaussian',
    graph: simplify(builder.part([...linear, ...precisions])),
    variables: variables.map(({ name, axes, type }) => ({ name, axes, type })),
    blocks: blocks.map(({ node: _, ...block }) => block),
    axes: [],
  }
  return { kind: 'gaussian', draw, covariances: inputs.map(({ port, axes }) => ({ port, axes })) }
}

/** E_q[E] is linear in the probabilities of every site, so the best ones are `softmax` of minus its derivative over T. */
export function levelBlock({ m, total }: MeanGraph, q: EnergyVariable, { name, axes, type, level }: Marginalised): LevelBlock {
  const { builder } = m
  const input = builder.input(q.name, q.axes)
  const [energy = m.k(0)] = gradient(builder, total, [input])
  const node = m.div(energy, builder.input(ports.temperature, []))
  const graph = simplify(builder.part([{ name: ports.energy, node, axes: q.axes }]))
  const meets = graph.inputs.some((p) => p.name === name)
  const levels = q.axes.length > axes.length ? { level } : {}
  return { kind: 'levels', name, axes, type, graph, over: q.axes, ...levels, meets }
}

/** E_q[E] by itself. */
export function meanOutput({ m, total }: MeanGraph): Graph {
  return simplify(m.builder.part([{ name: ports.energy, node: total, axes: [] }]))
}
