import { must } from '../../base/internal-error.ts'
import type { Block } from './block.ts'
import { type DiscreteField, type GibbsOptions, gibbs } from './gibbs.ts'
import { brokenOff } from './sampler.ts'

export interface GibbsSamplerOptions extends GibbsOptions {
  /** Sweeps a step; 1. */
  readonly sweeps?: number
  /** -E/T of the present state, for `lp__`; without it `lp__` is left out. */
  readonly logDensity?: () => number
  /** The values to start from, all fields after one another; uniform over the levels when absent. Needed where sites are held. */
  readonly at?: Float64Array
}

/** A Gibbs chain over discrete states. `moved__` is the share of the sites that may move whose value changed in the last sweep. */
export function gibbsSampler(fields: readonly DiscreteField[], options: GibbsSamplerOptions = {}): Block {
  const algorithm = gibbs(fields, options)
  const sites = fields.reduce((sum, f) => sum + f.values.length, 0)
  const free = sites - fields.reduce((sum, f) => sum + (f.held?.reduce((n, h) => n + h, 0) ?? 0), 0)
  const position = new Float64Array(sites)
  const { logDensity, sweeps = 1 } = options
  const columns = logDensity === undefined ? ['moved__'] : ['lp__', 'moved__']
  const statistics = new Float64Array(columns.length)

  function publish(): void {
    let at = 0
    for (const field of fields) {
      position.set(field.values, at)
      at += field.values.length
    }
  }

  function place(values: ArrayLike<number>): void {
    let at = 0
    for (const field of fields) for (let i = 0; i < field.values.length; i += 1) field.values[i] = values[at++] as number
    algorithm.refresh()
    publish()
  }

  return {
    moves: fields.map((f) => f.name),
    position,
    columns,
    statistics,
    begin(_warmup, stream) {
      place(options.at ?? fields.flatMap(({ values, levels }) => Array.from(values, () => levels[stream.integer(levels.length)] as number)))
      return undefined
    },
    step(_warming, stream, stop) {
      let moved = 0
      // Sums kept up to date change by change drift by rounding; a step shall depend on the values alone.
      algorithm.refresh()
      for (let k = 0; k < sweeps; k += 1) {
        moved = algorithm.sweep(stream, stop)
        if (moved < 0) return brokenOff
      }
      publish()
      statistics[columns.length - 1] = moved / Math.max(1, free)
      if (logDensity !== undefined) statistics[0] = logDensity()
      return undefined
    },
    state: () => ({ discrete: [...position] }),
    place,
    resume(saved) {
      place(must(saved.discrete, 'discrete values'))
    },
    tuning: () => ({}),
    refresh: () => algorithm.refresh(),
    ...(logDensity === undefined ? {} : { logDensity }),
  }
}
