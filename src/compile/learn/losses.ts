import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/suggest.ts'
import { contrastLoss } from './contrast.ts'
import { likelihoodLoss } from './likelihood.ts'
import type { LossRule } from './loss.ts'
import { mapLoss } from './map.ts'
import { objectiveLoss } from './objective.ts'
import { pseudoLoss } from './pseudo.ts'
import { denoisingLoss, scoreLoss } from './score.ts'

/** The losses that every model has, a row each. */
export const lossRows = {
  map: mapLoss,
  likelihood: likelihoodLoss,
  pseudo: pseudoLoss,
  score: scoreLoss,
  denoising: denoisingLoss,
  cd: contrastLoss(false),
  pcd: contrastLoss(true),
} as const satisfies Readonly<Record<string, LossRule>>

/** Those that people ask for by name, and that cannot be run: nothing offers them. */
const missing: Readonly<Record<string, LossRule>> = {
  elbo: () =>
    unmade([diagnostic('AMP601', 'Learning by the evidence lower bound cannot be run yet.', { hint: 'Use --by map or --by likelihood.' })]),
}

/** A loss by its name: an objective of the model, or a row (AMP631). */
export function lossOf(by: string, objectives: readonly string[]): Checked<LossRule> {
  const rows: Readonly<Record<string, LossRule>> = lossRows
  const row = [rows, missing].find((all) => Object.hasOwn(all, by))?.[by]
  if (objectives.includes(by)) return made(objectiveLoss(by))
  if (row !== undefined) return made(row)
  const names = [...Object.keys(rows), ...objectives]
  const there = objectives.length === 0 ? 'The model has no objective.' : `The objectives of the model are ${objectives.join(', ')}.`
  return unmade([
    diagnostic('AMP631', `"${by}" is neither a loss nor an objective of the model.`, {
      expected: Object.keys(rows).join(', '),
      hint: didYouMean(by, names) ?? there,
    }),
  ])
}
