import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph, NodeId } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import * as ports from '../../middle/ports.ts'
import { statesOf } from '../../middle/situation.ts'
import { allEliminated } from './eliminated.ts'
import type { LossRule, LossScene } from './loss.ts'
import { type Unnormalised, unnormalised } from './normalised.ts'
import { splitEnergy } from './patterns.ts'

/**
 * Minus the log density of what is observed, everything hidden eliminated exactly. Where E is normalised by its statements that is the
 * energy that is left; elsewhere it is the same less the energy that is left with nothing observed, -T log Z, where that can be had.
 */
export const likelihoodLoss: LossRule = (scene) => {
  const seen = allEliminated(scene.energy, scene.situation)
  if (seen.value === undefined) return unmade(seen.diagnostics.map(hiddenStays))
  const observed = splitEnergy(seen.value, scene.statements)
  const open = scene.situation.temperature === 1 ? unnormalised(scene) : atAnyTemperature(scene)
  if (open === undefined) return made({ graph: observed, energy: seen.value })
  const states = [...statesOf(scene.energy)].filter((name) => !scene.params.has(name))
  const all = { ...scene.situation, observed: new Set<string>(), moving: new Set(states), inPart: new Set<string>() }
  const dreamt = allEliminated(scene.energy, all)
  if (dreamt.value === undefined) return unmade([noLikelihood(open, dreamt)])
  const axes = [...seen.value.axes, ...dreamt.value.axes.filter((a) => !seen.value?.axes.some((b) => b.name === a.name))]
  return made({ graph: difference(observed, splitEnergy(dreamt.value, scene.statements)), energy: { ...seen.value, axes } })
}

function atAnyTemperature({ energy }: LossScene): Unnormalised {
  const { span } = energy.temperature ?? must(energy.statements[0], 'statement')
  return { what: 'at a temperature other than 1 densities do not stay normalised', span }
}

/** What is shared is in both, and counts once. */
function difference(seen: Graph, dreamt: Graph): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const at = (graph: Graph, ids: readonly NodeId[], port: string): NodeId =>
    must(
      ids[
        must(
          graph.outputs.find((o) => o.name === port),
          port,
        ).node
      ],
      port,
    )
  const [a, b] = [include(builder, seen), include(builder, dreamt)]
  builder.output(ports.shared, at(seen, a, ports.shared), [])
  builder.output(ports.each, m.sub(at(seen, a, ports.each), at(dreamt, b, ports.each)), [])
  return simplify(builder.finish())
}

function hiddenStays(d: Diagnostic): Diagnostic {
  return {
    ...d,
    hint: 'A likelihood takes every hidden variable to be eliminated exactly; --by map has them at their mode, --by cd and pcd draw them.',
  }
}

/** AMP632, with what would have to be summed for log Z. */
function noLikelihood({ what, span }: Unnormalised, dreamt: Checked<unknown>): Diagnostic {
  const [why] = dreamt.diagnostics
  const and = why === undefined ? '' : ` Its log Z is not to be had either: ${why.message}`
  return diagnostic('AMP632', `There is no likelihood to go up: ${what}.${and}`, {
    span,
    hint: 'Contrastive divergence needs no log Z: --by cd or --by pcd. Of spins, bits and elements --by pseudo is exact, of numbers --by score.',
  })
}
