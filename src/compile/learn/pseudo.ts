import { type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import { isCountless, levelsOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'
import { allElements, discreteMoves, flippedAxes } from '../discrete.ts'
import { allEliminated } from './eliminated.ts'
import type { LossRule, LossScene } from './loss.ts'
import { splitEnergy } from './patterns.ts'

/**
 * Minus the log pseudo-likelihood (Besag 1975): for each element of what is observed, minus the log probability of its value given all
 * others, exactly: log sum over its levels of exp(-(E with that level - E) / T).
 */
export const pseudoLoss: LossRule = (scene) => {
  const { value: energy, diagnostics } = allEliminated(scene.energy, scene.situation)
  if (energy === undefined) return unmade(diagnostics)
  const observed = scene.energy.variables.filter((v) => scene.situation.observed.has(v.name) && !scene.params.has(v.name))
  const wrong = observed.flatMap(continuous)
  if (wrong.length > 0) return unmade(wrong)
  const builder = new GraphBuilder()
  const m = maths(builder)
  const axes: EnergyAxis[] = [...flippedAxes(observed)]
  const sites = observed.map((v) => sitesOf(m, scene, energy, v, axes))
  const split = splitEnergy(energy, scene.statements)
  const ids = include(builder, split)
  const shared = must(
    ids[
      must(
        split.outputs.find((o) => o.name === ports.shared),
        'shared',
      ).node
    ],
    'shared',
  )
  builder.output(ports.shared, shared, [])
  builder.output(ports.each, m.plus(...sites), [])
  return made({ graph: simplify(builder.finish()), energy: { ...energy, axes: [...energy.axes, ...axes] } })
}

/** What all elements of one state add. */
function sitesOf(m: Maths, scene: LossScene, energy: Energy, v: EnergyVariable, axes: EnergyAxis[]): NodeId {
  const { builder } = m
  const alone = { ...scene.situation, moving: new Set([v.name]) }
  const levels = must(levelsOf(v.type), v.name)
  const gain = (graph: Graph): NodeId => {
    const ids = include(builder, graph, (p) => (p.name === ports.value(v.name) ? builder.input(v.name, v.axes) : undefined))
    return m.neg(m.div(must(ids[must(graph.outputs[0], 'change').node], 'change'), builder.input(ports.temperature, [])))
  }
  if (levels.kind === 'values') {
    const { all } = discreteMoves(energy, v.name, alone)
    return m.sum(v.axes, m.softplus(gain(must(all, 'flips'))))
  }
  const level = `${v.name}:other level`
  axes.push({ name: level, size: { kind: 'same', as: levels.axis } })
  return m.sum(v.axes, m.logsumexp([level], gain(allElements(energy, v, alone, level))))
}

function continuous(v: EnergyVariable): readonly Diagnostic[] {
  if (levelsOf(v.type) !== undefined) return []
  const what = isCountless(v.type) ? 'can take infinitely many values' : 'varies continuously'
  return [
    diagnostic('AMP632', `"${v.name}" ${what}, and a pseudo-likelihood is of spins, bits and elements.`, {
      span: v.span,
      hint: 'Use --by score for numbers, or --by cd.',
    }),
  ]
}
