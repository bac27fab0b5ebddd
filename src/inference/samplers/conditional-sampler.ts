import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { type InitialOptions, notFinite } from '../chains/initial.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import type { LogDensity } from '../density/density.ts'
import type { FormDraws } from '../draws/conditional-form.ts'
import type { Block } from './block.ts'
import { type DrawnState, settle } from './drawn-state.ts'

export interface ConditionalSamplerOptions {
  readonly draws: readonly FormDraws[]
  readonly states: readonly DrawnState[]
  /** All coordinates, whoever moves them. */
  readonly coordinates: Float64Array
  /** Of the coordinates that are moved. */
  readonly density: LogDensity
  /** Works the values of all states out from their coordinates. */
  show(): void
  /** Where those start that are moved: as in `initialPoint`. */
  readonly initial: Pick<InitialOptions, 'at' | 'around' | 'radius'>
}

/** Draws variables in turn from their density given everything else (Gibbs sampling, Geman and Geman 1984). */
export function conditionalSampler(options: ConditionalSamplerOptions): Block {
  const { draws, states, coordinates: all, density, show, initial } = options
  const own = Int32Array.from(states.flatMap((s) => [...s.places].filter((_, i) => s.held[i] !== 1))).sort()
  const position = new Float64Array(own.length)

  function publish(): void {
    for (let i = 0; i < own.length; i += 1) position[i] = all[own[i] as number] as number
  }

  function place(values: ArrayLike<number>): void {
    for (let i = 0; i < own.length; i += 1) all[own[i] as number] = values[i] as number
    publish()
    show()
  }

  function drawAll(stream: Stream): ChainFailure | undefined {
    show()
    for (const draw of draws) {
      const failure = draw.draw(stream)
      if (failure !== undefined) return failure
    }
    for (const state of states) settle(state, all)
    publish()
    return undefined
  }

  /** A form knows E up to a constant, which may be infinite: what was seen is impossible. */
  function impossible(): ChainFailure | undefined {
    const gradient = new Float64Array(position.length)
    const value = density.evaluate(position, gradient)
    return Number.isFinite(value) ? undefined : notFinite(density, value, gradient, 1)
  }

  return {
    moves: states.map((s) => s.name),
    position,
    columns: [],
    statistics: new Float64Array(0),
    begin(_warmup, stream) {
      const { at, around, radius = 2 } = initial
      place(
        Float64Array.from(own, (_, i) => {
          const given = at?.[i] ?? Number.NaN
          return Number.isNaN(given) ? (around?.[i] ?? 0) + radius * (2 * stream.uniform() - 1) : given
        }),
      )
      return drawAll(stream) ?? impossible()
    },
    step: (_warming, stream) => drawAll(stream),
    state: () => ({ drawn: [...position] }),
    place,
    resume: (saved) => place(must(saved.drawn, 'drawn coordinates')),
    tuning: () => ({}),
    refresh: show,
  }
}
