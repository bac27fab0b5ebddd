import * as Plot from '@observablehq/plot'
import type { Points } from '../layers.ts'
import { colours } from '../theme.ts'
import { at, type Mark } from './mark.ts'

const drawn = {
  speck: (stroke: string) => ({ r: 1.6, fill: stroke, fillOpacity: 0.45 }),
  dot: (stroke: string) => ({ r: 5, fill: stroke, stroke: colours.paper, strokeWidth: 1.5 }),
  ring: (stroke: string) => ({ r: 4.5, stroke, strokeWidth: 2, fill: colours.paper }),
  cross: (stroke: string) => ({ r: 5, symbol: 'times' as const, stroke, strokeWidth: 2.5 }),
  tick: (stroke: string) => ({ r: 2.5, symbol: 'times' as const, stroke, strokeWidth: 1.25 }),
  diamond: (stroke: string) => ({ r: 6, symbol: 'diamond' as const, fill: stroke, stroke: colours.paper, strokeWidth: 1.5 }),
  star: (stroke: string) => ({ r: 8, symbol: 'star' as const, fill: stroke, stroke: colours.paper, strokeWidth: 1 }),
}

const keys: Readonly<Record<Points['symbol'], (c: string) => string>> = {
  speck: (c) =>
    [
      [5, -3],
      [11, 3],
      [14, -2],
      [20, 2],
    ]
      .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="1.8" fill="${c}"/>`)
      .join(''),
  dot: (c) => `<circle cx="13" cy="0" r="5" fill="${c}"/>`,
  ring: (c) => `<circle cx="13" cy="0" r="4.5" fill="${colours.paper}" stroke="${c}" stroke-width="2"/>`,
  cross: (c) => `<path d="M9,-4L17,4M17,-4L9,4" stroke="${c}" stroke-width="2.5"/>`,
  tick: (c) => `<path d="M10,-3L16,3M16,-3L10,3" stroke="${c}" stroke-width="1.25"/>`,
  diamond: (c) => `<path d="M13,-7L17,0L13,7L9,0Z" fill="${c}"/>`,
  star: (c) => `<path d="M13,-7L14.6,-2.2L19.7,-2.2L15.6,0.8L17.1,5.7L13,2.7L8.9,5.7L10.4,0.8L6.3,-2.2L11.4,-2.2Z" fill="${c}"/>`,
}

export const points: Mark<Points> = {
  draw: ({ symbol, points }, colour) => [Plot.dot([...points], { ...at, ...drawn[symbol](colour), clip: true })],
  key: ({ symbol }, colour) => keys[symbol](colour),
  rows: ({ name, points }) => points.map(({ x, y }) => ({ series: name, x, y })),
}
