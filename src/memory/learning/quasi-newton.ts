import { quasiNewton } from '../flows/quasi-newton.ts'
import { dot, type FlowSetting } from '../geometry.ts'
import type { Layout } from '../layout.ts'
import { outcome, type RetrievalOutcome } from '../outcome.ts'
import { grains, newPoint, type StatePoint } from '../point.ts'

/** A loss as it lies below coordinates: writes the slope at `x`, and returns the loss. */
export type LossAt = (x: Float64Array, slope: Float64Array) => number

/** A step that was taken: the loss before it, and the length of the slope there. */
export interface Descended {
  readonly loss: number
  readonly norm: number
}

/**
 * The quasi-Newton steps of retrieval, over params instead of states. Yields after each step, `x` being where it led; returns how it
 * ended, `x` being the last place.
 */
export function* quasiNewtonDescent(
  layout: Layout,
  x: Float64Array,
  lossAt: LossAt,
  { tolerance }: Pick<FlowSetting, 'tolerance'>,
): Generator<Descended, RetrievalOutcome, void> {
  const held = new Uint8Array(layout.length)
  const setting: FlowSetting = { layout, moves: new Uint8Array(layout.length).fill(1), held, grain: grains.double, tolerance }
  const flow = quasiNewton(setting)
  let [here, next] = [newPoint(layout, held, grains.double), newPoint(layout, held, grains.double)]
  const look = (point: StatePoint): void => {
    point.energy = lossAt(point.x, point.gradient)
    point.scale = Math.abs(point.energy)
    point.fault = Number.isNaN(point.energy) || point.gradient.some(Number.isNaN) ? 'the loss or its slope is not a number' : undefined
  }
  here.x.set(x)
  look(here)
  for (;;) {
    if (here.fault !== undefined) return outcome('not finite', `At the start ${here.fault}.`)
    const walk = flow.step(here, next)
    let at = walk.next()
    for (; !at.done; at = walk.next()) look(at.value)
    const { value: stride } = at
    if (stride.kind !== 'moved') x.set(here.x)
    if (stride.kind === 'settled') return outcome('converged', 'No param would move any further.')
    if (stride.kind === 'ended') return stride.outcome
    x.set(next.x)
    yield { loss: here.energy, norm: Math.sqrt(dot(here.gradient, here.gradient)) }
    ;[here, next] = [next, here]
  }
}
