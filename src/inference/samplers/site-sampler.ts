import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { truncatedQuantile } from '../../families/numbers/truncated.ts'
import type { Draw, MatrixDraw, NumberDraw, VectorDraw } from '../../families/parts/draw.ts'
import { draws } from '../../families/tables/draws.ts'
import type { FamilyName } from '../../families/tables/signatures.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { AncestralProgram } from '../../middle/program.ts'
import { count } from '../density/program-density.ts'

/** The places of one draw in a variable's numbers. */
export interface Site {
  readonly start: number
  readonly stride: number
  readonly size: number
  /** For a matrix, of whose rows the above speaks. */
  readonly columns?: { readonly stride: number; readonly size: number }
}

/** Draws one site, given its arguments, into `out`. */
export type SiteSampler = (stream: Stream, args: readonly Float64Array[], out: Float64Array, site: Site) => void

/** Where the numbers of each site lie: one place for a scalar family, the places along its axes for a family over one or two. */
export function sitesOf({ axes, over }: Pick<AncestralProgram['draws'][number], 'axes' | 'over'>, sizes: Sizes): readonly Site[] {
  const along = (axis: string | undefined): { readonly size: number; readonly stride: number } | undefined => {
    const i = axis === undefined ? -1 : axes.indexOf(axis)
    return i < 0 ? undefined : { size: must(sizes[axes[i] as string], 'size'), stride: count(axes.slice(i + 1), sizes) }
  }
  const [first, second] = over.map(along)
  const own = { ...(first ?? { size: 1, stride: 1 }), ...(second === undefined ? {} : { columns: second }) }
  const starts = axes.reduce<readonly number[]>(
    (all, axis) => {
      const { size, stride } = must(along(axis), axis)
      return over.includes(axis) ? all : all.flatMap((s) => Array.from({ length: size }, (_, k) => s + k * stride))
    },
    [0],
  )
  return starts.map((start) => ({ start, ...own }))
}

/** `levels`: how many elements the draw chooses from, where it draws elements. */
export function siteSampler({ family, truncated, censored }: AncestralProgram['draws'][number], levels: number): SiteSampler {
  const draw: Draw = draws[family]
  if ('number' in draw) {
    const plain = truncated ? truncatedSampler(family) : numberSampler(draw)
    return censored ? censoredSampler(plain) : plain
  }
  if ('element' in draw) {
    return (stream, args, out, { start }) => {
      out[start] = draw.element(stream, args, levels)
    }
  }
  return 'matrix' in draw ? matrixSampler(draw) : vectorSampler(draw, levels)
}

function numberSampler(draw: NumberDraw): SiteSampler {
  const numbers: number[] = []
  return (stream, args, out, { start }) => {
    for (let i = 0; i < args.length; i += 1) numbers[i] = (args[i] as Float64Array)[0] as number
    out[start] = draw.number(stream, numbers)
  }
}

function vectorSampler(draw: VectorDraw, levels: number): SiteSampler {
  return (stream, args, out, { start, stride, size }) => {
    draw.vector(stream, args, size, levels).forEach((v, i) => {
      out[start + i * stride] = v
    })
  }
}

function matrixSampler(draw: MatrixDraw): SiteSampler {
  return (stream, args, out, { start, stride, size, columns }) => {
    const across = must(columns, 'columns of a matrix')
    draw.matrix(stream, args, size, across.size).forEach((v, i) => {
      out[start + Math.floor(i / across.size) * stride + (i % across.size) * across.stride] = v
    })
  }
}

/** The last two arguments are the range: the quantile of a uniform number. */
function truncatedSampler(family: FamilyName): SiteSampler {
  const quantile = truncatedQuantile(family)
  return (stream, args, out, { start }) => {
    const numbers = args.map((a) => a[0] as number)
    const [lower, upper] = numbers.slice(-2) as [number, number]
    out[start] = quantile(stream.uniform(), numbers.slice(0, -2), lower, upper)
  }
}

/** What lies beyond a limit is recorded as the limit. The last two arguments are the limits. */
function censoredSampler(sample: SiteSampler): SiteSampler {
  return (stream, args, out, site) => {
    const [least, most] = args.slice(-2).map((a) => a[0] as number) as [number, number]
    sample(stream, args.slice(0, -2), out, site)
    out[site.start] = Math.min(most, Math.max(least, out[site.start] as number))
  }
}
