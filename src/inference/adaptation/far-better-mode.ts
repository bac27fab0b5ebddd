import { type Key, Stream } from '../../base/random.ts'
import { log } from '../../base/special/logarithm.ts'
import { type InitialOptions, initialPoint } from '../chains/initial.ts'
import type { LogDensity } from '../density/density.ts'
import type { Stop } from '../samplers/sampler.ts'
import { LOG_2_PI } from '../variational/normal.ts'
import { type PathNormal, pathfinder } from '../variational/pathfinder.ts'
import type { Metric } from './metric.ts'

/*
 * A chain can spend its warm-up in a mode that has no weight at all: e^-60 of the mass, which it leaves in a million steps or in the
 * middle of its draws, with a metric of the wrong mode. So once in warm-up it compares where it is with where ways up from other
 * random starts lead. Only what is better beyond doubt counts, in height and in mass, so that a chain in a mode with any weight stays:
 * how much each of several modes weighs is not for the start to say.
 */

/** Other random starts at most. */
const STARTS = 24
/** Steps up from each of them at most, and draws by which a point of the way is judged. */
const WAY = { steps: 80, draws: 4 } as const
/** Draws by which the best is compared. */
const DRAWS = 16
/** Nats: e^-10 of the mass is none. */
const BEYOND_DOUBT = 10

/** Where a chain is: its highest log density so far, the present one, and the metric of its mode. */
export interface ChainPlaceInMode {
  readonly highest: number
  readonly logDensity: number
  readonly metric: Metric
  /** How often the density was evaluated to come here: another start is made as long as all of them took less than half of that. */
  readonly spent: number
}

/** A point of another mode in which there is incomparably more mass; undefined where none was found, or `stop` says to end. */
export function farBetterMode(
  density: LogDensity,
  here: ChainPlaceInMode,
  initial: InitialOptions | undefined,
  key: Key,
  stop: Stop | undefined,
): Float64Array | undefined {
  const stream = new Stream(key)
  const mass = here.logDensity + entropyOf(here.metric)
  let spent = 0
  const counted: LogDensity = {
    ...density,
    evaluate(q, gradient) {
      spent += 1
      return density.evaluate(q, gradient)
    },
  }
  let best: { readonly q: Float64Array; readonly mass: number } | undefined
  for (let start = 0; start < STARTS && 2 * spent < here.spent && stop?.aborted !== true; start += 1) {
    const own = { hi: Math.floor(stream.uniform() * 0x1_0000_0000), lo: Math.floor(stream.uniform() * 0x1_0000_0000) }
    const from = initialPoint(counted, stream, initial)
    const normal = from.kind === 'found' ? pathfinder(counted, from.q, own, WAY) : undefined
    if (normal === undefined || normal.elbo <= Math.max(best?.mass ?? Number.NEGATIVE_INFINITY, mass + BEYOND_DOUBT)) continue
    const found = drawnFrom(density, normal, stream)
    if (found.height > here.highest + BEYOND_DOUBT && found.mass > mass + BEYOND_DOUBT && found.mass > (best?.mass ?? mass)) best = found
  }
  return best?.q
}

/** A draw, and what several say: the mean log density, and the ELBO. */
function drawnFrom(density: LogDensity, normal: PathNormal, stream: Stream) {
  const [noise, q, gradient] = [new Float64Array(normal.noise), new Float64Array(normal.dimension), new Float64Array(normal.dimension)]
  let [height, mass] = [0, 0]
  for (let d = 0; d < DRAWS; d += 1) {
    for (let i = 0; i < noise.length; i += 1) noise[i] = stream.normal()
    const under = normal.place(noise, q)
    const value = density.evaluate(q, gradient)
    height += value / DRAWS
    mass += (value - under) / DRAWS
  }
  return { q, height, mass }
}

/** Of the normal density whose covariance a metric is, in nats; no less than it, where directions meet. */
function entropyOf({ inverse, dimension, kind }: Metric): number {
  const stride = kind === 'dense' ? dimension + 1 : 1
  let sum = dimension * (1 + LOG_2_PI)
  for (let i = 0; i < dimension; i += 1) sum += log(inverse[i * stride] as number)
  // A direction of low rank is its variance, and then its elements.
  if (kind === 'low-rank') for (let at = dimension; at < inverse.length; at += dimension + 1) sum += Math.max(0, log(inverse[at] as number))
  return sum / 2
}
