import { must } from '../../base/internal-error.ts'
import type { Sizes } from '../../ir/graph.ts'
import { offsets, sizeOf, stridesOver, volumeOver } from '../../ir/layout.ts'
import type { Tf, TfTensor } from './load.ts'
import { blocksOf, padded } from './reductions.ts'

/** Running sums of more terms than this go block by block. */
const BLOCK = 256

/** The same numbers in the order of `to`, repeated along axes that `from` lacks. */
export function arranged(tf: Tf, x: TfTensor, from: readonly string[], to: readonly string[], sizes: Sizes): TfTensor {
  const present = to.filter((a) => from.includes(a))
  const turned = present.join() === from.join() ? x : transposed(tf, x, from, present, sizes)
  if (present.length === to.length) return turned
  const open = tf.reshape(
    turned,
    to.map((a) => (from.includes(a) ? sizeOf(a, sizes) : 1)),
  )
  return tf.add(open, tf.zeros(to.map((a) => sizeOf(a, sizes))))
}

/** Axes that stay neighbours move as one, so that few dimensions are left to transpose. */
export function transposed(tf: Tf, x: TfTensor, from: readonly string[], to: readonly string[], sizes: Sizes): TfTensor {
  const runs: string[][] = []
  for (const axis of from) {
    const last = runs.at(-1)
    if (last !== undefined && to.indexOf(axis) === to.indexOf(last.at(-1) as string) + 1) last.push(axis)
    else runs.push([axis])
  }
  const folded = tf.reshape(
    x,
    runs.map((run) => volumeOver(run, sizes)),
  )
  const order = runs.map((_, i) => i).sort((a, b) => to.indexOf(runs[a]?.[0] as string) - to.indexOf(runs[b]?.[0] as string))
  return tf.reshape(
    tf.transpose(folded, order),
    to.map((a) => sizeOf(a, sizes)),
  )
}

/** `out[i] = x[i - by]` along one dimension, 0 where that falls outside. */
export function shifted(tf: Tf, x: TfTensor, at: number, by: number): TfTensor {
  const size = must(x.shape[at], 'dimension')
  const gap = Math.min(Math.abs(by), size)
  const zeros = tf.zeros(x.shape.map((n, i) => (i === at ? gap : n)))
  if (gap === size) return zeros
  const begin = x.shape.map((_, i) => (i === at && by < 0 ? gap : 0))
  const kept = tf.slice(
    x,
    begin,
    x.shape.map((n, i) => (i === at ? n - gap : n)),
  )
  return tf.concat(by > 0 ? [zeros, kept] : [kept, zeros], at)
}

/** Running sums along one dimension: within blocks, then of the blocks' totals, so that float32 keeps its digits. */
export function runningSum(tf: Tf, x: TfTensor, at: number, reverse: boolean): TfTensor {
  const size = must(x.shape[at], 'dimension')
  const outer = x.shape.slice(0, at).reduce((n, s) => n * s, 1)
  const inner = x.shape.slice(at + 1).reduce((n, s) => n * s, 1)
  const flat = tf.reshape(tf.transpose(tf.reshape(x, [outer, size, inner]), [0, 2, 1]), [outer * inner, size])
  const sums = tf.transpose(tf.reshape(alongRows(tf, flat, size, reverse), [outer, inner, size]), [0, 2, 1])
  return tf.reshape(sums, x.shape)
}

function alongRows(tf: Tf, x: TfTensor, size: number, reverse: boolean): TfTensor {
  if (size <= BLOCK) return tf.cumsum(x, 1, false, reverse)
  const { blocks, length } = blocksOf(size)
  const rows = must(x.shape[0], 'rows')
  const within = tf.cumsum(tf.reshape(padded(tf, x, 1, blocks * length), [rows, blocks, length]), 2, false, reverse)
  const totals = tf.reshape(tf.slice(within, [0, 0, reverse ? 0 : length - 1], [rows, blocks, 1]), [rows, blocks])
  const before = tf.sub(alongRows(tf, totals, blocks, reverse), totals)
  const all = tf.reshape(tf.add(within, tf.reshape(before, [rows, blocks, 1])), [rows, blocks * length])
  return tf.slice(all, [0, 0], [rows, size])
}

export interface Picking {
  readonly from: readonly string[]
  readonly index: readonly string[]
  readonly axis: string
  readonly to: readonly string[]
}

/** `x` at `index` along an axis. The rule is made once, with the table of offsets that an index along shared axes takes. */
export function picker({ from, index, axis, to }: Picking, sizes: Sizes): (tf: Tf, x: TfTensor, at: TfTensor) => TfTensor {
  const shape = to.map((a) => sizeOf(a, sizes))
  const shared = from.some((a) => a !== axis && index.includes(a))
  if (!shared) return (tf, x, at) => tf.reshape(tf.gather(x, places(tf, at), from.indexOf(axis)), shape)
  const strides = new Map(stridesOver(from, sizes))
  const step = must(strides.get(axis), axis)
  strides.delete(axis)
  const base = offsets(to, sizes, strides)
  return (tf, x, at) => {
    const which = tf.reshape(arranged(tf, at, index, to, sizes), [-1])
    const flat = tf.add(tf.mul(places(tf, which), tf.scalar(step, 'int32')), tf.tensor1d(base, 'int32'))
    return tf.reshape(tf.gather(tf.reshape(x, [-1]), flat as never), shape)
  }
}

/** Whole numbers that float32 may have moved a little. */
function places(tf: Tf, x: TfTensor): never {
  return tf.cast(tf.floor(tf.add(tf.reshape(x, [-1]), 0.5)), 'int32') as never
}
