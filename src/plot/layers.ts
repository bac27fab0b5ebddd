/** A mark of a panel; how each is drawn is a file of `marks/`. `colour` counts in the palette, from 0. */
export type FigureLayer = Contour | Paths | Points | Intervals | Bars | Rules

export interface MarkPlace {
  readonly x: number
  readonly y: number
}

/** A function of x and y by its levels, the lowest filled darkest. */
export interface Contour {
  readonly mark: 'contour'
  readonly name: string
  readonly x: GridAxis
  readonly y: GridAxis
  /** A number for each place of the grid, x fastest; infinite, or no number, where there is none. */
  readonly values: readonly number[]
  /** Where a contour goes, rising. */
  readonly levels: readonly number[]
}

/** So many places, from the first to the last. */
export interface GridAxis {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Ways from a place to a place, each with an arrow half way. */
export interface Paths {
  readonly mark: 'paths'
  readonly name: string
  readonly colour: number
  readonly paths: readonly (readonly MarkPlace[])[]
}

/** Places, marked by a symbol. */
export interface Points {
  readonly mark: 'points'
  readonly name: string
  readonly colour: number
  /** For many: `speck`, small and half transparent, and `tick`, a small cross. */
  readonly symbol: 'dot' | 'ring' | 'cross' | 'tick' | 'diamond' | 'star' | 'speck'
  readonly points: readonly MarkPlace[]
}

/** Intervals along x, one above the other, each with its middle. */
export interface Intervals {
  readonly mark: 'intervals'
  readonly name: string
  readonly colour: number
  readonly intervals: readonly { readonly from: number; readonly to: number; readonly middle: number; readonly y: number }[]
}

/** Bars that stand on 0: a histogram. */
export interface Bars {
  readonly mark: 'bars'
  readonly name: string
  readonly colour: number
  readonly bars: readonly { readonly from: number; readonly to: number; readonly height: number }[]
}

/** Straight lines through all of the panel, at places of an axis. */
export interface Rules {
  readonly mark: 'rules'
  readonly name: string
  readonly colour: number
  readonly across: 'x' | 'y'
  readonly places: readonly number[]
}
