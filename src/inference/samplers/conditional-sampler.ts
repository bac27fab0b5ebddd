import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { type InitialOptions, notFinite } from '../chains/initial.ts'
import type { ChainFailure } from '../chains/outcome.ts'
import type { LogDensity } from '../density/density.ts'
import type { FormDraws } from '../draws/conditional-form.ts'
import type { Block } from './block.ts'

/** A variable that is drawn, and its coordinates, in which all others know it. */
export interface DrawnState {
  readonly name: string
  /** Where its coordinates are among all. */
  readonly places: Int32Array
  /** 1 for those that stay. */
  readonly held: Uint8Array
  /** Its own coordinates, from its values after `invert`. */
  readonly coordinates: Float64Array
  invert(): void
}

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

/** Coordinates of a value that is rounded to an end of its support: the least positive number, and the last one below 1. */
const [LEAST, MOST] = [-744, 36]

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

  /** The coordinates of what was drawn. A share of nothing has no number: any does. */
  function settle({ places, held, coordinates, invert }: DrawnState): void {
    invert()
    for (let i = 0; i < places.length; i += 1) {
      const y = coordinates[i] as number
      if (held[i] !== 1)
        all[places[i] as number] = Number.isNaN(y) ? 0 : Math.min(Math.max(y, y === -Infinity ? LEAST : y), y === Infinity ? MOST : y)
    }
  }

  function drawAll(stream: Stream): ChainFailure | undefined {
    show()
    for (const draw of draws) {
      const failure = draw.draw(stream)
      if (failure !== undefined) return failure
    }
    states.forEach(settle)
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
    resume: (saved) => place(must(saved.drawn, 'drawn coordinates')),
    tuning: () => ({}),
    refresh: show,
  }
}
