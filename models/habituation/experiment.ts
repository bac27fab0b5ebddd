import { type Estimate, estimate, experiment, type Figure, furthest, furthestRelative } from 'amp-lang/experiment'
import { type Pulses, peaks, recovery, signal, together, train, WIDTH } from './stimulus.ts'

const figures = 'equations of the source and its code, integrated independently'
const closed = 'closed form at the ends of pulses'
const law = 'theory of Ornstein and Uhlenbeck; six standard errors'
const within = { most: 0.02 }

/** What each hallmark measures, by an integration of its own: see the sheet of numbers in the README. */
const expected = {
  decrement: [1, 0.829, 0.571, 0.395, 0.287, 0.221, 0.177, 0.147, 0.126, 0.111],
  recovered: [0.057, 0.959],
  frequencies: [0.215, 0.548, 0.912],
  recoveries: [23, 16, 10],
  intensities: [0.885, 0.67, 0.231],
  untold: [0.003, 0.012, 0.231],
  waits: [10.1, 15.3, 17.7, 19.0, 19.8, 20.7],
  firsts: [1, 0.998, 0.983],
  counts: [11, 5, 4],
  rectified: [2.8, 10, 9.09],
  hill: [0.019, 1, 0.55],
}

export default experiment({
  title: 'Habituation by one leaky memory',
  source: 'Smart, Shvartsman & Monnigmann 2024, arXiv 2405.05770 and 2407.18204',
  seconds: 10,
  seed: 1,
  claims: {
    exact: { what: 'memory at the ends of pulses against the closed form', source: 0, where: closed, bound: { most: 1e-12 } },
    stepped: {
      what: 'adaptive steps against exact ones, largest difference of the memory',
      source: 0,
      where: closed,
      bound: { most: 1e-6 },
    },
    superposed: { what: 'memory of two stimuli against the sum of their memories', source: 0, where: closed, bound: { most: 1e-12 } },
    decrement: { what: 'H1, repetition: ten peaks, largest relative error', source: 0, where: figures, bound: within },
    falls: { what: 'H1: peaks that are not below the one before', source: 0, where: figures, bound: { most: 0 } },
    recovered: { what: 'H2, rest: last peak and the one after it, relative error', source: 0, where: figures, bound: within },
    series: { what: 'H3, series: pulses above half the response, error of 11, 5, 4', source: 0, where: figures, bound: { most: 0 } },
    firsts: { what: 'H3: first responses of the series, relative error', source: 0, where: figures, bound: within },
    incomplete: {
      what: 'H3 is not shown by the Hill output: first response of its second series',
      source: 0.593,
      where: figures,
      bound: { least: 0.58, most: 0.605 },
    },
    frequencies: {
      what: 'H4, frequency: steady over first response for periods 1, 2, 5, relative error',
      source: 0,
      where: figures,
      bound: within,
    },
    slower: {
      what: 'H4 fails for a single unit: 95 % again after 23, 16 and 10, in whole periods, error',
      source: 0,
      where: figures,
      bound: { most: 0 },
    },
    intensities: { what: 'H5, strength 10, 5, 1: steady over first response, relative error', source: 0, where: figures, bound: within },
    reversed: {
      what: 'H5 fails without the input nonlinearity: steady response at 10 less that at 1',
      source: -0.228,
      where: figures,
      bound: { most: -0.2 },
    },
    silent: { what: 'H6, beyond the asymptote: response after 8 to 30 pulses', source: 0, where: figures, bound: { most: 0 } },
    waits: { what: 'H6: time until half the response, for 4 to 30 pulses, relative error', source: 0, where: figures, bound: within },
    dishabituated: { what: 'H8, another stimulus: rectified peaks, relative error', source: 0, where: figures, bound: within },
    dishabituatedHill: { what: 'H8: the same of the Hill output', source: 0, where: figures, bound: within },
    constants: {
      what: 'circuit: time constant, factor and threshold, relative error',
      source: 0,
      where: 'values of the parts',
      bound: { most: 1e-3 },
    },
    circuit: { what: 'circuit, H1: last of 10 peaks over the first', where: 'stated in words', bound: { most: 0.9 } },
    circuitRests: {
      what: 'circuit, H2: peak after rest over the first',
      source: 1,
      where: 'stated in words',
      bound: { least: 0.95, most: 1.0001 },
    },
    mean: { what: 'at a fixed input: mean of the stationary law', source: 10, where: law, bound: { least: 9.79, most: 10.21 } },
    variance: { what: 'and its variance', source: 5, where: law, bound: { least: 4.33, most: 5.67 } },
  },
  async run(lab) {
    const leaky = await lab.load('leaky.amp')
    const threshold = await lab.load('threshold.amp')
    const saturating = await lab.load('saturating.amp')
    const wiped = await lab.load('dishabituation.amp')
    const over = (values: readonly number[], by = values[0] ?? 1): readonly number[] => values.map((v) => v / by)
    const slow = { param: { beta: 0.2 } }

    // x after the k-th pulse is Qp (1 - q^k) / (1 - q).
    const q = Math.exp(-0.1)
    const step = (0.5 * 10 * (1 - Math.exp(-0.1 * WIDTH))) / 0.1
    const ten = train(10)
    const memory = (pulses: Pulses, options = {}): readonly number[] => {
      const [one] = lab.simulate(leaky, { input: { u: signal(pulses) } }, { until: 12, interval: 0.5, report: ['x'], ...options })
      return [...(one?.recording.traces[0]?.values ?? [])]
    }
    const rows = memory(ten)
    const [shown] = lab.simulate(leaky, { input: { u: signal(ten) } }, { until: 10, interval: 1, report: ['x'] })
    const ends = Array.from(
      { length: 10 },
      (_, k) => shown?.recording.traces[0]?.values[shown.recording.time.findLastIndex((t) => Math.abs(t - k - 1) < 1e-9)] ?? Number.NaN,
    )
    const formula = ends.map((_, k) => (step * (1 - q ** (k + 1))) / (1 - q))
    // Two stimuli at one time and apart: pulses of odd and of even numbers, all with the rows of both.
    const [odd, even] = [0, 1].map((r) => ({ ...ten, onsets: ten.onsets.filter((_, k) => k % 2 === r) }))
    const alone = [odd, even].map((pulses) => {
      const { onsets } = pulses as Pulses
      const all = signal(ten)
      const values = all.time.map((t, i) => (onsets.some((o) => Math.abs(o - t) < 1e-9) ? (all.values[i] as number) : 0))
      const [one] = lab.simulate(leaky, { input: { u: { time: all.time, values } } }, { until: 12, interval: 0.5, report: ['x'] })
      return [...(one?.recording.traces[0]?.values ?? [])]
    })

    const decrement = over(peaks(lab, leaky, ten, 'hill'), 10)
    const rested = over(peaks(lab, leaky, together(train(20), train(1, { from: 50 })), 'hill'), 10).slice(-2)
    const [first, ...series] = [0, 1, 2].map((s) =>
      peaks(lab, threshold, together(...[0, 1, 2].slice(0, s + 1).map((k) => train(15, { from: 30 * k }))), 'response').slice(-15),
    )
    const all = [first ?? [], ...series]
    const counts = all.map((p) => p.findIndex((v) => v < 5))
    const hillSeries = peaks(lab, leaky, together(train(15), train(15, { from: 30 })), 'hill')
    const periods = [1, 2, 5]
    const steady = periods.map((period) => (peaks(lab, leaky, train(200, { period }), 'hill', slow).at(-1) ?? Number.NaN) / 10)
    const hill = (x: number): number => 1 / (1 + x * x)
    // The source looks by pulses of the same train, so at whole periods.
    const recoveries = periods.map((period) => period * Math.ceil(recovery(lab, leaky, train(200, { period }), hill, 0.95, slow) / period))
    const heights = [10, 5, 1]
    const last = (values: readonly number[]): number => (values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN)
    const intensities = heights.map((height) => last(peaks(lab, saturating, train(100, { height }), 'response')))
    const untold = heights.map((height) => last(peaks(lab, leaky, train(100, { height }), 'hill', { param: { alpha: 0.2, beta: 4 } })))
    const beyond = { param: { beta: 4 } }
    const numbers = [4, 8, 12, 16, 20, 30]
    const relu = (x: number): number => Math.max(0, 10 - x) / 10
    const waits = numbers.map((n) => recovery(lab, leaky, train(n), relu, 0.5, beyond))
    const silent = furthest(peaks(lab, leaky, train(30), 'rectified', beyond).slice(8), new Array(22).fill(0))
    const wiping = { v: { time: [0, 15, 15.9], values: [0, 1, 0] } }
    const wipedBy = (response: string): readonly number[] => peaks(lab, wiped, train(17), response, {}, wiping).slice(14)

    const circuit = await lab.load('circuit.amp')
    const [parts] = lab.simulate(circuit, { input: { u: 0 } }, { until: 0, report: ['factor', 'threshold'] })
    const constants = [0.0047 * 470, ...(parts?.recording.traces.map((t) => t.values[0] as number) ?? [])]
    const volts = peaks(lab, circuit, together(train(10, { height: 10 }), train(1, { from: 40, height: 10 })), 'response')

    const fixed = await lab.load('fixed_input.amp')
    const drawn = lab
      .simulate(fixed, {}, { until: 200, interval: 200, paths: 4000 })
      .map((t) => t.recording.traces[0]?.values.at(-1) as number)
    const mean: Estimate = estimate(drawn)
    const variance: Estimate = estimate(drawn.map((x) => (x - 10) ** 2))

    return {
      measured: {
        exact: furthestRelative(ends, formula),
        stepped: furthest(memory(ten, { integrator: 'explicit', accuracy: 1e-9 }), rows),
        superposed: furthest(
          (alone[0] ?? []).map((v, i) => v + (alone[1]?.[i] ?? Number.NaN)),
          rows,
        ),
        decrement: furthestRelative(decrement, expected.decrement),
        falls: decrement.filter((v, k) => k > 0 && v >= (decrement[k - 1] as number)).length,
        recovered: furthestRelative(rested, expected.recovered),
        series: furthest(counts, expected.counts),
        firsts: furthestRelative(
          all.map((p) => (p[0] ?? Number.NaN) / 10),
          expected.firsts,
        ),
        incomplete: (hillSeries[15] ?? Number.NaN) / 10,
        frequencies: furthestRelative(steady, expected.frequencies),
        slower: furthest(recoveries, expected.recoveries),
        intensities: furthestRelative(intensities, expected.intensities),
        reversed: (untold[0] ?? Number.NaN) - (untold[2] ?? Number.NaN),
        silent,
        waits: furthestRelative(waits, expected.waits),
        dishabituated: furthestRelative(wipedBy('rectified'), expected.rectified),
        dishabituatedHill: furthestRelative(over(wipedBy('hill'), 10), expected.hill),
        constants: furthestRelative(constants, [2.209, 0.9977, 0.631]),
        circuit: (volts[9] ?? Number.NaN) / (volts[0] ?? Number.NaN),
        circuitRests: (volts[10] ?? Number.NaN) / (volts[0] ?? Number.NaN),
        mean,
        variance,
      },
      figure: figureOf({
        frequencies: periods.map((period) => over(peaks(lab, leaky, train(30, { period }), 'hill', slow), 10)),
        strengths: heights.map((height) => over(peaks(lab, saturating, train(30, { height }), 'response'))),
        wiped: over(peaks(lab, wiped, train(25), 'hill', {}, wiping), 10),
      }),
    }
  },
})

function figureOf({
  frequencies,
  strengths,
  wiped,
}: Readonly<Record<'frequencies' | 'strengths', readonly (readonly number[])[]>> & { readonly wiped: readonly number[] }): Figure {
  const x = { label: 'pulse' }
  const y = { label: 'response / first response' }
  const line = (name: string, values: readonly number[]) => ({
    name,
    marks: 'line' as const,
    points: values.map((v, k) => ({ x: k + 1, y: v })),
  })
  return {
    title: 'Habituation by one leaky memory',
    panels: [
      { title: 'faster trains, deeper decrement', x, y, series: frequencies.map((v, i) => line(`period ${[1, 2, 5][i]}`, v)) },
      { title: 'weaker stimuli, deeper decrement', x, y, series: strengths.map((v, i) => line(`strength ${[10, 5, 1][i]}`, v)) },
      { title: 'another stimulus after pulse 15', x, y, series: [line('Hill output', wiped)] },
    ],
  }
}
