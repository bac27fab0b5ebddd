/** Values of an input over time: `time` rises, and `values` has as many rows, one after the other. */
export interface Signal {
  readonly name: string
  readonly time: Float64Array
  readonly values: Float64Array
  /** Numbers in a row. */
  readonly width: number
}

/** Between its rows a signal holds the last one, or goes straight to the next. */
export type Interpolation = 'hold' | 'linear'

/** All signals of a simulation, laid out one after the other. */
export interface Signals {
  /** The times after `from` and up to `until` at which any of them changes, or bends. */
  changes(from: number, until: number): Float64Array
  /** From now on the values are those just after this time, or just before. */
  seek(t: number, side: 'after' | 'before'): void
  /** Values at a time up to the next change. */
  write(t: number): void
  /** Slopes in time up to the next change, by input. */
  slopes(): ReadonlyMap<string, Float64Array>
  readonly isLinear: boolean
}

/** `buffers`: where the values of each go. */
export function openSignals(signals: readonly Signal[], kind: Interpolation, buffers: ReadonlyMap<string, Float64Array>): Signals {
  const tracks = signals.map((signal) => ({ ...signal, row: 0, out: buffers.get(signal.name) ?? new Float64Array(signal.width) }))
  const last = (track: (typeof tracks)[number]): boolean => track.row >= track.time.length - 1
  return {
    isLinear: kind === 'linear',
    changes(from, until) {
      const all = tracks.flatMap(({ time }) => Array.from(time).filter((t) => t > from && t <= until))
      return Float64Array.from(new Set(all)).sort()
    },
    seek(t, side) {
      for (const track of tracks) {
        const { time } = track
        // The last row that is not after t; just before a change, the one before it.
        let row = 0
        for (let low = 0, high = time.length; low < high; ) {
          const middle = (low + high) >> 1
          const isPast = side === 'after' ? (time[middle] as number) <= t : (time[middle] as number) < t
          if (isPast) {
            row = middle
            low = middle + 1
          } else high = middle
        }
        track.row = row
      }
    },
    write(t) {
      for (const track of tracks) {
        const { values, width, row, out, time } = track
        const [from, to] = [time[row] as number, time[row + 1] as number]
        const share = kind === 'hold' || last(track) ? 0 : Math.min(1, Math.max(0, (t - from) / (to - from)))
        for (let i = 0; i < width; i += 1) {
          const a = values[row * width + i] as number
          out[i] = share === 0 ? a : a + share * ((values[(row + 1) * width + i] as number) - a)
        }
      }
    },
    slopes() {
      return new Map(
        tracks.map((track) => {
          const { name, values, width, row, time } = track
          if (kind === 'hold' || last(track)) return [name, new Float64Array(width)]
          const span = (time[row + 1] as number) - (time[row] as number)
          const slope = (i: number) => ((values[(row + 1) * width + i] as number) - (values[row * width + i] as number)) / span
          return [name, Float64Array.from({ length: width }, (_, i) => slope(i))]
        }),
      )
    },
  }
}
