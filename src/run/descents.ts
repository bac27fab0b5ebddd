import { layoutOf } from '../memory/layout.ts'
import { clipped, type Optimiser, optimisers } from '../memory/learning/optimisers.ts'
import { quasiNewtonDescent } from '../memory/learning/quasi-newton.ts'
import { rateAt } from '../memory/learning/schedules.ts'
import { isAtRest } from '../memory/outcome.ts'
import { defaults } from '../middle/options.ts'
import type { SamplingState } from '../middle/program.ts'
import type { RunLearnOptions } from './learn-parts.ts'
import type { LearnScene } from './learn-scene.ts'
import type { LearnOutcome, LearnTrace } from './learn-state.ts'

/** A way down the loss. */
export interface Descent {
  /** What a run that goes on has to know besides where it is. */
  readonly memory: Readonly<Record<string, Float64Array>>
  /** One step, written down in the trace at its number; how it ended, where there is no next one. */
  step(step: number, trace: LearnTrace): LearnOutcome | undefined
}

type Descending = (scene: LearnScene, options: RunLearnOptions & { readonly steps: number }) => Descent

export const descents: Readonly<Record<NonNullable<RunLearnOptions['optimiser']>, Descending>> = {
  adam: (scene, options) => stepwise(scene, optimisers.adam(scene.x.length), options),
  sgd: (scene, options) => stepwise(scene, optimisers.sgd(scene.x.length, { momentum: options.momentum ?? defaults.momentum }), options),
  'quasi-newton': searching,
}

/** By the slope of each batch in turn. Nothing is allocated in a step. */
function stepwise(scene: LearnScene, optimiser: Optimiser, options: Parameters<Descending>[1]): Descent {
  const { x, slope } = scene
  const { steps, clip } = options
  const { rate, schedule, rise, every, factor } = { ...defaults, ...options }
  const schedules = { rate, schedule, rise, every, factor }
  return {
    memory: { ...optimiser.memory, ...scene.memory },
    step(step, trace) {
      scene.prepare(step)
      const loss = scene.look()
      const norm = clipped(slope, clip)
      trace.loss[step] = loss
      trace.slope[step] = norm
      trace.rate[step] = rateAt(step, steps, schedules)
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) return broken(loss, step)
      optimiser.step(x, slope, trace.rate[step] as number)
      return undefined
    },
  }
}

function broken(loss: number, step: number): LearnOutcome {
  const what = Number.isFinite(loss)
    ? 'The slope of the loss is not a number'
    : `The loss is ${Number.isNaN(loss) ? 'not a number' : 'infinite'}`
  const hint = step === 0 ? '' : ' A smaller --rate or --clip may keep it finite.'
  return { kind: 'failed', sentence: `${what} ${step === 0 ? 'at the start' : `after ${step} steps`}.${hint}` }
}

/** Below it steps are rounding. */
const tolerance = 1e-8

function searching(scene: LearnScene): Descent {
  const { x, slope, run } = scene
  const states = run.parts.learn.params.map((p: SamplingState) => ({ ...p, move: { kind: 'free' } as const, curvature: false }))
  const descent = quasiNewtonDescent(layoutOf({ states }, run.sizes), x, lossAt, { tolerance })
  function lossAt(at: Float64Array, out: Float64Array): number {
    x.set(at)
    const loss = scene.look()
    out.set(slope)
    return loss
  }
  return {
    memory: {},
    step(step, trace) {
      const next = descent.next()
      if (next.done) return { kind: isAtRest(next.value) ? 'converged' : 'failed', sentence: next.value.sentence }
      trace.loss[step] = next.value.loss
      trace.slope[step] = next.value.norm
      trace.rate[step] = 1
      return undefined
    },
  }
}
