import type { FigureLayer } from './layers.ts'

/** A figure as data: what is drawn, and what is written beside the drawing. */
export interface Figure {
  readonly title: string
  /** Drawn side by side, in so many columns (default: all in one row). */
  readonly panels: readonly Panel[]
  readonly columns?: number
  /** Sentences below the drawing. */
  readonly notes?: readonly string[]
}

export interface Panel {
  readonly title: string
  readonly x: FigureAxis
  readonly y: FigureAxis
  /** Lines and dots, drawn over the layers. */
  readonly series: readonly Series[]
  /** Other marks, from back to front. */
  readonly layers?: readonly FigureLayer[]
  /** Pixels of the plot with its axes; default 460 x 340. */
  readonly width?: number
  readonly height?: number
}

export interface FigureAxis {
  readonly label: string
  /** Default linear. */
  readonly scale?: 'linear' | 'log'
  /** From where to where; default: what there is. */
  readonly domain?: readonly [number, number]
  /** Words in the place of numbers: `at` is where each stands. */
  readonly ticks?: readonly { readonly at: number; readonly text: string }[]
}

export interface Series {
  readonly name: string
  readonly marks: 'line' | 'thin line' | 'dots' | 'line and dots' | 'dashes'
  readonly points: readonly FigurePoint[]
}

export interface FigurePoint {
  readonly x: number
  readonly y: number
  /** One standard error of y, drawn to both sides. */
  readonly error?: number
}
