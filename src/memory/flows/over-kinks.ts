import type { FlowSetting } from '../geometry.ts'
import type { StatePoint } from '../point.ts'
import { type Flow, moved, type Stride } from './flow.ts'
import { atKink } from './kink.ts'

/** After so many steps, coordinates that went to and fro about 0 meanwhile are tried at 0. */
const WATCH = 10

/**
 * A flow made for smooth energies on one that has kinks: where it stops, the place is moved onto the kinks beside it, their
 * coordinates stay there while the others move on, and 0 has to be among the subgradients in the end.
 */
export function overKinks(setting: FlowSetting, make: (setting: FlowSetting) => Flow): Flow {
  let pinned: readonly number[] = []
  /** Coordinates that lay at 0 without a kink there: they are not tried at 0 again. */
  const smooth = new Set<number>()
  let inner = make(setting)
  const crossings = new Map<number, number>()
  let watched = 0

  function pin(to: readonly number[]): void {
    pinned = to
    const moves = setting.moves.slice()
    for (const i of to) moves[i] = 0
    inner = make({ ...setting, moves })
    forget()
  }

  function forget(): void {
    crossings.clear()
    watched = 0
  }

  /** Whether it was lower to put at 0 what keeps crossing it, as the coordinates of a sparse solution do. */
  function* settleAtZero(here: StatePoint, next: StatePoint): Generator<StatePoint, boolean, void> {
    if (watched < WATCH) return false
    const zeros = [...crossings].filter(([i, times]) => times > 1 && !smooth.has(i)).map(([i]) => i)
    forget()
    if (zeros.length === 0) return false
    next.x.set(here.x)
    for (const i of zeros) next.x[i] = 0
    yield next
    if (next.fault !== undefined || !(next.energy < here.energy)) return false
    pin([...pinned, ...zeros])
    return true
  }

  function watch(here: StatePoint, next: StatePoint): void {
    watched += 1
    for (let i = 0; i < here.x.length; i += 1) {
      if ((here.x[i] as number) * (next.x[i] as number) < 0) crossings.set(i, (crossings.get(i) ?? 0) + 1)
    }
  }

  return {
    get name() {
      return inner.name
    },
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      if (yield* settleAtZero(here, next)) return moved
      const stride = yield* inner.step(here, next)
      if (stride.kind === 'moved') watch(here, next)
      const stopped = stride.kind === 'settled' ? pinned.length > 0 : stride.kind === 'ended' && stride.outcome.kind === 'stuck'
      if (!stopped) return stride
      const verdict = yield* atKink(setting, here, next, pinned)
      if (verdict.kind === 'no kink') {
        const released = pinned.filter((i) => !smooth.has(i))
        if (released.length === 0) return stride
        for (const i of released) smooth.add(i)
        pin([])
        return yield* inner.step(here, next)
      }
      if (verdict.kind === 'at rest') return { kind: 'settled', kink: verdict.kink }
      pin(verdict.pinned)
      return moved
    },
  }
}
