import { must } from '../../base/internal-error.ts'
import type { ReductionOp } from '../../ir/graph.ts'
import type { Tf, TfTensor } from './load.ts'

/** Sums of more terms than this are summed in blocks: TensorFlow.js adds one term after another in float32. */
const BLOCK = 512

type ReductionCall = (tf: Tf, x: TfTensor, positions: readonly number[]) => TfTensor

/** Reductions over the dimensions at `positions`. */
export const reductions: Readonly<Record<ReductionOp, ReductionCall>> = {
  sum: (tf, x, positions) => positions.toSorted((a, b) => b - a).reduce((y, at) => sumAlong(tf, y, at), x),
  prod: (tf, x, positions) => tf.prod(x, [...positions]),
  max_over: (tf, x, positions) => tf.max(x, [...positions]),
  min_over: (tf, x, positions) => tf.min(x, [...positions]),
  logsumexp: (tf, x, positions) => {
    const top = tf.max(x, [...positions], true)
    // Minus infinity less itself is not a number: where everything is impossible the sum is of zeros, and its log right.
    const base = tf.where(tf.isFinite(top), top, tf.zerosLike(top))
    const total = reductions.sum(tf, tf.exp(tf.sub(x, base)), positions)
    return tf.add(tf.log(total), tf.reshape(base, total.shape))
  },
}

function sumAlong(tf: Tf, x: TfTensor, at: number): TfTensor {
  const size = must(x.shape[at], 'dimension')
  if (size <= BLOCK) return tf.sum(x, at)
  const { blocks, length } = blocksOf(size)
  const whole = blocks * length === size ? x : padded(tf, x, at, blocks * length)
  const split = tf.reshape(whole, [...whole.shape.slice(0, at), blocks, length, ...whole.shape.slice(at + 1)])
  return sumAlong(tf, tf.sum(split, at + 1), at)
}

/** Blocks about as many as they are long, without a rest where that is possible. */
export function blocksOf(size: number): { readonly blocks: number; readonly length: number } {
  const root = Math.ceil(Math.sqrt(size))
  const longest = Math.min(BLOCK, root)
  for (let length = longest; length >= longest / 4; length -= 1) if (size % length === 0) return { blocks: size / length, length }
  return { blocks: Math.ceil(size / longest), length: longest }
}

/** With zeros after the end of one dimension. */
export function padded(tf: Tf, x: TfTensor, at: number, size: number): TfTensor {
  const more = size - must(x.shape[at], 'dimension')
  return tf.concat([x, tf.zeros(x.shape.map((n, i) => (i === at ? more : n)))], at)
}
