import type { Inputs } from 'amp-lang'
import type { Lab } from 'amp-lang/experiment'

type Model = Awaited<ReturnType<Lab['load']>>

/** When pulses begin, how long they last and how high they are. */
export interface Pulses {
  readonly onsets: readonly number[]
  readonly height: number
}

export const WIDTH = 0.1

/** Pulses at the end of each of so many periods, from a time on. */
export function train(count: number, { period = 1, from = 0, height = 10 } = {}): Pulses {
  return { onsets: Array.from({ length: count }, (_, k) => from + (k + 1) * period - WIDTH), height }
}

export function together(...trains: readonly Pulses[]): Pulses {
  return { onsets: trains.flatMap((t) => t.onsets), height: trains[0]?.height ?? 0 }
}

/** The stimulus as an input over time: it holds what it is from each row on. */
export function signal({ onsets, height }: Pulses): { readonly time: readonly number[]; readonly values: readonly number[] } {
  const edges = onsets.flatMap((t) => [[t, height], [t + WIDTH, 0]]) // biome-ignore format: pairs
  return { time: [0, ...edges.map((e) => e[0] as number)], values: [0, ...edges.map((e) => e[1] as number)] }
}

/** What a response is at the onset of each pulse, where it is highest. */
export function peaks(
  lab: Lab,
  model: Model,
  pulses: Pulses,
  response: string,
  inputs: Inputs = {},
  more: Parameters<Lab['simulate']>[1]['input'] = {},
): readonly number[] {
  const until = (pulses.onsets.at(-1) ?? 0) + WIDTH
  const [one] = lab.simulate(model, { ...inputs, input: { u: signal(pulses), ...more } }, { until, interval: until, report: [response] })
  const rows = one?.recording
  return pulses.onsets.map((t) => {
    // The later of the two rows of this time is behind the change.
    const row = rows === undefined ? -1 : rows.time.findLastIndex((time) => Math.abs(time - t) < 1e-9)
    return rows?.traces[0]?.values[row] ?? Number.NaN
  })
}

/** The first time after the last pulse at which a response to one like it would be some part of the first. */
export function recovery(lab: Lab, model: Model, pulses: Pulses, part: (x: number) => number, least: number, inputs: Inputs = {}): number {
  const end = (pulses.onsets.at(-1) ?? 0) + WIDTH
  const [one] = lab.simulate(model, { ...inputs, input: { u: signal(pulses) } }, { until: end + 40, interval: 0.01, report: ['x'] })
  const { time, traces } = one?.recording ?? { time: new Float64Array(0), traces: [] }
  const x = traces[0]?.values ?? new Float64Array(0)
  const row = time.findIndex((t, r) => t >= end && part(x[r] as number) >= least)
  return (time[row] ?? Number.NaN) - end
}
