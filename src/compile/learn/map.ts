import type { Diagnostic } from '../../base/diagnostic.ts'
import { andThen, diagnostic, made } from '../../base/diagnostic.ts'
import type { Energy } from '../../middle/energy.ts'
import { treat } from '../treat.ts'
import type { LossRule, LossScene } from './loss.ts'
import { unless } from './loss.ts'
import { splitEnergy } from './patterns.ts'

/** E itself, discrete states summed out where they factorise: minus the log of the posterior of the params, up to a constant, where E is of densities. */
export const mapLoss: LossRule = (scene) =>
  andThen(treat(scene.energy, scene.situation), (energy) =>
    unless(leftOf(scene, energy), () => made({ graph: splitEnergy(energy, scene.statements), energy })),
  )

/** What is neither observed nor summed or integrated out. */
function leftOf({ situation }: LossScene, energy: Energy): readonly Diagnostic[] {
  return energy.variables
    .filter((v) => situation.moving.has(v.name))
    .map((v) =>
      diagnostic('AMP633', `"${v.name}" is not observed, and cannot be summed out.`, {
        span: v.span,
        hint: `Give it with --observed ${v.name}=FILE, or take it out of the energy with --integrate ${v.name}.`,
      }),
    )
}
