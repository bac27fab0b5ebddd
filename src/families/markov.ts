import { InternalError, must } from '../base/internal-error.ts'
import type { Stream } from '../base/random.ts'
import type { NodeId } from '../ir/graph.ts'
import { elementAxis, ownAxis } from './formulas/axes.ts'
import type { Density } from './parts/density.ts'
import type { VectorDraw } from './parts/draw.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['move: transition', 'first: simplex'],
  optional: 1,
  support: { chain: 'levels' },
  over: 1,
  doc: 'a chain along an ordered axis, move[from, to], which may vary along it; first: the probabilities of the first state, uniform if left out',
} as const satisfies WrittenSignature

/**
 * `log first[s[1]]` and the sum over the later t of `log move[from = s[t - 1], to = s[t]]`, at t where move varies along the
 * chain (that of the first element is not used). `from` is the axis that s ranges over, `to` the other axis that only `move`
 * has (each row of `move` over it sums to one).
 */
export const density: Density<typeof signature> = {
  source: 'the product of the moves, and the probability of the first state',
  logDensity: (m, s, args, context) => {
    const { builder } = m
    const [move, first]: readonly (NodeId | undefined)[] = args
    const [t, from] = [ownAxis(context), elementAxis(context)]
    const to = must(context.own?.[0], 'the axis of the states after')
    const before = builder.shift(s, t, 1)
    const moved = builder.pick(builder.pick(m.log(must(move, 'moves')), from, before), to, s)
    const start = first === undefined ? m.neg(m.log(builder.size(from))) : builder.pick(m.log(first), from, s)
    return m.sum([t], m.where(m.less(m.k(0), builder.index(t)), moved, start))
  },
}

export const draw: VectorDraw<typeof signature> = {
  /** The first element by its probabilities (uniform without them), each next by the row `move[before]` at its place. */
  vector: (stream, args, size, levels) => {
    const [moves, first]: readonly (Float64Array | undefined)[] = args
    const move = must(moves, 'moves')
    const table = levels * levels
    if (move.length !== table && move.length !== size * table) {
      throw new InternalError(`tables of ${move.length} moves among ${levels} elements`)
    }
    const out = new Float64Array(size)
    let at = first === undefined ? stream.integer(levels) : choose(stream, first)
    for (let t = 0; t < size; t += 1) {
      const row = (move.length === table ? 0 : t * table) + at * levels
      if (t > 0) at = choose(stream, move.subarray(row, row + levels))
      out[t] = at
    }
    return out
  },
}

function choose(stream: Stream, weights: Float64Array): number {
  let left = stream.uniform() * weights.reduce((a, b) => a + b, 0)
  const k = weights.findIndex((w) => {
    left -= w
    return left < 0
  })
  return k < 0 ? weights.length - 1 : k
}

export const power: Power<typeof signature> = {
  never: 'the power of a chain moves by other rows at every step',
}
