import { InternalError, must } from '../base/internal-error.ts'
import type { Stream } from '../base/random.ts'
import type { FamilyRule, PendingFamily } from '../families/index.ts'
import type { FamilyName } from '../families/tables/signatures.ts'
import { truncatedQuantile } from '../families/truncated.ts'
import type { AncestralProgram } from '../middle/program.ts'

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

/** `levels`: how many elements the draw chooses from, where it draws an element. */
export function siteSampler(draw: AncestralProgram['draws'][number], rule: FamilyRule | PendingFamily, levels: number): SiteSampler {
  if (draw.family === 'markov') return chainSampler(levels)
  const { sample, sampleElement, sampleVector } = rule as FamilyRule
  if (sample !== undefined) {
    const plain = draw.truncated ? truncatedSampler(draw.family, rule as FamilyRule) : scalarSampler(sample)
    return draw.censored ? censoredSampler(plain) : plain
  }
  if (sampleElement !== undefined) {
    return (stream, args, out, { start }) => {
      out[start] = sampleElement(stream, args, levels)
    }
  }
  const { sampleMatrix } = rule as FamilyRule
  if (sampleMatrix !== undefined) return matrixSampler(sampleMatrix)
  const vector = must(sampleVector, `sampler of ${draw.family}`)
  return (stream, args, out, { start, stride, size }) => {
    vector(stream, args, size).forEach((v, i) => {
      out[start + i * stride] = v
    })
  }
}

function matrixSampler(sample: NonNullable<FamilyRule['sampleMatrix']>): SiteSampler {
  return (stream, args, out, { start, stride, size, columns }) => {
    const across = must(columns, 'columns of a matrix')
    sample(stream, args, size, across.size).forEach((v, i) => {
      out[start + Math.floor(i / across.size) * stride + (i % across.size) * across.stride] = v
    })
  }
}

function scalarSampler(sample: NonNullable<FamilyRule['sample']>): SiteSampler {
  return (stream, args, out, { start }) => {
    out[start] = sample(
      stream,
      args.map((a) => a[0] as number),
    )
  }
}

/** The last two arguments are the range: the quantile of a uniform number. */
function truncatedSampler(family: FamilyName, rule: FamilyRule): SiteSampler {
  const quantile = truncatedQuantile(family, rule)
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

/** The first element uniform, each next by the row `move[before]`. */
function chainSampler(levels: number): SiteSampler {
  return (stream, [move], out, { start, stride, size }) => {
    const table = must(move, 'moves')
    if (table.length !== levels * levels) throw new InternalError(`a table of ${table.length} moves among ${levels} elements`)
    let at = stream.integer(levels)
    for (let t = 0; t < size; t += 1) {
      if (t > 0) at = choose(table.subarray(at * levels, (at + 1) * levels), stream.uniform())
      out[start + t * stride] = at
    }
  }
}

function choose(weights: Float64Array, u: number): number {
  let left = u * weights.reduce((a, b) => a + b, 0)
  const k = weights.findIndex((w) => {
    left -= w
    return left < 0
  })
  return k < 0 ? weights.length - 1 : k
}
