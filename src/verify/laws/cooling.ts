import { must } from '../../base/internal-error.ts'
import { fold, keyFromSeed } from '../../base/random.ts'
import { hypot } from '../../base/special/hypot.ts'
import { squared } from '../../base/special/pow.ts'
import { runChain } from '../../inference/chains/chain.ts'
import type { LogDensity } from '../../inference/density/density.ts'
import { discreteField } from '../../inference/density/discrete-field.ts'
import { nutsSampler } from '../../inference/samplers/adaptive-nuts.ts'
import { gibbs } from '../../inference/samplers/gibbs.ts'
import { silenceIsRetrieval } from '../../memory/laws.ts'
import type { Retrieval } from '../../memory/retrieve.ts'
import * as ports from '../../middle/ports.ts'
import type { DiscreteState } from '../../middle/program.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { type Chart, chartAround, cholesky, hessian, spheresIn, standardDirections } from '../chart.ts'
import type { ModelCase } from '../generators/model-case.ts'
import { type Finding, fails, holds, type Law, type LawCheck, skipped } from '../law.ts'
import { machineFor, needsRetrieval, relax, retrievalOf } from '../rest.ts'
import { openScene, type ProgramScene } from '../scene.ts'
import type { Subject } from '../subject.ts'
import { streamFor, type Trial } from '../trial.ts'

export const coolingLaw = {
  number: 4,
  name: 'Cooling',
  says: 'as T falls, samples concentrate on the fixed point that retrieval finds; Langevin without noise is a retrieval step',
  checks: [silence(), concentration(), freezing()],
  thin: 3,
} as const satisfies Law

function silence(): LawCheck {
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
    run(trial) {
      const { machine, cue } = machineFor(trial)
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
const BASIN = 6

/**
 * Around a minimum with the curvature H, exp(-E/T) is close to a normal density of covariance T H^-1 once T is small
 * enough: the mean squared distance from the fixed point is T tr(H^-1). H is measured by central differences of E; T is
 * lowered until E is a quadratic to within a fifth, two standard deviations out in every direction. With 400 draws of
 * NUTS, worth 100 independent ones at least, the mean square is off by a factor of 3 with probability below 1e-8
 * (chi-square with 100 degrees of freedom below 33 or above 300).
 */
function concentration(): LawCheck {
  return {
    name: 'mean squared distance from the fixed point = T tr(H^-1) when cold',
    applies(subject) {
      const missing = needsBoth(subject)
      if (missing !== undefined) return missing
      return retrievalOf(subject).program.states.length === 0 ? 'no state moves smoothly' : undefined
    },
    run(trial) {
      for (let T = 0.1; T >= COLDEST; T /= 10) {
        const basin = basinAt(trial, T)
        if (basin === 'curved') continue
        return typeof basin === 'string' ? skipped(basin) : concentrates(trial, basin)
      }
      return skipped('E is not a quadratic near any fixed point that came up')
    },
  }
}

interface Basin {
  readonly T: number
  readonly scene: ProgramScene
  readonly chart: Chart
  /** Unit steps of independent standard normal coordinates, in those of the chart. */
  readonly directions: readonly Float64Array[]
}

/** The neighbourhood of the fixed point that retrieval finds at T; or why there is nothing to see there. */
function basinAt(trial: Trial, T: number): Basin | string {
  const { machine, cue } = machineFor(trial, T)
  const end = relax(machine, cue)
  if (end.outcome.kind !== 'converged') return `retrieval did not come to rest: ${end.outcome.sentence}`
  const resting = { ...trial, temperature: T, example: atRest(trial.example, end) }
  const scene = openScene(resting, samplingOf(trial.subject), trial.subject.kernel, T)
  const place = scene.start
  if (!place.every(Number.isFinite)) return 'the fixed point lies on the edge of the support'
  const chart = chartAround(place, spheresIn(machine.layout, scene))
  const n = chart.dimension
  if (n === 0) return 'no coordinate can move'
  if (n > MOST_DIMENSIONS) return 'every case has too many dimensions to measure the curvature'
  const lookAt = (t: ArrayLike<number>): { readonly E: number; readonly logJacobian: number } => {
    scene.look(chart.at(t))
    const E = scene.program.terms.reduce((sum, name) => sum + (scene.output(ports.term(name))[0] as number), 0)
    return { E, logJacobian: scene.output(ports.logJacobian)[0] as number }
  }
  const H = hessian((t) => lookAt(t).E, n, 1e-4)
  if (cholesky(H.map((row, i) => row.map((x, j) => (i === j ? x - LEAST_CURVATURE : x)))) === undefined)
    return 'the minimum is flat in some direction'
  const directions = standardDirections(must(cholesky(H), 'factor')).map((d) => d.map((x) => x * Math.sqrt(T)))
  const here = lookAt(new Float64Array(n))
  const isQuadratic = raysFrom(trial, n).every((q) => {
    const [near, far] = [2, BASIN].map((size) =>
      lookAt(
        outOf(
          directions,
          q.map((x) => size * x),
        ),
      ),
    ) as [typeof here, typeof here]
    const [rise, high] = [(near.E - here.E) / T, (far.E - here.E) / T / (squared(BASIN) / 2)]
    return Math.abs(rise - 2) < 0.4 && high > 0.6 && high < 2 && Math.abs(near.logJacobian - here.logJacobian) < 0.4
  })
  return isQuadratic ? { T, scene, chart, directions } : 'curved'
}

/** Unit vectors both ways along every axis, and some at random. */
function raysFrom(trial: Trial, n: number): readonly (readonly number[])[] {
  const stream = streamFor(trial, 'rays')
  const axes = Array.from({ length: 2 * n }, (_, k) => Array.from({ length: n }, (__, i) => (i === k >> 1 ? 1 - 2 * (k & 1) : 0)))
  const random = Array.from({ length: n === 1 ? 0 : 16 }, () => {
    const v = Array.from({ length: n }, () => stream.normal())
    const norm = hypot(...v)
    return v.map((x) => x / norm)
  })
  return [...axes, ...random]
}

/** The chart's coordinates of standard ones. */
function outOf(directions: readonly Float64Array[], q: ArrayLike<number>): Float64Array {
  const t = new Float64Array(directions.length)
  for (const [c, d] of directions.entries()) for (const [i, x] of d.entries()) t[i] = (t[i] as number) + (q[c] as number) * x
  return t
}

function concentrates(trial: Trial, basin: Basin): Finding {
  const { T, directions } = basin
  const n = directions.length
  const sampler = nutsSampler(densityOn(basin), { initial: { at: new Float64Array(n) }, metric: 'unit' })
  const key = fold(keyFromSeed(trial.example.seed), 'cooling')
  const { draws, count, outcome } = runChain(sampler, key, 0, { warmup: 100, draws: DRAWS })
  if (outcome.kind !== 'finished' || count === 0)
    return fails(`a chain at T = ${T}`, 'draws', 'sentence' in outcome ? outcome.sentence : 'none')
  const expected = directions.reduce((sum, d) => sum + square(d), 0)
  let found = 0
  for (let k = 0; k < count; k += 1) found += square(outOf(directions, draws.subarray(k * n, (k + 1) * n))) / count
  if (found < 3 * expected && found > expected / 3) return holds
  return fails(`the mean squared distance from the fixed point at T = ${T}`, `about ${expected} (T tr(H^-1))`, found)
}

function square(v: Float64Array): number {
  return v.reduce((sum, x) => sum + x * x, 0)
}

/** The density of the standard coordinates; its gradient is that of the program, through the chart. */
function densityOn({ scene, chart, directions }: Basin): LogDensity {
  const n = directions.length
  const place = (q: ArrayLike<number>): Float64Array => chart.at(outOf(directions, q))
  return {
    dimension: n,
    evaluate(q, gradient) {
      if (square(q) > squared(BASIN)) return -Infinity
      scene.look(place(q))
      const energy = scene.energy()
      const g = new Float64Array(scene.dimension)
      for (const { state, offset } of scene.blocks) g.set(scene.output(ports.gradient(state.name)), offset)
      // How the place moves, by differences of the chart alone: exact where it is flat, to h^2 on spheres.
      const h = 1e-3
      for (let k = 0; k < n; k += 1) {
        const [up, down] = [h, -h].map((s) => place(q.map((x, i) => (i === k ? x + s : x)))) as [Float64Array, Float64Array]
        gradient[k] = -g.reduce((sum, slope, i) => sum + (slope * ((up[i] as number) - (down[i] as number))) / (2 * h), 0)
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
 * T < g/40 stays there (50 sweeps of n sites leave with probability below 50 n e^-40 < 1e-14), and at T > 4g does not
 * (a site of two levels leaves in each sweep with probability above 0.4: 100 sweeps all stay with 0.6^100 < 1e-22; with
 * more levels of higher cost it leaves no less often).
 */
function freezing(): LawCheck {
  return {
    name: 'Gibbs sampling stays at the fixed point when cold, and leaves it when warm',
    applies(subject) {
      const missing = needsBoth(subject)
      if (missing !== undefined) return missing
      return retrievalOf(subject).program.discrete.length === 0 ? 'no discrete state is left to flip' : undefined
    },
    run(trial) {
      // Where discrete states were summed out, E and its fixed points change with T: each T is asked for its own.
      for (let T = trial.temperature; T > COLDEST; T /= 4) {
        const { machine, cue } = machineFor(trial, T)
        const end = relax(machine, cue)
        if (end.outcome.kind !== 'converged') return skipped(`retrieval did not come to rest: ${end.outcome.sentence}`)
        const cost = leastCost(trial, end, T)
        if (!(cost > 1e-9)) return skipped('a flip costs nothing at the fixed point')
        if (cost / T >= 40) return stays(trial, end, T)
      }
      return skipped('a flip costs next to nothing at every fixed point')
    },
  }
}

/** Cold at T; and warm at a temperature at which the least cost is a fraction. */
function stays(trial: Trial, end: Retrieval, T: number): Finding {
  const cold = distanceAfter(trial, end, T, 50)
  if (cold > 0) return fails(`sites away from the fixed point during 50 sweeps at T = ${T}`, 0, cold)
  for (let warm = T; warm < 1e6; warm *= 4) {
    if (leastCost(trial, end, warm) > warm / 4) continue
    return distanceAfter(trial, end, warm, 100) > 0
      ? holds
      : fails(`sites away from the fixed point during 100 sweeps at T = ${warm}`, 'some', 0)
  }
  return skipped('no temperature is warm')
}

function fieldsAt(trial: Trial, end: Retrieval, T: number) {
  const { subject, sizes } = trial
  const program = retrievalOf(subject).program
  const example = atRest(trial.example, end)
  const shared = new Map<string, Float64Array>([[ports.temperature, Float64Array.of(T)]])
  for (const [name, data] of Object.entries(example.values)) {
    shared.set(name, data.slice())
    shared.set(ports.value(name), data.slice())
  }
  return program.discrete.map((state: DiscreteState) => discreteField(state, subject.kernel, sizes, shared))
}

/** The least positive change of E of any single flip, nats; 0 where one costs nothing. */
function leastCost(trial: Trial, end: Retrieval, T: number): number {
  let least = Infinity
  for (const field of fieldsAt(trial, end, T)) {
    field.prepare()
    for (let site = 0; site < field.values.length; site += 1) {
      for (const level of field.levels) if (level !== field.values[site]) least = Math.min(least, field.change(site, level))
    }
  }
  return Number.isFinite(least) ? least : 0
}

/** How many sites were away from the fixed point, summed over sweeps. */
function distanceAfter(trial: Trial, end: Retrieval, T: number, sweeps: number): number {
  const fields = fieldsAt(trial, end, T)
  const home = fields.map((f) => f.values.slice())
  const sampler = gibbs(fields, { temperature: T })
  const stream = streamFor(trial, `gibbs at ${T}`)
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
