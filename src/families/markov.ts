import { InternalError, must } from '../base/internal-error.ts'
import type { Stream } from '../base/random.ts'
import { elementAxis, ownAxis } from './formulas/axes.ts'
import type { Density } from './parts/density.ts'
import type { VectorDraw } from './parts/draw.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['move: transition'],
  support: { chain: 'levels' },
  over: 1,
  doc: 'a chain along an ordered axis, move[from, to]; first state uniform',
} as const satisfies WrittenSignature

/**
 * The sum over t of `log move[from = s[t - 1], to = s[t]]`. `from` is the axis that s ranges over, `to` the other axis that
 * only `move` has (each row of `move` over it sums to one).
 */
export const density: Density<typeof signature> = {
  source: 'the product of the moves; the first state uniform',
  logDensity: (m, s, [move], context) => {
    const { builder } = m
    const [t, from] = [ownAxis(context), elementAxis(context)]
    const to = must(context.own?.[0], 'the axis of the states after')
    const before = builder.shift(s, t, 1)
    const moved = builder.pick(builder.pick(m.log(move), from, before), to, s)
    const start = m.neg(m.log(builder.size(from)))
    return m.sum([t], m.where(m.less(m.k(0), builder.index(t)), moved, start))
  },
}

export const draw: VectorDraw<typeof signature> = {
  /** The first element uniform, each next by the row `move[before]`. */
  vector: (stream, [move], size, levels) => {
    if (move.length !== levels * levels) throw new InternalError(`a table of ${move.length} moves among ${levels} elements`)
    const out = new Float64Array(size)
    let at = stream.integer(levels)
    for (let t = 0; t < size; t += 1) {
      if (t > 0) at = choose(stream, move.subarray(at * levels, (at + 1) * levels))
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
