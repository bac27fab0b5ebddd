import { made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import * as ports from '../../middle/ports.ts'
import { allEliminated } from './eliminated.ts'
import type { LossRule } from './loss.ts'
import { splitEnergy } from './patterns.ts'

/**
 * Contrastive divergence (Hinton 2002): F(x) - F(x') with x' drawn by a chain that starts from x, or persists (Tieleman 2008), and held while
 * slopes are taken; F is the energy with what is hidden eliminated, so that means stand where draws would be noisier. The penalty is
 * weight times F(x)^2 + F(x')^2.
 */
export const contrastLoss =
  (persists: boolean): LossRule =>
  (scene) => {
    const { value: seen, diagnostics } = allEliminated(scene.energy, scene.situation)
    if (seen === undefined)
      return unmade(
        diagnostics.map((d) => ({
          ...d,
          hint: 'Contrastive divergence takes what is hidden to be summed or integrated out exactly given what is observed.',
        })),
      )
    const graph = splitEnergy(seen, scene.statements)
    const observed = scene.energy.variables.filter((v) => scene.situation.observed.has(v.name) && !scene.params.has(v.name))
    const hidden = scene.energy.variables.filter((v) => scene.situation.moving.has(v.name))
    const drawn = new Set(observed.map((v) => v.name))
    const builder = new GraphBuilder()
    const m = maths(builder)
    const [shown, dreamt] = [
      include(builder, graph),
      include(builder, graph, ({ name, axes }) => (drawn.has(name) ? builder.input(ports.drawn(name), axes) : undefined)),
    ]
    const at = (ids: readonly number[], port: string): number =>
      must(
        ids[
          must(
            graph.outputs.find((o) => o.name === port),
            port,
          ).node
        ],
        port,
      )
    const [plus, minus] = [at(shown, ports.each), at(dreamt, ports.each)]
    const penalty = m.mul(builder.input(ports.penalty, []), m.add(m.square(plus), m.square(minus)))
    builder.output(ports.shared, at(shown, ports.shared), [])
    builder.output(ports.each, m.add(m.sub(plus, minus), penalty), [])
    return made({
      graph: simplify(builder.finish()),
      energy: seen,
      chains: { states: [...hidden, ...observed], shown: observed, persists },
    })
  }
