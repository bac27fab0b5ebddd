import type { Graph } from '../ir/graph.ts'
import type { AncestralProgram } from './ancestral-program.ts'
import type { EnergyAxis } from './energy-axis.ts'
import type { ValueType } from './model.ts'

/**
 * How to draw variables from exp(-E/T) with everything else held, E being of a known form in them: plain data. Graphs read the
 * values of what the variables depend on by their names, and `the temperature`.
 */
export type ConditionalDraw = FamilyDraw | GaussianDraw

/** One variable whose elements (or vectors, along its own axes) are independent draws of a family. */
export interface FamilyDraw {
  readonly kind: 'family'
  /** Its one draw. Where the output `NAME:positive` is not above 0 there is no density. */
  readonly program: AncestralProgram
  /** Axes made on the way. */
  readonly axes: readonly EnergyAxis[]
}

/**
 * Variables that are Gaussian together: with x all of them one after the other, E/T is x'Px / 2 - h'x up to what does not depend
 * on x. `graph` has h as `coefficient(NAME, 'linear')` for each, over its axes, and the blocks of P.
 */
export interface GaussianDraw {
  readonly kind: 'gaussian'
  readonly graph: Graph
  readonly variables: readonly GaussianVariable[]
  /** Of each pair of variables that meet one block, and one of each with itself. */
  readonly blocks: readonly PrecisionBlock[]
  readonly axes: readonly EnergyAxis[]
}

export interface GaussianVariable {
  readonly name: string
  readonly axes: readonly string[]
  readonly type: ValueType
}

/**
 * The part of P in the rows of one variable and the columns of another, or of the same: an output of which each number is
 * the entry at a place of the row's variable and one of the column's. An axis that stands for both is there once: all
 * entries between different places along it are 0.
 */
export interface PrecisionBlock {
  readonly port: string
  readonly row: string
  readonly column: string
  /** What the axes of the row's variable are called among those of the output, in its order; and those of the column's. */
  readonly rowAxes: readonly string[]
  readonly columnAxes: readonly string[]
}

/** The names of what is drawn. */
export function drawnBy(draw: ConditionalDraw): readonly string[] {
  return (draw.kind === 'family' ? draw.program.draws : draw.variables).map((v) => v.name)
}

/** What a draw is from, given everything else, in words. */
export function densityOf(draw: ConditionalDraw): string {
  if (draw.kind === 'gaussian') return 'Gaussian'
  const [drawn] = draw.program.draws
  return `${drawn?.truncated === true ? 'truncated ' : ''}${drawn?.family ?? ''}`
}
