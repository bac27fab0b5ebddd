import { type Figure, furthest, type Lab, type Vector } from 'amp-lang/experiment'
import { changed, currents, type Design, exactFamily, excitation, inhibition, phi, randomFamily, rescaled, unitsRight } from './network.ts'

interface Ways {
  readonly ends: readonly Vector[]
  /** Of each trajectory its rates, row by row, and when. */
  readonly rows: readonly (readonly Vector[])[]
  readonly times: readonly number[]
  readonly least: number
  /** How far the energy rose on the way. */
  readonly rise: number
}

type Curve = Figure['panels'][number]['series'][number]

/** The flow of the rates itself: what it recalls, what it keeps, and what it never does. */
export async function trajectories(lab: Lab) {
  const model = await lab.load('firing_rate.amp')
  const random = lab.random('trajectories')
  let [least, rise] = [Number.POSITIVE_INFINITY, 0]
  const curves: Curve[] = []
  const follow = (design: Design, xi: readonly Vector[], x: readonly Vector[], until: number): Ways => {
    const found = waysOf(
      lab.simulate(
        model,
        { memory: { xi }, param: { ...design }, cue: { x } },
        { until, interval: until / 40, accuracy: 1e-9, report: ['x'] },
      ),
    )
    least = Math.min(least, found.least)
    rise = Math.max(rise, found.rise)
    return found
  }
  const share = (design: Design, { ends }: Ways, wanted: readonly Vector[]): number =>
    ends.filter((x, k) => unitsRight(design, x, wanted[k] as Vector) >= 0.99).length / ends.length

  lab.progress(0.7, 'stability along the flow')
  const exact = exactFamily(100)
  const designs = [inhibition, excitation].flatMap((d) => [d, { ...d, threshold: 0.8 }, { ...d, rho: 1 }])
  const asTheySay = designs.filter((design) => {
    const at = exact.map((xi) => rescaled(design, xi))
    const near = at.map((x) => x.map((v) => Math.min(1 - 1e-9, Math.max(1e-9, v * (1 + 1e-3 * random.normal())))))
    const gaps = follow(design, exact, near, 300).ends.map((x, k) => furthest(x, at[k] as Vector))
    return design.threshold === 0.2 && design.rho === 4.8 ? Math.max(...gaps) < 1e-5 : Math.min(...gaps) > 0.01
  }).length

  const size = lab.quick ? 200 : 500
  const loads = [0.05, 0.1, 0.15].map((load, k) => {
    lab.progress(0.75 + k / 20, `the flow at load ${load}`)
    const memories = randomFamily(random, load * size, size)
    const tried = memories.slice(0, lab.quick ? 4 : 10)
    const cues = tried.map((xi) => changed(random, xi, (0.3 * size) / 5, (0.3 * size) / 5))
    const ways = follow(inhibition, memories, bounded(cues), 40)
    const right = (row: number): number =>
      ways.rows.reduce((sum, x, c) => sum + unitsRight(inhibition, x[row] as Vector, tried[c] as Vector), 0) / tried.length
    const points = ways.times.flatMap((t, row) => (t <= 20 ? [{ x: t, y: 1 - right(row) }] : []))
    curves.push({ name: `${load * size} memories`, marks: 'line', points })
    return share(inhibition, ways, tried)
  })
  const tooMany = exact.map((xi) => changed(random, xi, 0, 24))
  const balanced = share(inhibition, follow(inhibition, exact, bounded(tooMany), 40), exact)
  const runaway = follow(excitation, exact, bounded(tooMany), 40).ends.flat()

  lab.progress(0.9, 'one equilibrium')
  // The same weights with a slope so small that the flow contracts.
  const rates = await lab.load('rates.amp')
  const slope = 0.5 / largest(inhibition)
  const W = exact[0]?.map((_, i) => currents(inhibition, exact, exact[0]?.map((_v, j) => (i === j ? 1 : 0)) ?? [])) ?? []
  const param = { T: 1 / (4 * slope), theta: inhibition.threshold + 1 / (2 * slope) }
  const gently = (x: readonly Vector[], u?: Vector): readonly Vector[] => {
    const options = { until: 60, interval: 60, accuracy: 1e-9, report: ['x'] }
    const found = waysOf(lab.simulate(rates, { data: { W }, param, cue: { x }, ...(u && { input: { u } }) }, options))
    least = Math.min(least, found.least)
    rise = Math.max(rise, found.rise)
    return found.ends
  }
  const starts = Array.from({ length: lab.quick ? 50 : 1000 }, () => W.map(() => random.uniform()))
  const ends = gently(starts)
  const spread = Math.max(...ends.map((x) => furthest(x, ends[0] as Vector)))
  const selected = exact.map((xi, k) => {
    const [end = []] = gently(
      [starts[k] as Vector],
      xi.map((v) => (v === 1 ? 2 : -2)),
    )
    const middle = (Math.max(...end) + Math.min(...end)) / 2
    return xi.filter((v, i) => (v === 1) === (end[i] as number) > middle).length / xi.length
  })
  const net = W.map((row) => row.reduce((a, b) => a + b, 0))
  return {
    asTheySay,
    flowFew: loads[0] as number,
    flowMany: loads[2] as number,
    flowBalanced: balanced,
    flowRunaway: runaway.reduce((a, b) => a + b, 0) / runaway.length,
    contraction: slope * largest(inhibition),
    balance: furthest(
      net,
      net.map(() => gammaOf(inhibition)),
    ),
    spread,
    selected: Math.min(...selected),
    positive: least,
    flowRise: rise,
    figure: figureOf(size, curves),
  }
}

function alphaOf(design: Design): number {
  const { on, off } = design
  return (on - off) / (phi(design, on) - phi(design, off))
}

function gammaOf(design: Design): number {
  const { activity: q, on, off } = design
  return (q * on + (1 - q) * off) / (q * phi(design, on) + (1 - q) * phi(design, off))
}

/** The larger of the two eigenvalues that the exact family's W has besides 0. */
const largest = (design: Design): number => Math.max(alphaOf(design), gammaOf(design))

/** Rates are inside (0, 1). */
const bounded = (cues: readonly Vector[]): readonly Vector[] => cues.map((x) => x.map((v) => (v === 1 ? 1 - 1e-6 : 1e-6)))

function waysOf(found: ReturnType<Lab['simulate']>): Ways {
  let least = Number.POSITIVE_INFINITY
  const rows = found.map(({ recording }) => {
    const x = recording.traces.find((t) => t.name === 'x')
    if (x === undefined) return []
    least = x.values.reduce((m, v) => Math.min(m, v), least)
    return Array.from(recording.time, (_, r) => Array.from(x.values.subarray(r * x.width, (r + 1) * x.width)))
  })
  const times = Array.from(found[0]?.recording.time ?? [])
  return { ends: rows.map((x) => x.at(-1) ?? []), rows, times, least, rise: Math.max(...found.map((t) => t.rise?.by ?? 0)) }
}

function figureOf(size: number, series: readonly Curve[]): Figure {
  const panel = {
    title: `${size} neurons, 30 % of the active ones exchanged`,
    x: { label: 'time' },
    y: { label: 'share of neurons that are wrong' },
    series,
  }
  return { title: 'Recall along the flow of the rates', panels: [panel] }
}
