import { must } from '../../base/internal-error.ts'
import type { Fitted } from '../../run/fit.ts'
import type { BlackBoxMethod } from '../../run/fit-methods.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { runVariational } from '../../run/variational.ts'
import { type Finding, fails, holds, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { energyBy, type Trial } from '../trial.ts'
import { boundOf, evidenceOf, logEvidence, QUADRATURE } from './evidence.ts'

/** Draws of q, by which the ELBO is estimated, and steps of stochastic gradients: a bound needs no converged q. */
const [DRAWS, ITERATIONS] = [200, 200]

/** Standard errors that a mean of 200 draws may be above by: of normal ones 1e-15; energies have longer tails below, not above. */
const MOST_ERRORS = 8

/** What differences of gradients leave of second derivatives, a rounding error over a step of 1e-4. */
const DIFFERENCES = 1e-5

/** Normal densities know the energy by its values and gradients at coordinates alone; log Z comes from closed forms and quadrature. */
export const normalsBelowEvidence: LawCheck = {
  name: 'the ELBO of normal densities by gradients <= log Z, and equal where the density is normal',
  applies: (subject) => needsCoordinates(subject) ?? (evidenceOf(subject) === undefined ? 'there is no way to its log Z' : undefined),
  thin: 10,
  run(trial) {
    const log = logEvidence(trial, must(evidenceOf(trial.subject), 'evidence'))
    if (log === undefined) return skipped('log Z has too many dimensions, or tails that are too long')
    const scale = energyBy(trial, trial.subject.energy).scale / trial.temperature + Math.abs(log)
    const found = (['mean-field', 'laplace'] as const).map((method) => held(trial, method, log, scale))
    return found.find((f) => f.kind === 'fails') ?? found.find((f) => f.kind === 'holds') ?? must(found[0], 'finding')
  },
}

function held(trial: Trial, method: BlackBoxMethod, log: number, scale: number): Finding {
  const fitted = fitOf(trial, method)
  if (fitted === undefined || fitted.outcome.kind === 'failed') return skipped('no normal density is near the density of the case')
  const { elbo, elboError, logEvidence: approximate } = fitted
  if (elbo > log + MOST_ERRORS * elboError + QUADRATURE * scale) return fails(`the ELBO by ${method}`, `at most ${log} (log Z)`, elbo)
  if (approximate === undefined || !isNormal(trial.subject)) return holds
  const slack = (QUADRATURE + DIFFERENCES) * scale
  if (Math.abs(approximate - log) <= slack && elbo >= log - slack - MOST_ERRORS * elboError) return holds
  return fails('log Z of a normal density by Laplace', `${log} (log Z)`, approximate)
}

function fitOf(trial: Trial, method: BlackBoxMethod): Fitted | undefined {
  const parts = partsOf(trial.subject)
  const options = { seed: trial.example.seed, temperature: trial.temperature, draws: DRAWS, iterations: ITERATIONS }
  return runVariational(parts, trial.subject.kernel, boundOf(trial), method, options, () => []).value
}

function needsCoordinates({ sampling }: Subject): string | undefined {
  const isThere = 'parts' in sampling && sampling.parts.program.discrete.length === 0 && sampling.parts.program.states.length > 0
  return isThere ? undefined : 'what moves has no coordinates, or discrete states that would move beside them'
}

function partsOf({ sampling }: Subject): SamplingParts {
  return must('parts' in sampling ? sampling.parts : undefined, 'sampling')
}

/** Whether all that moves is Gaussian together, in coordinates of its own. */
function isNormal({ fit }: Subject): boolean {
  if ('why' in fit) return false
  const { blocks, gone } = fit.parts.fit
  return blocks.length === 1 && blocks[0]?.kind === 'gaussian' && gone.length === 0
}
