import { type Key, Stream } from '../../base/random.ts'
import type { LogDensity } from '../density/density.ts'
import { type Normal, normalAround } from './normal.ts'
import { quasiNewton } from './quasi-newton.ts'

/** The normal density along a path that is nearest to the density, and the ELBO by which it was chosen. */
export interface PathNormal extends ReturnType<typeof normalAround> {
  readonly elbo: number
}

/** Steps of L-BFGS at most, and the last of them that its inverse Hessian is made from (the paper has 6). */
const [STEPS, MEMORY] = [1000, 6]

/** At rest where a step raises the log density relatively by less. */
const AT_REST = 1e-12

/** Draws by which the ELBO of each point is judged. */
const DRAWS = 10

/**
 * Pathfinder (Zhang, Carpenter, Gelman and Vehtari 2022): L-BFGS goes up the log density from `from`; at each point of its way a normal
 * density has the inverse Hessian that it knows as its covariance, around the point where a Newton step leads; of these the one with the
 * highest ELBO. Where the mode is no good (a funnel has none), a point before it is. Undefined where none has an ELBO.
 */
export function pathfinder(
  density: LogDensity,
  from: Float64Array,
  key: Key,
  { steps = STEPS, draws = DRAWS }: { readonly steps?: number; readonly draws?: number } = {},
): PathNormal | undefined {
  const stream = new Stream(key)
  const [noise, q, scratch] = [from.slice(), from.slice(), from.slice()]
  let best: PathNormal | undefined
  for (const { q: at, gradient, hessian } of quasiNewton(density, from, { steps, gain: AT_REST, memory: MEMORY })) {
    const root = hessian.root()
    if (root === undefined) continue
    const mean = new Float64Array(at.length)
    hessian.apply(gradient, mean)
    for (let i = 0; i < mean.length; i += 1) mean[i] = (mean[i] as number) + (at[i] as number)
    const normal = normalAround(mean, root)
    const elbo = elboOf(density, normal, stream, draws, { noise, q, gradient: scratch })
    if (Number.isFinite(elbo) && (best === undefined || elbo > best.elbo)) best = { ...normal, elbo }
  }
  return best
}

interface ElboScratch {
  readonly noise: Float64Array
  readonly q: Float64Array
  readonly gradient: Float64Array
}

function elboOf(density: LogDensity, normal: Normal, stream: Stream, draws: number, { noise, q, gradient }: ElboScratch): number {
  let sum = 0
  for (let d = 0; d < draws; d += 1) {
    for (let i = 0; i < noise.length; i += 1) noise[i] = stream.normal()
    const log = normal.place(noise, q)
    sum += density.evaluate(q, gradient) - log
  }
  return sum / draws
}
