import { samplingParts } from '../../api/pipeline.ts'
import { must } from '../../base/internal-error.ts'
import type { Bound } from '../../bind/bound.ts'
import { treatments } from '../../compile/treat/table.ts'
import { treatAsAsked } from '../../compile/treat.ts'
import { mean, variance } from '../../inference/diagnostics/moments.ts'
import { volumeOver } from '../../ir/layout.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { Energy } from '../../middle/energy.ts'
import type { Situation, TreatmentKind } from '../../middle/situation.ts'
import { type FitParts, type Fitted, runFit } from '../../run/fit.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { type Finding, fails, holds, type LawCheck, skipped } from '../law.ts'
import { logIntegral, logIntegralOverPlane } from '../quadrature.ts'
import { openScene } from '../scene.ts'
import type { Subject } from '../subject.ts'
import { energyBy, type Trial } from '../trial.ts'

/** Draws of q whose mean is compared: their standard error stands beside it. */
const DRAWS = 100

/** Standard errors that a mean of 100 draws may be off by: of normal ones 1e-15; energies have longer tails. */
const MOST_ERRORS = 8

/** Rounding, and what quadrature leaves out, relative to the magnitudes of the terms. */
const [ROUNDING, QUADRATURE] = [1e-9, 1e-7]

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

function boundOf({ subject: { energy, situation }, example }: Trial): Bound {
  const values = Object.entries(example.values)
  const given = values.filter(([name]) => !situation.moving.has(name) && !situation.observed.has(name))
  const observed = values.filter(([name]) => situation.observed.has(name)).map(([name, data]) => [name, { count: 1, data }] as const)
  const sizes = madeSizes(energy.axes, example.sizes)
  return { sizes, labels: {}, values: Object.fromEntries(given), observed: Object.fromEntries(observed), cues: {}, count: 1 }
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

/** E with as much gone as has a closed form, and the density of what is left, if anything is. */
interface Evidence {
  readonly energy: Energy
  readonly left: SamplingParts | undefined
}

const knownEvidence = new WeakMap<Subject, { readonly evidence: Evidence | undefined }>()

function evidenceOf(subject: Subject): Evidence | undefined {
  const known = knownEvidence.get(subject) ?? { evidence: eliminated(subject) }
  knownEvidence.set(subject, known)
  return known.evidence
}

function eliminated({ energy, situation }: Subject): Evidence | undefined {
  let now: Situation = { ...situation, treatments: [] }
  for (const kind of ['sum-out', 'integrate'] as const satisfies readonly TreatmentKind[]) {
    for (const v of energy.variables.filter((v) => situation.moving.has(v.name) && treatments[kind].takes(v))) {
      const more: Situation = { ...now, treatments: [...now.treatments, { kind, name: v.name }] }
      if (treatAsAsked(energy, more).ok) now = more
    }
  }
  const treated = treatAsAsked(energy, now)
  if (treated.value === undefined) return undefined
  const left = treated.value.variables.filter((v) => situation.moving.has(v.name))
  // A direction has a length in its coordinates, which no energy knows.
  if (left.some((v) => v.type.kind === 'unit' || treatments['sum-out'].takes(v))) return undefined
  const parts = left.length === 0 ? undefined : samplingParts(energy, now).value
  return left.length > 0 && parts === undefined ? undefined : { energy: treated.value, left: parts }
}

function logEvidence(plain: Trial, { energy, left }: Evidence): number | undefined {
  const axes = [...energy.axes, ...(left?.program.axes ?? [])]
  const trial = { ...plain, sizes: madeSizes(axes, plain.sizes) }
  if (left === undefined) return finite(-energyBy(trial, energy).energy / trial.temperature)
  const scene = openScene(trial, left, trial.subject.kernel)
  const { dimension, start } = scene
  const at = (...y: readonly number[]): number => {
    scene.look(Float64Array.from(y))
    return -scene.energy()
  }
  const [first = 0, second = 0] = start
  const found = dimension === 1 ? logIntegral(at, first) : dimension === 2 ? logIntegralOverPlane(at, [first, second]) : undefined
  scene.dispose()
  return found
}

const finite = (x: number): number | undefined => (Number.isFinite(x) ? x : undefined)
