import { InternalError, must } from '../../base/internal-error.ts'
import { volume } from '../../base/tensor.ts'

/** Draws of named quantities from several chains, as plain data. */
export interface Draws {
  readonly variables: readonly DrawnVariable[]
  /** One name a column in Stan's style, numbered from 1: `mu`, `theta[1]`, `x[2,3]`; row-major within a variable. */
  readonly names: readonly string[]
  readonly chains: readonly ChainDraws[]
}

export interface DrawnVariable {
  readonly name: string
  readonly axes: readonly string[]
  /** One size an axis. */
  readonly shape: readonly number[]
}

export interface ChainDraws {
  readonly chain: number
  readonly count: number
  /** [draw, name], row-major. Elements of an axis are numbered from 1. */
  readonly values: Float64Array
  /** Names of the sampler's own numbers, and [draw, column] of them. */
  readonly columns: readonly string[]
  readonly statistics: Float64Array
}

/** The columns' names of one variable, row-major. */
export function columnNames(name: string, shape: readonly number[]): string[] {
  return indices(shape).map((at) => (at.length === 0 ? name : `${name}[${at.map((i) => i + 1).join(',')}]`))
}

/** All places of a shape, from 0, row-major. */
export function indices(shape: readonly number[]): number[][] {
  return Array.from({ length: volume(shape) }, (_, flat) => {
    const at: number[] = []
    let rest = flat
    for (let a = shape.length - 1; a >= 0; a -= 1) {
      at.unshift(rest % (shape[a] as number))
      rest = Math.floor(rest / (shape[a] as number))
    }
    return at
  })
}

/** One quantity's draws, a series a chain. */
export function series(draws: Draws, name: string): Float64Array[] {
  const at = draws.names.indexOf(name)
  if (at < 0) throw new InternalError(`no draws of ${name}`)
  return seriesAt(draws, at)
}

/** The same by its place among the names. */
export function seriesAt(draws: Draws, at: number): Float64Array[] {
  return draws.chains.map((c) => column(c.values, draws.names.length, at, c.count))
}

/** One of the sampler's numbers, a series a chain; undefined when the sampler does not report it. */
export function statistic(draws: Draws, name: string): Float64Array[] | undefined {
  const at = draws.chains.map((c) => c.columns.indexOf(name))
  if (at.length === 0 || at.some((i) => i < 0)) return undefined
  return draws.chains.map((c, i) => column(c.statistics, c.columns.length, must(at[i], 'column'), c.count))
}

function column(rows: Float64Array, width: number, at: number, count: number): Float64Array {
  const out = new Float64Array(count)
  for (let d = 0; d < count; d += 1) out[d] = rows[d * width + at] as number
  return out
}
