import type { EnergyLandscape } from '../../api/landscape/landscape.ts'
import { pow } from '../../base/special/pow.ts'
import type { Figure } from '../../plot/figure.ts'
import type { FigureLayer } from '../../plot/layers.ts'
import { show } from '../table.ts'

/** The picture of a landscape: energy below, then samples, retrieval, what is stored, and points of rest. */
export function landscapeFigure(name: string, found: EnergyLandscape): Figure {
  const { plane, window, grid, memories, paths, samples, rests, temperature, notes } = found
  const [x, y] = window
  const place = ([u, v]: readonly [number, number]): { x: number; y: number } => ({ x: u, y: v })
  const levels = levelsOf(grid.energies)
  const points = (
    title: string,
    colour: number,
    symbol: 'speck' | 'star' | 'dot' | 'cross' | 'ring',
    at: readonly (readonly [number, number])[],
  ): readonly FigureLayer[] => (at.length === 0 ? [] : [{ mark: 'points', name: title, colour, symbol, points: at.map(place) }])
  const resting = (kind: string | undefined): readonly (readonly [number, number])[] =>
    rests.filter((r) => r.kind === kind).map((r) => r.at)
  const lowest = levels[0]
  const layers: readonly FigureLayer[] = [
    {
      mark: 'contour',
      name: lowest === undefined ? 'energy' : `energy: ${short(lowest)} to ${short(levels.at(-1) ?? lowest)} nats`,
      x: { from: x[0], to: x[1], count: grid.count },
      y: { from: y[0], to: y[1], count: grid.count },
      values: [...grid.energies],
      levels,
    },
    ...points(`samples of exp(-E${temperature === 1 ? '' : ` / ${show(temperature)}`})`, 3, 'speck', samples),
    ...(paths.length === 0 ? [] : [{ mark: 'paths' as const, name: 'retrieval', colour: 1, paths: paths.map((way) => way.map(place)) }]),
    ...points('stored patterns', 2, memories.length > MANY ? 'speck' : 'star', memories),
    ...points('minimum', 0, 'ring', resting('minimum')),
    ...points('saddle', 0, 'cross', resting('saddle')),
    ...points('maximum', 4, 'cross', resting('maximum')),
    ...points('point of rest', 7, 'ring', [...resting('flat'), ...resting(undefined)]),
  ]
  const [labelX, labelY] = plane.labels
  return {
    title: `Landscape of ${name}`,
    panels: [
      {
        title: '',
        x: { label: labelX, domain: x },
        y: { label: labelY, domain: y },
        series: [],
        layers,
        width: 620,
        height: 520,
      },
    ],
    notes,
  }
}

/** More patterns than this would hide each other as stars. */
const MANY = 40

/** Two digits, as for levels that are read off a picture. */
const short = (v: number): string => String(Number(v.toPrecision(2)))

/** Ten levels, the closer to each other the lower they are: wells show by them. What rises without end is left out. */
function levelsOf(energies: Float64Array): readonly number[] {
  const sorted = energies.filter(Number.isFinite).sort()
  const [least] = sorted
  if (least === undefined) return []
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number
  const most = Math.min(at(0.93), least + 3 * (at(0.5) - least))
  if (!(most > least)) return []
  return Array.from({ length: 10 }, (_, k) => least + (most - least) * pow((k + 1) / 10, 1.7))
}
