import * as Plot from '@observablehq/plot'
import { hypot } from '../../base/special/hypot.ts'
import type { MarkPlace, Paths } from '../layers.ts'
import { at, type Mark } from './mark.ts'

export const paths: Mark<Paths> = {
  draw({ paths }, stroke) {
    const halves = paths.map(halved)
    const line = (way: readonly MarkPlace[], more: object): Plot.Markish =>
      Plot.line([...way], { ...at, stroke, strokeWidth: 1.5, curve: 'linear', clip: true, ...more })
    return [
      ...halves.flatMap(([first, second]) => [line(first, { markerEnd: 'arrow' }), line(second, {})]),
      Plot.dot(
        paths.flatMap((way) => way.slice(0, 1)),
        { ...at, r: 2.5, fill: stroke, clip: true },
      ),
    ]
  },
  key: (_, colour) =>
    `<line x1="0" x2="26" y1="0" y2="0" stroke="${colour}" stroke-width="1.5"/><path d="M11,-4L17,0L11,4" fill="none" stroke="${colour}" stroke-width="1.5"/><circle cx="0" cy="0" r="2.5" fill="${colour}"/>`,
  rows: ({ name, paths }) => paths.flatMap((way, k) => way.map((p, step) => ({ series: `${name} ${k + 1}`, x: p.x, y: p.y, value: step }))),
}

/** A way cut in the middle of its length. */
function halved(way: readonly MarkPlace[]): readonly [readonly MarkPlace[], readonly MarkPlace[]] {
  const length = (k: number): number =>
    hypot((way[k + 1] as MarkPlace).x - (way[k] as MarkPlace).x, (way[k + 1] as MarkPlace).y - (way[k] as MarkPlace).y)
  const steps = way.slice(1).map((_, k) => length(k))
  let left = steps.reduce((a, b) => a + b, 0) / 2
  for (const [k, step] of steps.entries()) {
    if (step >= left && step > 0) {
      const [a, b] = [way[k] as MarkPlace, way[k + 1] as MarkPlace]
      const share = left / step
      const middle = { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }
      return [
        [...way.slice(0, k + 1), middle],
        [middle, ...way.slice(k + 1)],
      ]
    }
    left -= step
  }
  return [way, []]
}
