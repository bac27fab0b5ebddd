import * as Plot from '@observablehq/plot'
import type { Intervals } from '../layers.ts'
import { colours } from '../theme.ts'
import type { Mark } from './mark.ts'

type One = Intervals['intervals'][number]

export const intervals: Mark<Intervals> = {
  draw: ({ intervals }, stroke) => [
    Plot.ruleY([...intervals], { x1: (i: One) => i.from, x2: (i: One) => i.to, y: (i: One) => i.y, stroke, strokeWidth: 2 }),
    Plot.dot([...intervals], { x: (i: One) => i.middle, y: (i: One) => i.y, r: 4, fill: stroke, stroke: colours.paper }),
  ],
  key: (_, c) => `<line x1="0" x2="26" y1="0" y2="0" stroke="${c}" stroke-width="2"/><circle cx="13" cy="0" r="4" fill="${c}"/>`,
  rows: ({ name, intervals }) =>
    intervals.flatMap(({ from, to, middle, y }) => [
      { series: `${name}: from`, x: from, y },
      { series: `${name}: middle`, x: middle, y },
      { series: `${name}: to`, x: to, y },
    ]),
}
