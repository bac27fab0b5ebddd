import { fold, Stream } from '../../base/random.ts'
import { bridge } from '../../inference/evidence/bridge.ts'
import { cubature } from '../../inference/evidence/cubature.ts'
import { geometric } from '../../inference/evidence/geometric.ts'
import { logMeanExp, relativeSpread } from '../../inference/evidence/log-mean.ts'
import type { OpenPopulation } from '../../inference/evidence/population.ts'
import { anneal, refined, temper } from '../../inference/evidence/tempering.ts'
import { byProducts } from '../../inference/laplace/curvature.ts'
import { laplace } from '../../inference/laplace/laplace.ts'
import type { OptionsOf } from '../../middle/options.ts'
import { openBase } from './base.ts'
import type { EvidenceBench } from './bench.ts'
import { chainedDraws } from './chains.ts'
import { chartAt, curvatureOf, startIn } from './chart.ts'
import { type LogZEstimate, studentQuantile } from './estimate.ts'
import { boundedAt, configurationsIn, summedAt } from './scene.ts'

export type EvidenceMethod = Exclude<NonNullable<OptionsOf<'evidence'>['estimator']>, 'auto'>

/** What is left to be integrated and summed. */
export interface Remainder {
  /** Numbers that move smoothly. */
  readonly dimension: number
  /** What the discrete values that are left may be together. */
  readonly configurations: number
}

interface EvidenceMethodRow {
  /** What goes in closed form before: all that can, or what goes by default. */
  readonly eliminates: 'all' | 'default'
  /** Whether it has a path of its own for layers of two-valued states. */
  readonly layers?: true
  /** What its error is, in words. */
  readonly error: string
  /** Why it cannot be used, as the end of a sentence; undefined where it can. */
  never(left: Remainder): string | undefined
  run(bench: EvidenceBench): LogZEstimate
}

/** So many configurations are summed one by one; fewer where each is a density that is looked at thousands of times. */
const MOST_CONFIGURATIONS = 4_194_304
const MOST_WITHIN = 1024
/** A relative error that is told to be too large. */
const ROUGH = 1e-6
/** Second derivatives are a full matrix. */
const MOST_CURVED = 3000

/** When each method applies, what its error is, and how it runs. */
export const evidenceMethods: Readonly<Record<EvidenceMethod, EvidenceMethodRow>> = {
  exact: {
    eliminates: 'all',
    error: 'none, but for rounding',
    never: ({ dimension, configurations }) =>
      dimension > 0
        ? `no closed form was found for ${dimension === 1 ? 'one number that moves' : `${dimension} numbers that move`} smoothly`
        : tooMany(configurations, MOST_CONFIGURATIONS),
    run({ scene }) {
      const logZ = summedAt(scene)(new Float64Array(0))
      return { logZ, details: { by: 'exact', configurations: configurationsIn(scene) } }
    },
  },
  quadrature: {
    eliminates: 'all',
    error: 'by what two rules differ, and how finely cells were halved',
    never: ({ dimension, configurations }) =>
      dimension === 0
        ? nothingSmooth
        : dimension > 2
          ? `${dimension} numbers are left that move smoothly, and it takes 2 at most`
          : tooMany(configurations, MOST_WITHIN),
    run(bench) {
      const { scene } = bench
      const { log, lost } = boundedAt(scene)
      const { dimension } = scene.density
      const { log: logZ, relativeError, evaluations, cells } = cubature(log, chartAt(bench, log))
      const details = { by: 'quadrature', dimension, evaluations, cells, relativeError } as const
      if (relativeError <= ROUGH && Number.isFinite(logZ)) return { logZ, details }
      const why = lost() ? 'the energy is minus infinity, or not a number, where it matters' : 'the integrand has parts that are too narrow'
      return { logZ, details, trouble: `The integral was not found to ${ROUGH} of it: ${why}.` }
    },
  },
  laplace: {
    eliminates: 'default',
    error: 'not known: exact for normal densities alone',
    never: ({ dimension, configurations }) =>
      configurations > 1
        ? 'discrete values are left, over which it cannot sum'
        : dimension === 0
          ? nothingSmooth
          : dimension > MOST_CURVED
            ? `${dimension} numbers move, and it takes ${MOST_CURVED} at most`
            : undefined,
    run(bench) {
      const { scene } = bench
      const { mode, factor, logIntegral } = laplace(scene.density, byProducts(curvatureOf(bench)), startIn(bench))
      const details = { by: 'laplace', dimension: scene.density.dimension, steps: mode.steps } as const
      const trouble = !mode.converged
        ? 'No mode was found: the density still rises.'
        : factor === undefined
          ? 'The density is not curved at its highest point, as if it were flat there, or at an edge.'
          : undefined
      return { logZ: trouble === undefined ? logIntegral : Number.NaN, details, ...(trouble === undefined ? {} : { trouble }) }
    },
  },
  ais: {
    eliminates: 'default',
    layers: true,
    error: 'by the spread of independent weights',
    never: nothingLeft,
    run: annealed,
  },
  smc: {
    eliminates: 'default',
    layers: true,
    error: 'by the spread of independent islands of particles',
    never: nothingLeft,
    run: tempered,
  },
  bridge: {
    eliminates: 'default',
    error: 'by the formula of Fruehwirth-Schnatter (2004)',
    never: ({ dimension, configurations }) =>
      configurations > 1 ? 'discrete values are left, which its normal density does not have' : dimension === 0 ? nothingSmooth : undefined,
    run: bridged,
  },
}

const nothingSmooth = 'no number is left that moves smoothly'

function tooMany(configurations: number, most: number): string | undefined {
  return configurations > most
    ? `${configurations.toPrecision(3)} configurations of discrete values are left, and it sums ${most} at most`
    : undefined
}

function nothingLeft({ dimension, configurations }: Remainder): string | undefined {
  return dimension === 0 && configurations <= 1 ? 'everything has a closed form (--by exact)' : undefined
}

/** So many particles find the steps of a path. */
const PILOTS = 64
/** What the variance of log weights comes to with so many steps, if transitions forget where they were. */
const VARIANCE = 0.3

function annealed(bench: EvidenceBench): LogZEstimate {
  const { scene, options } = bench
  const { particles: count = 100 } = options
  const open = populationOf(bench)
  const key = fold(scene.run.key, 'evidence')
  const pilot = temper(open(PILOTS, 'pilot'), new Stream(fold(key, 'pilot')))
  const lost = (logZ: number): LogZEstimate => ({ logZ, trouble: broken(logZ), details: { by: 'ais', weights: 0, rungs: 0, effective: 0 } })
  if (!Number.isFinite(pilot.logIntegral)) return lost(pilot.logIntegral)
  // A rung that leaves 0.7 of the particles has weights whose logs have the variance 0.36.
  const needed = Math.ceil((0.36 / VARIANCE) * pilot.rungs.length * pilot.rungs.length)
  const path = refined(pilot.rungs, Math.max(options.rungs ?? needed, pilot.rungs.length))
  const weights = anneal(open(count, 'ais'), path)
  const logZ = logMeanExp(weights)
  if (!Number.isFinite(logZ)) return lost(logZ)
  const spread = relativeSpread(weights)
  const error = spread / Math.sqrt(count)
  const effective = count / (1 + (spread * spread * (count - 1)) / count)
  const details = { by: 'ais', weights: count, rungs: path.length, effective } as const
  const few =
    effective < count / 4
      ? { trouble: 'Few weights carry most of the sum, so that the interval may be too short: ask for more --rungs.' }
      : {}
  return { logZ, error, interval: around(logZ, error, count - 1), details, ...few }
}

/** Particles go in so many islands, which know nothing of each other. */
const ISLANDS = 8

function tempered(bench: EvidenceBench): LogZEstimate {
  const { scene, options } = bench
  const each = Math.max(2, Math.round((options.particles ?? 1024) / ISLANDS))
  const open = populationOf(bench)
  const key = fold(scene.run.key, 'evidence')
  const runs = Array.from({ length: ISLANDS }, (_, i) => temper(open(each, `island ${i}`), new Stream(fold(fold(key, 'island'), i))))
  const logs = Float64Array.from(runs, (r) => r.logIntegral)
  const logZ = logMeanExp(logs)
  const rungs = Math.round(runs.reduce((sum, r) => sum + r.rungs.length, 0) / ISLANDS)
  const details = { by: 'smc', particles: each * ISLANDS, islands: ISLANDS, rungs } as const
  if (!logs.every(Number.isFinite)) return { logZ, trouble: broken(logs.find((l) => !Number.isFinite(l)) ?? logZ), details }
  const spread = relativeSpread(logs)
  const error = spread / Math.sqrt(ISLANDS)
  const apart =
    spread > 1 ? { trouble: 'Islands of particles disagree, so that the interval may be too short: ask for more --particles.' } : {}
  return { logZ, error, interval: around(logZ, error, ISLANDS - 1), details, ...apart }
}

function bridged(bench: EvidenceBench): LogZEstimate {
  const { scene } = bench
  const { chains, trouble, rhat } = chainedDraws(bench)
  const { dimension } = scene.density
  const draws = Math.min(...chains.map((c) => c.length / dimension))
  const stream = new Stream(fold(fold(scene.run.key, 'evidence'), 'bridge'))
  const found = trouble === undefined ? bridge(scene.density, chains, stream) : undefined
  const details = { by: 'bridge', chains: chains.length, draws, iterations: found?.iterations ?? 0, rhat } as const
  if (trouble !== undefined) return { logZ: Number.NaN, trouble, details }
  if (found === undefined) {
    const few = `The covariance of ${dimension} numbers cannot be told from so few draws: ask for more --draws.`
    return { logZ: Number.NaN, trouble: few, details }
  }
  const { logIntegral, relativeError } = found
  if (!Number.isFinite(logIntegral)) return { logZ: logIntegral, trouble: broken(logIntegral), details }
  const unmixed =
    rhat > 1.05
      ? { trouble: `Chains have not mixed (R-hat ${rhat.toFixed(2)}), so that neither number is to be trusted: try --by smc.` }
      : {}
  return {
    logZ: logIntegral,
    error: relativeError,
    interval: around(logIntegral, relativeError, Number.POSITIVE_INFINITY),
    details,
    ...unmixed,
  }
}

function populationOf({ scene, prior, layers }: EvidenceBench): OpenPopulation {
  if (layers !== undefined) return layers
  const { density: target, fields, run } = scene
  return geometric({ target, fields, temperature: run.temperature, base: openBase(scene, prior()), key: fold(run.key, 'particles') })
}

function around(logZ: number, error: number, freedom: number): readonly [number, number] {
  const half = studentQuantile(freedom) * error
  return [logZ - half, logZ + half]
}

function broken(logZ: number): string {
  if (logZ === Number.NEGATIVE_INFINITY) return 'The density is 0 wherever it was looked at: the energy is infinite there.'
  return logZ === Number.POSITIVE_INFINITY
    ? 'The energy is minus infinity somewhere, so that Z is infinite.'
    : 'The energy is not a number somewhere.'
}
