import { must } from '../../base/internal-error.ts'
import { fold, type Key, keyFromSeed, Stream } from '../../base/random.ts'
import { generativeProgram } from '../../compile/ancestral.ts'
import { runChain } from '../../inference/chains/chain.ts'
import { nutsSampler } from '../../inference/samplers/adaptive-nuts.ts'
import { drawOnce } from '../../inference/samplers/ancestral.ts'
import { uniformity } from '../../inference/sbc.ts'
import type { AncestralProgram } from '../../middle/program.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { type Finding, fails, holds, type LawCheck, skipped } from '../law.ts'
import type { Subject } from '../subject.ts'
import { type Numbers, openAt, type Trial } from '../trial.ts'
import { type CaseRun, openRun } from './run.ts'
import { samplingOf, withValues } from './sampling.ts'

/** Draws beside the true value: ranks go from 0 to this. */
const DRAWS = 15
/** Steps of the sampler from one draw to the next. */
const STEPS = 2
/** A right sampler falls below with probability 1e-9 for each number, were chi-square exact. */
const LEAST_TAIL = 1e-9

/**
 * Simulation-based calibration that holds however slowly a chain moves (Gandy & Scott 2020). States and data are drawn
 * from the model, so the states are an exact draw of the posterior given the data. They are put at a random place of a
 * chain, from which the sampler runs both ways; its steps being reversible (NUTS; a sweep of Gibbs moves over random
 * sites, before and after it), the rank of the true value among all is uniform. T = 1, for which there are such draws.
 */
export const ranksOfTruth: LawCheck = {
  name: 'ranks of the true values among draws are uniform (simulation-based calibration)',
  // Once a run: a thousand data sets, each with its chain.
  thin: 1000,
  asItCame: true,
  applies(subject) {
    if ('why' in subject.sampling) return `there is no sampling: ${subject.sampling.why}`
    const ancestral = ancestralOf(subject)
    return 'reason' in ancestral ? `the model cannot be sampled ancestrally: ${ancestral.reason.replace(/\.$/, '')}` : undefined
  },
  run(trial) {
    const parts = must(samplingOf(trial.subject), 'sampling')
    const ancestral = ancestralOf(trial.subject)
    if ('reason' in ancestral) return skipped(ancestral.reason)
    return calibrated(trial, parts, ancestral)
  },
}

function ancestralOf({ energy, situation: { observed, moving } }: Subject): AncestralProgram | { readonly reason: string } {
  const { declared, statements, variables } = energy
  const data = declared.filter((v) => v.role === 'data' && statements.some((t) => t.kind === 'density' && t.variable === v.name))
  const states = variables.filter((v) => moving.has(v.name) || observed.has(v.name))
  if (states.length === 0) return { reason: 'it has no states' }
  if (observed.size > 0) return { reason: `"${[...observed][0]}" cannot be drawn` }
  return generativeProgram(energy, new Set([...states, ...data].map((v) => v.name)))
}

function calibrated(trial: Trial, parts: SamplingParts, ancestral: AncestralProgram): Finding {
  const { simulations } = trial.subject
  const key = fold(keyFromSeed(trial.example.seed), 'ranks')
  const draw = truthsOf(trial, ancestral)
  const stepSize = pilot(trial, parts, draw, key)
  if (stepSize === undefined) return skipped('a chain found no step size for data drawn from the model')
  const ranks: Uint32Array[] = []
  let names: readonly string[] = []
  let count = 0
  for (let s = 0; s < simulations; s += 1) {
    const own = fold(key, s)
    const stream = new Stream(fold(own, 'chain'))
    const run = openRun(withValues(trial, draw(fold(own, 'truth'))), parts, stream)
    if (run === undefined) continue
    names = run.names
    for (const [i, r] of ranked(run, stepSize, stream).entries()) {
      ranks[i] ??= new Uint32Array(simulations)
      ;(ranks[i] as Uint32Array)[count] = r
    }
    count += 1
  }
  if (count < simulations / 2) return skipped('draws from the model are at the limits of floating-point numbers')
  for (const [i, all] of ranks.entries()) {
    const seen = all.subarray(0, count)
    const { p } = uniformity(seen, DRAWS, count < 160 ? 8 : 16)
    if (p < LEAST_TAIL) {
      const mean = seen.reduce((a, b) => a + b, 0) / count
      return fails(
        `ranks of ${names[i]} in ${count} simulations`,
        `uniform from 0 to ${DRAWS} (mean ${DRAWS / 2})`,
        `mean ${mean.toFixed(2)}, p = ${p.toExponential(1)}`,
      )
    }
  }
  return holds
}

/** Draws of everything that has a statement, given the rest of the case. */
function truthsOf(trial: Trial, ancestral: AncestralProgram): (key: Key) => Numbers {
  const executable = openAt(trial, ancestral.graph, trial.subject.kernel, 1)
  return (key) => Object.fromEntries(Object.entries(drawOnce(ancestral, executable, trial.sizes, key)).map(([n, v]) => [n, v.slice()]))
}

/** A step size for this model, from a chain on data that nothing else uses: a step that fits is no part of the law. */
function pilot(trial: Trial, parts: SamplingParts, draw: (key: Key) => Numbers, key: Key): number | undefined {
  if (parts.program.states.length === 0) return 1
  const run = openRun(withValues(trial, draw(fold(key, 'pilot'))), parts, new Stream(fold(key, 'pilot')))
  if (run === undefined) return undefined
  const chain = runChain(nutsSampler(run.density, { initial: { at: run.start }, metric: 'unit' }), key, 0, { warmup: 100, draws: 1 })
  return chain.outcome.kind === 'finished' ? chain.tuning.stepSize : undefined
}

/** The rank of the true value of each number among the draws before and after it; equal ones are put in random order. */
function ranked(run: CaseRun, stepSize: number, stream: Stream): readonly number[] {
  run.rewind()
  const truth = run.look()
  const below = truth.map(() => 0)
  const equal = truth.map(() => 0)
  const before = stream.integer(DRAWS + 1)
  for (const draws of [before, DRAWS - before]) {
    run.rewind()
    for (let d = 0; d < draws; d += 1) {
      for (let k = 0; k < STEPS; k += 1) run.step(stepSize, stream)
      for (const [i, x] of run.look(stream).entries()) {
        const counts = x === truth[i] ? equal : below
        if (x <= (truth[i] as number)) counts[i] = (counts[i] as number) + 1
      }
    }
  }
  return below.map((n, i) => n + stream.integer((equal[i] as number) + 1))
}
