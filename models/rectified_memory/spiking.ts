import type { Loaded } from 'amp-lang'
import { type Figure, furthestRelative, type Lab, signs, type Vector } from 'amp-lang/experiment'
import { choice, flipped } from './corruption.ts'
import { vertex, weightsOf } from './weights.ts'

/** What spikes make of it: rates at a vertex, completion, and how far the potentials stay from their thresholds. */
export async function spiking(lab: Lab) {
  const model = await lab.load('spikes.amp')
  const random = lab.random('spikes')
  const patterns = Array.from({ length: 4 }, () => signs(random, 40))
  const { c } = weightsOf(patterns, 1.5)
  const expected = 1 / (c * 40 + 0.5)
  lab.progress(0.5, 'spikes at a vertex')
  const delta = lab.quick ? 0.01 : 0.005
  const held = run(lab, model, patterns, patterns[0] as Vector, { delta, until: lab.quick ? 6 : 12, rate: expected })
  const late = held.rows.filter((_, t) => (held.times[t] as number) > 4)
  const active = onOf(patterns[0] as Vector).map((i) => late.reduce((sum, row) => sum + (row[i] as number), 0) / late.length)
  const silent = onOf((patterns[0] as Vector).map((v) => -v)).map((i) => Math.max(...late.map((row) => row[i] as number)))

  const [K, P, trials] = lab.quick ? [40, 4, 2] : [100, 10, 20]
  let recalled = 0
  for (let t = 0; t < trials; t += 1) {
    lab.progress(0.55 + (0.25 * t) / trials, 'completion from spikes')
    const some = Array.from({ length: P }, () => signs(random, K))
    const [first] = some as [Vector]
    const cue = flipped(first, choice(random, K / 5, K))
    const { rows } = run(lab, model, some, cue, { delta: 0.01, until: lab.quick ? 4 : 8, rate: 1 / (weightsOf(some, 1.5).c * K + 0.5) })
    if (isRecalled(rows.at(-1) as Vector, first)) recalled += 1
  }
  return {
    spikingRate: furthestRelative(
      active,
      active.map(() => expected),
    ),
    spikingSilent: Math.max(...silent) / expected,
    boundary: Math.max(...late.map((_, t) => Math.abs(held.closest.at(-1 - t) as number))) / delta,
    spikingCompleted: recalled / trials,
    figure: traced(lab, model, patterns, random),
  }
}

interface Spiked {
  readonly times: readonly number[]
  /** Rates of all plus and then all minus neurons at each time. */
  readonly rows: readonly Vector[]
  /** How far the neuron nearest to its threshold is above it, as a rate. */
  readonly closest: readonly number[]
}

function run(
  lab: Lab,
  model: Loaded,
  xi: readonly Vector[],
  cue: Vector,
  { delta, until, rate }: { readonly delta: number; readonly until: number; readonly rate: number },
): Spiked {
  const { plus, minus } = vertex(cue, rate)
  const given = { memory: { xi }, param: { delta }, cue: { r: [[plus, minus]] } }
  const [trajectory] = lab.simulate(model, given, { until, interval: until / 400, report: ['r', 'closest'] })
  const { time = [], traces = [] } = trajectory?.recording ?? {}
  const of = (name: string) => traces.find((t) => t.name === name)
  const r = of('r')
  const width = r?.width ?? 0
  const times = Array.from(time)
  return {
    times,
    rows: times.map((_, t) => Array.from(r?.values.slice(t * width, (t + 1) * width) ?? [])),
    closest: Array.from(of('closest')?.values ?? []),
  }
}

/** Of each pair the neuron that a pattern has active. */
const onOf = (xi: Vector): readonly number[] => xi.map((v, k) => (v > 0 ? k : xi.length + k))

function isRecalled(rates: Vector, xi: Vector): boolean {
  return xi.every((v, k) => {
    const [plus, minus] = [rates[k] as number, rates[xi.length + k] as number]
    return v > 0 ? plus > 2 * minus : minus > 2 * plus
  })
}

/** Rates of pairs on the way from a cue with flipped entries to the pattern. */
function traced(lab: Lab, model: Loaded, patterns: readonly Vector[], random: ReturnType<Lab['random']>): Figure {
  const [xi] = patterns as [Vector]
  const wrong = choice(random, 8, 40)
  const { c } = weightsOf(patterns, 1.5)
  const { times, rows } = run(lab, model, patterns, flipped(xi, wrong), { delta: 0.01, until: 8, rate: 1 / (c * 40 + 0.5) })
  const mean = (row: Vector, which: readonly number[]): number => which.reduce((s, i) => s + (row[i] as number), 0) / which.length
  const [on, off] = [onOf(xi), onOf(xi.map((v) => -v))]
  const right = [...xi.keys()].filter((k) => !wrong.has(k))
  const line = (name: string, which: readonly number[]) => ({
    name,
    marks: 'line' as const,
    points: rows.map((row, t) => ({ x: times[t] as number, y: mean(row, which) })),
  })
  const of = (which: Iterable<number>, from: readonly number[]): readonly number[] => [...which].map((k) => from[k] as number)
  return {
    title: 'From a cue with 8 of 40 entries flipped, by spikes',
    panels: [
      {
        title: 'mean rates of neurons',
        x: { label: 'time / tau' },
        y: { label: 'rate' },
        series: [
          line('right, entry kept', of(right, on)),
          line('right, entry flipped', of(wrong, on)),
          line('wrong, entry flipped', of(wrong, off)),
        ],
      },
    ],
  }
}
