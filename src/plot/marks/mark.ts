import type * as Plot from '@observablehq/plot'
import type { MarkPlace } from '../layers.ts'

/** What there is to know of a kind of mark. */
export interface Mark<T> {
  /** From back to front, in the colour of its series. */
  draw(layer: T, colour: string): readonly Plot.Markish[]
  /** What the legend shows: SVG of 26 pixels around y = 0; undefined: not in the legend. */
  key(layer: T, colour: string): string | undefined
  rows(layer: T): readonly FigureRow[]
}

export const at = { x: (p: MarkPlace): number => p.x, y: (p: MarkPlace): number => p.y }

/** A row of the figure's data: `value` is what a mark has beside a place. */
export interface FigureRow {
  readonly series: string
  readonly x: number
  readonly y: number
  readonly error?: number
  readonly value?: number
}
