import * as Plot from '@observablehq/plot'
import type { Bars } from '../layers.ts'
import type { Mark } from './mark.ts'

type Bar = Bars['bars'][number]

export const bars: Mark<Bars> = {
  draw: ({ bars }, fill) => [
    Plot.rectY([...bars], {
      x1: (b: Bar) => b.from,
      x2: (b: Bar) => b.to,
      y1: 0,
      y2: (b: Bar) => b.height,
      fill,
      fillOpacity: 0.35,
      stroke: fill,
      strokeWidth: 1,
      inset: 0,
    }),
  ],
  key: (_, c) => `<rect x="4" y="-6" width="18" height="12" fill="${c}" fill-opacity="0.35" stroke="${c}"/>`,
  rows: ({ name, bars }) => bars.map(({ from, to, height }) => ({ series: name, x: (from + to) / 2, y: height })),
}
