import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { gradient, plainGradient } from '../../ir/gradient.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import { replaced } from '../../ir/walk.ts'
import type { EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import { isUnbounded } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { allEliminated } from './eliminated.ts'
import type { LossRule, LossScene } from './loss.ts'
import { splitEnergy } from './patterns.ts'

/**
 * Score matching (Hyvarinen 2005): with g the slope of F/T by a number of what is observed and c its second derivative, the sum over
 * numbers of g^2 / 2 - c. Of a density that is positive everywhere it is the expected squared distance of scores up to a constant, and
 * needs no log Z.
 */
export const scoreLoss: LossRule = (scene) => {
  const { value: opened, diagnostics } = scored(scene)
  if (opened === undefined) return unmade(diagnostics)
  const { graph, energy, observed } = opened
  const builder = new GraphBuilder()
  const m = maths(builder)
  const axes: EnergyAxis[] = []
  const parts = observed.map((v) => probed(m, graph, v, axes))
  writeLoss(m, graph, m.plus(...parts))
  return made({ graph: simplify(builder.finish()), energy: { ...energy, axes: [...energy.axes, ...axes] } })
}

/**
 * Denoising score matching (Vincent 2011): from y = x + sigma noise a step y - sigma^2 dF/dy / T is to lead back to x; half of the squared distance
 * over sigma^2.
 */
export const denoisingLoss: LossRule = (scene) => {
  const { value: opened, diagnostics } = scored(scene)
  if (opened === undefined) return unmade(diagnostics)
  const { graph, energy, observed } = opened
  const builder = new GraphBuilder()
  const m = maths(builder)
  const sigma = builder.input(ports.sigma, [])
  const noisy = new Map(
    observed.map((v) => [v.name, m.add(builder.input(v.name, v.axes), m.mul(sigma, builder.input(ports.noise(v.name), v.axes)))]),
  )
  // Leaves of the slope: what is noisy, as inputs of their own first.
  const leaves = new Map(observed.map((v) => [v.name, builder.input(ports.drawn(v.name), v.axes)]))
  const ids = include(builder, graph, ({ name }) => leaves.get(name))
  const slopes = gradient(builder, outputOf(graph, ids, ports.each), [...leaves.values()])
  const there = replaced(builder, slopes, new Map(observed.map((v) => [must(leaves.get(v.name), v.name), must(noisy.get(v.name), v.name)])))
  const parts = observed.map((v, i) => {
    const left = m.sub(m.mul(sigma, must(there[i], 'slope')), builder.input(ports.noise(v.name), v.axes))
    return m.sum(v.axes, m.mul(m.k(0.5), m.square(left)))
  })
  writeLoss(m, graph, m.plus(...parts))
  return made({ graph: simplify(builder.finish()), energy, noise: observed })
}

/** What is shared comes in once, as it is. */
function writeLoss(m: Maths, graph: Graph, each: NodeId): void {
  m.builder.output(ports.shared, outputOf(graph, include(m.builder, graph), ports.shared), [])
  m.builder.output(ports.each, each, [])
}

function outputOf(graph: Graph, ids: readonly NodeId[], port: string): NodeId {
  return must(
    ids[
      must(
        graph.outputs.find((o) => o.name === port),
        port,
      ).node
    ],
    port,
  )
}

/** First and second derivatives by every single number of a state: F side by side, each with one number moved. */
function probed(m: Maths, graph: Graph, v: EnergyVariable, axes: EnergyAxis[]): NodeId {
  const { builder } = m
  const names = v.axes.map((axis) => `${axis} probed`)
  for (const [i, name] of names.entries()) axes.push({ name, size: { kind: 'same', as: must(v.axes[i], 'axis') } })
  const here = m.times(...v.axes.map((axis, i) => m.equal(builder.index(axis), builder.index(must(names[i], 'axis')))))
  const x = builder.input(v.name, v.axes)
  const probe = builder.input(ports.drawn(v.name), names)
  const moved = v.axes.length === 0 ? m.add(x, probe) : m.where(here, m.add(x, probe), x)
  const ids = include(builder, graph, ({ name }) => (name === v.name ? moved : undefined))
  const [slope = m.k(0)] = gradient(builder, m.sum(names, outputOf(graph, ids, ports.each)), [probe])
  const [curvature = m.k(0)] = plainGradient(builder, m.sum(names, slope), [probe])
  const loss = m.sum(names, m.sub(m.mul(m.k(0.5), m.square(slope)), curvature))
  return must(replaced(builder, [loss], new Map([[probe, m.k(0)]]))[0], 'loss')
}

interface ScoredEnergy {
  readonly graph: Graph
  readonly energy: LossScene['energy']
  readonly observed: readonly EnergyVariable[]
}

function scored(scene: LossScene): Checked<ScoredEnergy> {
  const { value: energy, diagnostics } = allEliminated(scene.energy, scene.situation)
  if (energy === undefined) return unmade(diagnostics)
  const observed = scene.energy.variables.filter((v) => scene.situation.observed.has(v.name) && !scene.params.has(v.name))
  const wrong = observed.flatMap(bounded)
  return wrong.length > 0 ? unmade(wrong) : made({ graph: splitEnergy(energy, scene.statements), energy, observed })
}

function bounded({ name, type, span }: EnergyVariable): readonly Diagnostic[] {
  if (isUnbounded(type)) return []
  return [
    diagnostic('AMP632', `"${name}" does not take all numbers (${type.kind}), and scores are compared over all of them.`, {
      span,
      hint: 'Use --by pseudo for spins, bits and elements; --by likelihood or --by cd elsewhere.',
    }),
  ]
}
