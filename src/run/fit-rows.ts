import type { Sizes } from '../ir/graph.ts'
import { sizeOf, volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { EnergyAxis } from '../middle/energy-axis.ts'

/** The sizes of axes that follow from those of others. */
const following: ReadonlySet<EnergyAxis['size']['kind']> = new Set(['same', 'less', 'pairs', 'product'])

/** Sizes in which these axes have others, and those that follow from them. */
export function withSizes(all: Sizes, axes: readonly EnergyAxis[], other: Sizes): Sizes {
  const follow = new Set(axes.filter(({ size }) => following.has(size.kind)).map((a) => a.name))
  return madeSizes(axes, { ...Object.fromEntries(Object.entries(all).filter(([name]) => !follow.has(name))), ...other })
}

/** Some rows of an array over `axes`, whose sizes are `all`, in one of the sizes `sizes`. */
interface GatheredRows {
  readonly axes: readonly string[]
  readonly row: string
  readonly rows: ArrayLike<number>
  readonly sizes: Sizes
  readonly all: Sizes
}

/** Copies the rows to the first of those that an array has place for. */
export function gather(from: Float64Array, to: Float64Array, gathered: GatheredRows): void {
  eachRow(gathered, (big, small, length) => to.set(from.subarray(big, big + length), small))
}

/** The other way round: the first rows of `from` to where they come from. */
export function scatterBack(from: Float64Array, to: Float64Array, gathered: GatheredRows): void {
  eachRow(gathered, (big, small, length) => to.set(from.subarray(small, small + length), big))
}

function eachRow({ axes, row, rows, sizes, all }: GatheredRows, visit: (big: number, small: number, length: number) => void): void {
  const at = axes.indexOf(row)
  const length = volumeOver(axes.slice(at + 1), sizes)
  const [capacity, count] = [sizeOf(row, sizes), sizeOf(row, all)]
  const outer = volumeOver(axes.slice(0, at), sizes)
  for (let o = 0; o < outer; o += 1)
    for (let i = 0; i < rows.length; i += 1) visit((o * count + (rows[i] as number)) * length, (o * capacity + i) * length, length)
}
