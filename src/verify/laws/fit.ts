import { must } from '../../base/internal-error.ts'
import { mean, variance } from '../../inference/diagnostics/moments.ts'
import { volumeOver } from '../../ir/layout.ts'
import { type FitParts, type Fitted, runFit } from '../../run/fit.ts'
import { type Finding, fails, holds, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { energyBy, type Trial } from '../trial.ts'
import { boundOf, evidenceOf, logEvidence, QUADRATURE } from './evidence.ts'

/** Draws of q whose mean is compared: their standard error stands beside it. */
const DRAWS = 100

/** Standard errors that a mean of 100 draws may be off by: of normal ones 1e-15; energies have longer tails. */
const MOST_ERRORS = 8

/** Relative to the magnitudes of the terms. */
const ROUNDING = 1e-9

/** The ELBO is worked out from means of statistics, and held here to E at draws of q, which knows nothing of them. */
export const elboOfDraws: LawCheck = {
  name: 'the ELBO of a fit never falls, and is the mean of -E/T - log q over draws of q',
  applies: needsFit,
  thin: 5,
  run: (trial) =>
    withFit(trial, (fitted, scale) => {
      const { trace, elbo, draws } = fitted
      const at = trace.findIndex((e, i) => i > 0 && e < (trace[i - 1] as number) - scale * ROUNDING)
      if (at > 0) return fails(`the ELBO after ${at + 1} sweeps`, `at least ${trace[at - 1]}`, trace[at] as number)
      const gaps = Float64Array.from({ length: DRAWS }, (_, d) => gapAt(trial, fitted, d))
      const error = Math.sqrt(variance(gaps) / DRAWS)
      if (Math.abs(mean(gaps) - elbo) <= MOST_ERRORS * error + ROUNDING * scale) return holds
      return fails('the ELBO', `${mean(gaps)} (the mean over ${draws.chains[0]?.count} draws, to ${error})`, elbo)
    }),
}

/** log Z by the closed forms that there are, and quadrature over what is left. */
export const elboBelowEvidence: LawCheck = {
  name: 'the ELBO of a fit <= log Z, and equal where q is one block',
  applies: (subject) => needsFit(subject) ?? (evidenceOf(subject) === undefined ? 'there is no way to its log Z' : undefined),
  thin: 5,
  run: (trial) =>
    withFit(trial, ({ elbo, blocks }, scale) => {
      const log = logEvidence(trial, must(evidenceOf(trial.subject), 'evidence'))
      if (log === undefined) return skipped('log Z has too many dimensions, or tails that are too long')
      const { fit } = partsOf(trial.subject)
      const slack = QUADRATURE * scale
      if (!(elbo <= log + slack)) return fails('the ELBO', `at most ${log} (log Z)`, elbo)
      const isWhole = blocks.length === 1 && fit.blocks.every((b) => b.kind !== 'levels' || !b.meets)
      return isWhole && elbo < log - slack ? fails('the ELBO of one block', `${log} (log Z)`, elbo) : holds
    }),
}

function needsFit({ fit }: Subject): string | undefined {
  return 'why' in fit ? 'a variable that moves has no conditional form, so nothing is fitted' : undefined
}

function partsOf({ fit }: Subject): FitParts {
  return must('parts' in fit ? fit.parts : undefined, 'fit')
}

/** A fit of the case, and the magnitude of what is added up. */
function withFit(trial: Trial, look: (fitted: Fitted, scale: number) => Finding): Finding {
  const parts = partsOf(trial.subject)
  const options = { seed: trial.example.seed, temperature: trial.temperature, draws: DRAWS }
  const fitted = runFit(parts, trial.subject.kernel, boundOf(trial), options).value
  if (fitted === undefined || fitted.outcome.kind === 'failed') return skipped('there is no density to fit in the case')
  return look(fitted, energyBy(trial, trial.subject.energy).scale / trial.temperature + Math.abs(fitted.elbo))
}

/** -E/T - log q at a draw, with all that was drawn. */
function gapAt(trial: Trial, { draws }: Fitted, d: number): number {
  const chain = must(draws.chains[0], 'draws')
  const types = new Map(trial.subject.energy.variables.map((v) => [v.name, v.type.kind]))
  const changed: Record<string, Float64Array> = {}
  let at = d * draws.names.length
  for (const { name, axes } of draws.variables) {
    const own = chain.values.subarray(at, at + volumeOver(axes, trial.sizes))
    changed[name] = types.get(name) === 'element' ? own.map((v) => v - 1) : own.slice()
    at += own.length
  }
  const [, ofRest = 0, ofGone = 0] = chain.statistics.subarray(d * chain.columns.length)
  return -energyBy(trial, trial.subject.energy, changed).energy / trial.temperature - ofRest - ofGone
}
