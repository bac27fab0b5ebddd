import { diagnostic, hasErrors } from '../../base/diagnostic.ts'
import type { Figure, FigurePoint, Panel, Series } from '../../plot/figure.ts'
import type { FigureLayer } from '../../plot/layers.ts'
import type { PlotKind } from '../commands/plot.ts'
import { table } from '../table.ts'
import { report } from '../terminal.ts'
import { type DrawnQuantity, type DrawnRun, drawnRun, notesOf, quality } from './run.ts'

/** A figure of draws: how many quantities it has room for, and its panels. */
interface DrawsFigure {
  readonly title: string
  readonly most: number
  readonly least?: number
  readonly columns: number
  panels(run: DrawnRun): readonly Panel[]
}

const SMALL = { width: 400, height: 240 }

const figures: Readonly<Record<'trace' | 'rank' | 'forest' | 'pair' | 'density', DrawsFigure>> = {
  trace: {
    title: 'Traces of the chains',
    most: 8,
    columns: 2,
    panels: ({ quantities, divergent }) =>
      quantities.map((q) => ({
        ...SMALL,
        title: quality(q),
        x: { label: 'draw' },
        y: { label: q.name },
        series: q.chains.map(
          (chain, c): Series => ({ name: `chain ${c + 1}`, marks: 'thin line', points: [...chain].map((y, d) => ({ x: d + 1, y })) }),
        ),
        layers: divergentAt(
          divergent.flatMap((chain) => chain.flatMap((isDivergent, d) => (isDivergent ? [{ x: d + 1, y: leastOf(q) }] : []))),
          4,
        ),
      })),
  },
  rank: {
    title: 'Ranks of the draws of each chain among all',
    most: 8,
    columns: 2,
    panels: ({ quantities }) =>
      quantities.map((q) => {
        const counts = rankCounts(q.chains)
        const expected = (q.chains[0]?.length ?? 0) / BINS
        return {
          ...SMALL,
          title: quality(q),
          x: { label: `rank of ${q.name}` },
          y: { label: 'draws', domain: [0, Math.max(2 * expected, ...counts.flat().map((c) => 1.1 * c))] as const },
          series: counts.map(
            (bins, c): Series => ({ name: `chain ${c + 1}`, marks: 'line', points: steps(bins, q.chains.flatMap((x) => [...x]).length) }),
          ),
          layers: [{ mark: 'rules' as const, name: 'as expected', colour: 7, across: 'y' as const, places: [expected] }],
        }
      }),
  },
  forest: {
    title: 'Medians and 90 % intervals',
    most: 40,
    columns: 1,
    panels: ({ quantities }) => [
      {
        title: '',
        width: 640,
        height: 80 + 22 * quantities.length,
        x: { label: 'value' },
        y: {
          label: '',
          domain: [-quantities.length + 0.5, 0.5],
          ticks: quantities.map((q, k) => ({ at: -k, text: quality(q) })),
        },
        series: [],
        layers: [
          {
            mark: 'intervals',
            name: '5 to 95 %, median',
            colour: 0,
            intervals: quantities.map((q, k) => ({ from: q.q5, to: q.q95, middle: q.q50, y: -k })),
          },
        ],
      },
    ],
  },
  density: {
    title: 'Densities of the draws',
    most: 8,
    columns: 2,
    panels: ({ quantities }) =>
      quantities.map((q) => ({
        ...SMALL,
        title: quality(q),
        x: { label: q.name },
        y: { label: 'density' },
        series: [],
        layers: [
          { mark: 'bars', name: 'draws', colour: 0, bars: histogram(q) },
          { mark: 'rules', name: '5 and 95 %', colour: 1, across: 'x', places: [q.q5, q.q95] },
          { mark: 'rules', name: 'mean', colour: 2, across: 'x', places: [q.mean] },
        ],
      })),
  },
  pair: {
    title: 'Draws of pairs',
    most: 4,
    least: 2,
    columns: 3,
    panels: ({ quantities, divergent }) =>
      quantities.flatMap((b, k) =>
        quantities.slice(0, k).map((a): Panel => {
          const both = a.chains.flatMap((chain, c) =>
            [...chain].map((x, d) => ({ x, y: b.chains[c]?.[d] ?? Number.NaN, isDivergent: divergent[c]?.[d] === true })),
          )
          const points = (isDivergent: boolean): readonly FigurePoint[] =>
            both.filter((p) => p.isDivergent === isDivergent).map(({ x, y }) => ({ x, y }))
          return {
            title: '',
            width: 340,
            height: 300,
            x: { label: a.name },
            y: { label: b.name },
            series: [],
            layers: [{ mark: 'points', name: 'draws', colour: 0, symbol: 'speck', points: points(false) }, ...divergentAt(points(true), 1)],
          }
        }),
      ),
  },
}

export const drawsPlot =
  (kind: keyof typeof figures): PlotKind =>
  async ([file = '', ...more], options) => {
    const source = { name: file, text: '' }
    if (more.length > 0)
      return report(
        [diagnostic('AMP636', `A figure of draws is of one run; ${more.join(', ')} ${more.length === 1 ? 'is one' : 'are'} more.`, {})],
        source,
      )
    const { title, most, least = 1, columns, panels } = figures[kind]
    const { value: run, diagnostics } = drawnRun(file, options.quantities, most)
    const code = report(diagnostics, source)
    if (run === undefined || hasErrors(diagnostics)) return code
    if (run.quantities.length < least)
      return report(
        [diagnostic('AMP637', `${file} has one quantity to draw; a pair takes two.`, { hint: 'Name two: --quantities a,b' })],
        source,
      )
    const drawn = panels(run)
    const figure: Figure = { title, panels: drawn, columns: Math.min(columns, drawn.length), notes: notesOf(run) }
    const rows = run.quantities.map((q) => [q.name, q.mean, q.q5, q.q95, q.ess, q.rHat])
    return { figure, said: table(['', 'mean', 'q5', 'q95', 'ess_bulk', 'r_hat'], rows) }
  }

const leastOf = ({ chains }: DrawnQuantity): number =>
  chains.reduce((least, chain) => chain.reduce((a, b) => Math.min(a, b), least), Number.POSITIVE_INFINITY)

function divergentAt(points: readonly FigurePoint[], colour: number): readonly FigureLayer[] {
  return points.length === 0 ? [] : [{ mark: 'points', name: 'divergent', colour, symbol: 'tick', points }]
}

/** Bars of a histogram of ranks. */
const BINS = 20

/** How many draws of each chain have ranks in each of the bins; of equal draws the earlier chain's come first. */
function rankCounts(chains: readonly Float64Array[]): readonly (readonly number[])[] {
  const all = chains.flatMap((chain, c) => [...chain].map((value) => ({ value, c }))).sort((a, b) => a.value - b.value)
  const counts = chains.map(() => new Array<number>(BINS).fill(0))
  for (const [rank, { c }] of all.entries()) {
    const bins = counts[c] as number[]
    const bin = Math.floor((rank * BINS) / all.length)
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  return counts
}

function steps(bins: readonly number[], all: number): readonly FigurePoint[] {
  return bins.flatMap((y, k) => [
    { x: (k * all) / bins.length, y },
    { x: ((k + 1) * all) / bins.length, y },
  ])
}

/** The draws within their 0.5 and 99.5 % quantiles, as a density. */
function histogram({ chains }: DrawnQuantity): readonly { readonly from: number; readonly to: number; readonly height: number }[] {
  const all = chains
    .flatMap((c) => [...c])
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  const at = (share: number): number => all[Math.round(share * (all.length - 1))] ?? Number.NaN
  const [least, most] = [at(0.005), at(0.995)]
  if (!(most > least)) return []
  const count = 30
  const width = (most - least) / count
  const bars = Array.from({ length: count }, (_, k) => ({ from: least + k * width, to: least + (k + 1) * width, height: 0 }))
  for (const x of all) {
    const bar = bars[Math.min(count - 1, Math.floor((x - least) / width))]
    if (bar !== undefined && x >= least && x <= most) bar.height += 1 / (all.length * width)
  }
  return bars
}
