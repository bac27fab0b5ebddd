import type { SamplingParts } from '../../api/runtime/sample.ts'
import { must } from '../../base/internal-error.ts'
import { fold, keyFromSeed } from '../../base/random.ts'
import type { DiscreteState } from '../../compile/program.ts'
import { nutsSampler } from '../../inference/adaptive-nuts.ts'
import { runChain } from '../../inference/chain.ts'
import type { LogDensity } from '../../inference/density.ts'
import { discreteField } from '../../inference/discrete-field.ts'
import { gibbs } from '../../inference/gibbs.ts'
import { silenceIsRetrieval } from '../../memory/laws.ts'
import type { Retrieval } from '../../memory/retrieve.ts'
import { type Chart, chartAround, cholesky, hessian, spheresIn, standardDirections } from '../chart.ts'
import type { ModelCase } from '../generators/model-case.ts'
import { type Check, type Finding, fails, holds, type Law, skipped } from '../law.ts'
import { machineFor, needsRetrieval, relax, retrievalOf } from '../rest.ts'
import { openScene, type Scene } from '../scene.ts'
import { type Situation, streamFor } from '../situation.ts'
import type { Subject } from '../subject.ts'

export const coolingLaw: Law = {
  number: 4,
  name: 'Cooling',
  says: 'as T falls, samples concentrate on the fixed point that retrieval finds; Langevin without noise is a retrieval step',
  checks: [silence(), concentration(), freezing()],
  thin: 6,
}

function silence(): Check {
  return {
    name: 'Langevin without noise = a retrieval step, bit for bit',
    applies(subject) {
      const missing = needsRetrieval(subject)
      if (missing !== undefined) return missing
      const { states, discrete } = retrievalOf(subject).program
      return discrete.length > 0 || states.length === 0 || !states.every((s) => s.curvature)
        ? 'its curvature is not known for every state'
        : undefined
    },
    run(situation) {
      const { machine, cue } = machineFor(situation)
      const verdict = silenceIsRetrieval(machine, cue)
      if (verdict.kind === 'not applicable') return skipped(verdict.sentence)
      return verdict.kind === 'holds' ? holds : fails('the step', 'the retrieval step', verdict.sentence)
    },
  }
}

/** More dimensions than this are not tried: the curvature is measured entry by entry. */
const MOST_DIMENSIONS = 8
/** Colder than this the rounding of E would show in E/T. */
const COLDEST = 1e-7
/** Below this curvature (nats per unit squared) a direction counts as flat, in which nothing concentrates. */
const LEAST_CURVATURE = 1e-2
const DRAWS = 400
/** Chains stay within this many standard deviations: a long leap could land in another, deeper basin, and rightly stay there. */
const BASIN = 10

/**
 * Around a minimum with the curvature H, exp(-E/T) is close to a normal density of covariance T H^-1 once T is small
 * enough: the mean squared distance from the fixed point is T tr(H^-1). H is measured by central differences of E; T is
 * lowered until E is a quadratic to within a fifth, two standard deviations out in every direction. With 400 draws of
 * NUTS, worth 100 independent ones at least, the mean square is off by a factor of 3 with probability below 1e-8
 * (chi-square with 100 degrees of freedom below 33 or above 300).
 */
function concentration(): Check {
  return {
    name: 'mean squared distance from the fixed point = T tr(H^-1) when cold',
    applies(subject) {
      const missing = needsBoth(subject)
      if (missing !== undefined) return missing
      return retrievalOf(subject).program.states.length === 0 ? 'no state moves smoothly' : undefined
    },
    run(situation) {
      for (let T = 0.1; T >= COLDEST; T /= 10) {
        const basin = basinAt(situation, T)
        if (basin === 'curved') continue
        return typeof basin === 'string' ? skipped(basin) : concentrates(situation, basin)
      }
      return skipped('E is not a quadratic near any fixed point that came up')
    },
  }
}

interface Basin {
  readonly T: number
  readonly scene: Scene
  readonly chart: Chart
  /** T tr(H^-1). */
  readonly expected: number
  /** Standard deviations of every coordinate of the chart. */
  readonly spread: Float64Array
}

/** The neighbourhood of the fixed point that retrieval finds at T; or why there is nothing to see there. */
function basinAt(situation: Situation, T: number): Basin | string {
  const { machine, cue } = machineFor(situation, T)
  const end = relax(machine, cue)
  if (end.outcome.kind !== 'converged') return `retrieval did not come to rest: ${end.outcome.sentence}`
  const resting = { ...situation, temperature: T, example: atRest(situation.example, end) }
  const scene = openScene(resting, samplingOf(situation.subject), situation.subject.kernel, T)
  const place = scene.start
  if (!place.every(Number.isFinite)) return 'the fixed point lies on the edge of the support'
  const chart = chartAround(place, spheresIn(machine.layout, scene))
  if (chart.dimension === 0) return 'there is only one place to be'
  if (chart.dimension > MOST_DIMENSIONS) return 'every case has too many dimensions to measure the curvature'
  const energyAt = (t: ArrayLike<number>): number => {
    scene.look(chart.at(t))
    return scene.energy()
  }
  const H = hessian((t) => T * energyAt(t), chart.dimension, 1e-4)
  const L = cholesky(H.map((row, i) => row.map((x, j) => (i === j ? x - LEAST_CURVATURE : x))))
  if (L === undefined) return 'the minimum is flat in some direction'
  const directions = standardDirections(must(cholesky(H), 'factor')).map((d) => d.map((x) => x * Math.sqrt(T)))
  const here = energyAt(new Float64Array(chart.dimension))
  const isQuadratic = directions.every((d) => [2, -2].every((s) => Math.abs(energyAt(d.map((x) => s * x)) - here - 2) < 0.4))
  if (!isQuadratic) return 'curved'
  const spread = new Float64Array(chart.dimension)
  for (const d of directions) for (const [i, x] of d.entries()) spread[i] = (spread[i] as number) + x * x
  return { T, scene, chart, expected: spread.reduce((a, b) => a + b, 0), spread: spread.map(Math.sqrt) }
}

function concentrates(situation: Situation, { T, scene, chart, expected, spread }: Basin): Finding {
  const sampler = nutsSampler(densityOn(scene, chart, spread), { initial: { at: new Float64Array(chart.dimension) }, metric: 'dense' })
  const key = fold(keyFromSeed(situation.example.seed), 'cooling')
  const { draws, count, outcome } = runChain(sampler, key, 0, { warmup: 200, draws: DRAWS })
  if (outcome.kind !== 'finished' || count === 0)
    return fails(`a chain at T = ${T}`, 'draws', 'sentence' in outcome ? outcome.sentence : 'none')
  let found = 0
  for (const [i, t] of draws.entries()) found += (t * (spread[i % chart.dimension] as number)) ** 2 / count
  if (found < 3 * expected && found > expected / 3) return holds
  return fails(`the mean squared distance from the fixed point at T = ${T}`, `about ${expected} (T tr(H^-1))`, found)
}

/** The density of the chart's coordinates in units of their spread; the gradient by that of the program. */
function densityOn(scene: Scene, chart: Chart, spread: Float64Array): LogDensity {
  const n = chart.dimension
  return {
    dimension: n,
    evaluate(q, gradient) {
      if (q.some((x) => Math.abs(x) > BASIN)) return -Infinity
      const t = q.map((x, i) => x * (spread[i] as number))
      const y = chart.at(t)
      scene.look(y)
      const energy = scene.energy()
      const g = new Float64Array(scene.dimension)
      for (const { state, offset } of scene.blocks) g.set(scene.output(`gradient:${state.name}`), offset)
      // How y moves with t, by differences of the chart alone: exact but for rounding where it is flat.
      for (let k = 0; k < n; k += 1) {
        const h = 1e-3 * (spread[k] as number)
        const [up, down] = [1, -1].map((s) => chart.at(t.map((x, i) => (i === k ? x + s * h : x)))) as [Float64Array, Float64Array]
        gradient[k] = -g.reduce((sum, slope, i) => sum + slope * (((up[i] as number) - (down[i] as number)) / 2e-3), 0)
      }
      return -energy
    },
  }
}

/** The case with its states where retrieval left them. */
function atRest(example: ModelCase, end: Retrieval): ModelCase {
  const states = Object.entries(end.states).map(([name, t]) => [name, t.data.slice()] as const)
  return { ...example, values: { ...example.values, ...Object.fromEntries(states) } }
}

/**
 * Discrete states that are left to flip: with g the least cost of a flip away from the fixed point, Gibbs sampling at
 * T = g/40 stays there (50 sweeps of n sites leave with probability below 50 n e^-40 < 1e-14), and at T = 4g does not
 * (a site leaves in each sweep with probability e^-0.25 / (1 + e^-0.25) > 0.4: 100 sweeps all stay with 0.6^100 < 1e-22).
 */
function freezing(): Check {
  return {
    name: 'Gibbs sampling stays at the fixed point when cold, and leaves it when warm',
    applies(subject) {
      const missing = needsBoth(subject)
      if (missing !== undefined) return missing
      return retrievalOf(subject).program.discrete.length === 0 ? 'no discrete state is left to flip' : undefined
    },
    run(situation) {
      const { machine, cue } = machineFor(situation)
      const end = relax(machine, cue)
      if (end.outcome.kind !== 'converged') return skipped(`retrieval did not come to rest: ${end.outcome.sentence}`)
      const cost = leastCost(situation, end)
      if (!(cost > 1e-9)) return skipped('a flip costs nothing at the fixed point')
      const cold = distanceAfter(situation, end, cost / 40, 50)
      if (cold > 0) return fails(`sites away from the fixed point during 50 sweeps at T = ${cost / 40}`, 0, cold)
      const warm = distanceAfter(situation, end, 4 * cost, 100)
      return warm > 0 ? holds : fails(`sites away from the fixed point during 100 sweeps at T = ${4 * cost}`, 'some', 0)
    },
  }
}

function fieldsAt(situation: Situation, end: Retrieval, T: number) {
  const { subject, sizes } = situation
  const program = retrievalOf(subject).program
  const example = atRest(situation.example, end)
  const shared = new Map<string, Float64Array>([['temperature', Float64Array.of(T)]])
  for (const [name, data] of Object.entries(example.values)) {
    shared.set(name, data.slice())
    shared.set(`value:${name}`, data.slice())
  }
  return program.discrete.map((state: DiscreteState) => discreteField(state, subject.kernel, sizes, shared))
}

/** The least positive change of E of any single flip, nats; 0 where one costs nothing. */
function leastCost(situation: Situation, end: Retrieval): number {
  let least = Infinity
  for (const field of fieldsAt(situation, end, situation.temperature)) {
    field.prepare()
    for (let site = 0; site < field.values.length; site += 1) {
      for (const level of field.levels) if (level !== field.values[site]) least = Math.min(least, field.change(site, level))
    }
  }
  return Number.isFinite(least) ? least : 0
}

/** How many sites were away from the fixed point, summed over sweeps. */
function distanceAfter(situation: Situation, end: Retrieval, T: number, sweeps: number): number {
  const fields = fieldsAt(situation, end, T)
  const home = fields.map((f) => f.values.slice())
  const sampler = gibbs(fields, { temperature: T })
  const stream = streamFor(situation, `gibbs at ${T}`)
  let away = 0
  for (let k = 0; k < sweeps; k += 1) {
    sampler.sweep(stream)
    for (const [i, f] of fields.entries()) away += f.values.filter((v, site) => v !== home[i]?.[site]).length
  }
  return away
}

function samplingOf({ sampling }: Subject): SamplingParts {
  return must('parts' in sampling ? sampling.parts : undefined, 'sampling')
}

function needsBoth(subject: Subject): string | undefined {
  return needsRetrieval(subject) ?? ('why' in subject.sampling ? `there is no sampling: ${subject.sampling.why}` : undefined)
}
