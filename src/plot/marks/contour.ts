import * as Plot from '@observablehq/plot'
import type { Contour, GridAxis } from '../layers.ts'
import { colours, ramp } from '../theme.ts'
import type { Mark } from './mark.ts'

const place = ({ from, to, count }: GridAxis, k: number): number => (count < 2 ? from : from + ((to - from) * k) / (count - 1))

/** A contour is filled where its function is above a level, so that wells are filled last if they are turned upside down. */
export const contour: Mark<Contour> = {
  draw({ x, y, values, levels }) {
    const finite = values.filter(Number.isFinite)
    const bottom = -(finite.reduce((a, b) => Math.max(a, b), levels.at(-1) ?? 0) + 1)
    const turned = values.map((v) => (Number.isFinite(v) ? -v : bottom))
    const half = { x: (x.to - x.from) / (x.count - 1) / 2, y: (y.to - y.from) / (y.count - 1) / 2 }
    // A place of the grid is the middle of a pixel.
    const frame = { x1: x.from - half.x, x2: x.to + half.x, y1: y.from - half.y, y2: y.to + half.y }
    return levels
      .map((level, k) => ({ level, fill: ramp[Math.round((k * (ramp.length - 1)) / Math.max(1, levels.length - 1))] ?? '' }))
      .reverse()
      .map(({ level, fill }) =>
        Plot.contour(turned, {
          ...frame,
          width: x.count,
          height: y.count,
          interpolate: 'none',
          thresholds: [-level],
          fill,
          stroke: colours.frame,
          strokeWidth: 0.75,
          clip: true,
        }),
      )
  },
  key: ({ levels }) =>
    `<rect x="0" y="-6" width="13" height="12" fill="${ramp[0]}"/><rect x="13" y="-6" width="13" height="12" fill="${ramp[Math.min(5, levels.length)]}"/>`,
  rows: ({ name, x, y, values }) =>
    values.map((value, k) => ({ series: name, x: place(x, k % x.count), y: place(y, Math.floor(k / x.count)), value })),
}
