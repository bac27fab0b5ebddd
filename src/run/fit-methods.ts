import { fold, type Key, Stream } from '../base/random.ts'
import type { LogDensity } from '../inference/density/density.ts'
import { laplaceNormal } from '../inference/laplace/normal.ts'
import { diagonalRoot } from '../inference/variational/covariance-root.ts'
import { fullRank } from '../inference/variational/full-rank.ts'
import { lowRank } from '../inference/variational/low-rank.ts'
import { meanField } from '../inference/variational/mean-field.ts'
import type { Normal } from '../inference/variational/normal.ts'
import type { FamilyStart, NormalFamily } from '../inference/variational/normal-family.ts'
import { pathfinder } from '../inference/variational/pathfinder.ts'
import { stochasticAscent } from '../inference/variational/stochastic-ascent.ts'
import { defaults } from '../middle/options.ts'
import type { RunFitOptions } from './fit-scene.ts'
import type { FitMethod, Fitted } from './fitted.ts'

/** Methods that ask of a model no more than its log density and the gradient of it. */
export type BlackBoxMethod = Exclude<FitMethod, 'ascent'>

export interface FitMaterial {
  readonly density: LogDensity
  readonly from: Float64Array
  readonly key: Key
  readonly options: RunFitOptions
}

/** A normal density of the coordinates, and how it was found. */
export interface FoundNormal extends Pick<Fitted, 'trace' | 'outcome' | 'logEvidence'> {
  readonly normal?: Normal
}

interface MethodRule {
  /** What q is, in words. */
  readonly density: string
  /** Whether draws of all starts together are drawn from by importance, or those of the best start are the result. */
  readonly pools: boolean
  find(material: FitMaterial): FoundNormal
}

/** What each does stands among the words of the option `by`. */
export const blackBox: Readonly<Record<BlackBoxMethod, MethodRule>> = {
  'mean-field': stochastic('independent normal', meanField),
  'low-rank': stochastic('diagonal and low-rank normal', (start, { rank = defaults.rank }) =>
    lowRank(start, Math.min(rank, start.centre.length)),
  ),
  'full-rank': stochastic('normal', fullRank),
  laplace: {
    density: 'normal (Laplace)',
    pools: false,
    find({ density, from }) {
      const found = laplaceNormal(density, from)
      if ('why' in found) return failed(`Laplace's method: ${found.why}.`)
      return { normal: found, trace: [], outcome: { kind: 'converged' }, logEvidence: found.logEvidence }
    },
  },
  pathfinder: {
    density: 'normal (Pathfinder)',
    pools: true,
    find({ density, from, key }) {
      const normal = pathfinder(density, from, fold(key, 'path'))
      return normal === undefined ? failed(NOWHERE) : { normal, trace: [], outcome: { kind: 'converged' } }
    },
  },
}

const NOWHERE = 'At no point of the way up has the density a finite value around it.'

function failed(sentence: string): FoundNormal {
  return { trace: [], outcome: { kind: 'failed', sentence } }
}

/** By stochastic gradients, from where Pathfinder comes to. */
function stochastic(words: string, make: (start: FamilyStart, options: RunFitOptions) => NormalFamily): MethodRule {
  return {
    density: words,
    pools: false,
    find({ density, from, key, options }) {
      const near = pathfinder(density, from, fold(key, 'path'))
      const stream = new Stream(fold(key, 'shape'))
      const [centre, root] = near === undefined ? [from, diagonalRoot(from.map(() => 1))] : [near.mean, near.root]
      const shape = make({ centre, root, normal: () => stream.normal() }, options)
      const { iterations = defaults.iterations, within = defaults.within } = options
      const { outcome, trace } = stochasticAscent(density, shape, fold(key, 'ascent'), { iterations, within })
      if (outcome === 'not finite') return failed(NOWHERE)
      return { normal: shape, trace, outcome: { kind: outcome } }
    },
  }
}
