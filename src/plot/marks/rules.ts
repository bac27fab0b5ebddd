import * as Plot from '@observablehq/plot'
import type { Rules } from '../layers.ts'
import type { Mark } from './mark.ts'

export const rules: Mark<Rules> = {
  draw: ({ across, places }, stroke) => [
    (across === 'x' ? Plot.ruleX : Plot.ruleY)([...places], { stroke, strokeWidth: 1.5, strokeDasharray: '4 3' }),
  ],
  key: (_, c) => `<line x1="0" x2="26" y1="0" y2="0" stroke="${c}" stroke-width="1.5" stroke-dasharray="4 3"/>`,
  rows: ({ name, across, places }) =>
    places.map((p) => ({ series: name, ...(across === 'x' ? { x: p, y: Number.NaN } : { x: Number.NaN, y: p }) })),
}
