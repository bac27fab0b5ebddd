import { exp } from '../../base/special/exponential.ts'
import { type FlowSetting, retract } from '../geometry.ts'
import { blockAt, isLogarithm } from '../layout.ts'
import { blocked, outcome, shown } from '../outcome.ts'
import { rounding, type StatePoint } from '../point.ts'
import { moved, type Stride, settled } from './flow.ts'

/** How many coordinates are tried. */
const TRIED = 8
/** A logarithm this large that still slopes has left the scale of any data: e^18 is 6e7. */
const FAR = 18

/**
 * Before a place counts as at rest by an estimated metric: a metric learned in a narrow valley can make every step look
 * tiny while a coordinate of the valley floor still slopes. The coordinates with the largest slopes are moved one by
 * one, from a tenth down to the tolerance. If that lowers the energy, `next` is the lower place; and where it goes down
 * as steeply as before along the logarithm of a value that is all but gone, the energy has no bottom that double
 * precision could reach (the scale of a centred hierarchy that collapses).
 * Where it rises in proportion instead there is a kink (as a Laplace prior has), and no metric can be trusted.
 * Slopes below sqrt(tolerance), relative to coordinate and energy, are believed.
 */
export function* checkCoordinates(
  setting: FlowSetting,
  here: StatePoint,
  next: StatePoint,
  flat: Float64Array,
): Generator<StatePoint, Stride, void> {
  for (const i of suspects(setting, here, flat)) {
    const unit = 1 + Math.abs(here.x[i] as number)
    const rises: number[] = []
    for (let size = 0.1; size > setting.tolerance; size /= 10) {
      next.x.set(here.x)
      next.x[i] = (here.x[i] as number) - Math.sign(flat[i] as number) * size * unit
      retract(setting, here, next.x)
      yield next
      const fall = here.energy - next.energy
      if (next.fault === undefined && fall > 4 * Math.max(rounding(here), rounding(next))) {
        return bottomless(setting, here, i, flat, fall / (size * unit)) ?? moved
      }
      if (next.fault === undefined && -fall > 100 * rounding(next)) rises.push(-fall)
    }
    if (isKink(rises)) return blocked(next, kinkAt(setting, i, flat[i] as number))
  }
  return settled
}

/** Up a smooth wall a tenth of the way is a hundredth of the rise; up from a kink it is a tenth. */
function isKink(rises: readonly number[]): boolean {
  const [last, before] = [rises.at(-1), rises.at(-2)]
  return last !== undefined && before !== undefined && before / last < 30
}

function kinkAt(setting: FlowSetting, i: number, slopes: number): string {
  const { state, offset } = blockAt(setting.layout, i)
  const where = state.coordinateAxes.length === 0 ? state.name : `element ${i - offset + 1} of ${state.name}`
  return `The energy has a kink in ${where} (a slope of ${shown(slopes)} on one side, uphill on the other), where gradients do not show which way is down.`
}

function bottomless(setting: FlowSetting, here: StatePoint, i: number, flat: Float64Array, rate: number): Stride | undefined {
  const { state } = blockAt(setting.layout, i)
  const x = here.x[i] as number
  if (!isLogarithm(state) || Math.abs(x) < FAR || rate < Math.abs(flat[i] as number) / 2) return undefined
  const sentence = `The energy falls without bound along ${state.name}: by ${shown(rate)} nats for every factor e, at a value of about ${shown(exp(x))}.`
  return { kind: 'ended', outcome: outcome('unbounded', sentence) }
}

function suspects(setting: FlowSetting, here: StatePoint, flat: Float64Array): readonly number[] {
  const weight = (i: number): number => Math.abs(flat[i] as number) * (1 + Math.abs(here.x[i] as number))
  const bar = Math.sqrt(setting.tolerance) * Math.max(1, here.scale)
  const found: number[] = []
  for (let i = 0; i < flat.length; i += 1) if (weight(i) > bar) found.push(i)
  return found.sort((a, b) => weight(b) - weight(a)).slice(0, TRIED)
}
