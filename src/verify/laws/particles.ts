import { must } from '../../base/internal-error.ts'
import { priorBase } from '../../compile/evidence/base.ts'
import { hessianProduct } from '../../compile/hessian-product.ts'
import { type EvidenceParts, type LogZEstimate, prepareEvidence } from '../../run/evidence.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { fails, holds, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { energyBy, type Trial } from '../trial.ts'
import { boundOf, evidenceOf, logEvidence, QUADRATURE } from './evidence.ts'

/** Few, so that a case takes milliseconds. */
const PARTICLES = 256

/** Standard errors that log Z may be off by: they are found from 8 islands, and of Student's distribution with 7 degrees 20 are passed 2e-7 times. */
const MOST_ERRORS = 20

/** Where islands are further apart than this, their mean is far from normal. */
const LARGEST_ERROR = 0.3

/** Particles know the density by its values and slopes, and the priors by their draws; log Z comes from closed forms and quadrature. */
export const particlesNearEvidence: LawCheck = {
  name: 'log Z by sequential Monte Carlo is log Z within its error',
  applies: (subject) => needsParticles(subject) ?? (evidenceOf(subject) === undefined ? 'there is no way to its log Z' : undefined),
  thin: 10,
  run(trial) {
    const log = logEvidence(trial, must(evidenceOf(trial.subject), 'evidence'))
    if (log === undefined) return skipped('log Z has too many dimensions, or tails that are too long')
    const found = estimateOf(trial)
    const { error } = found ?? {}
    if (found === undefined || error === undefined || found.trouble !== undefined || !(error < LARGEST_ERROR))
      return skipped('too few particles are on the way from the priors in every case')
    const slack = MOST_ERRORS * error + QUADRATURE * (energyBy(trial, trial.subject.energy).scale / trial.temperature + Math.abs(log))
    return Math.abs(found.logZ - log) <= slack ? holds : fails('log Z by sequential Monte Carlo', `${log} (to ${error})`, found.logZ)
  },
}

function needsParticles({ sampling }: Subject): string | undefined {
  const { states = [], discrete = [] } = 'parts' in sampling ? sampling.parts.program : {}
  return states.length + discrete.length > 0 ? undefined : 'nothing is left to move'
}

function estimateOf(trial: Trial): LogZEstimate | undefined {
  const { sampling, energy, situation, kernel } = trial.subject
  const parts: SamplingParts = must('parts' in sampling ? sampling.parts : undefined, 'sampling')
  const whole: EvidenceParts = {
    ...parts,
    prior: () => priorBase(energy, situation, parts.program, () => true),
    second: () => hessianProduct(parts.program, energy),
  }
  const options = { seed: trial.example.seed, temperature: trial.temperature, particles: PARTICLES }
  const prepared = prepareEvidence(whole, kernel, boundOf(trial), options).value
  const found = prepared?.run('smc')
  prepared?.dispose()
  return found
}
