import { pow } from '../../base/special/pow.ts'
import type { FlowSetting } from '../geometry.ts'
import type { StateBlock } from '../layout.ts'
import { blocked } from '../outcome.ts'
import { newPoint, rises, type StatePoint } from '../point.ts'
import { type FirstSteps, type Flow, moved, type Stride, settled } from './flow.ts'

/** The smallest part of the way that is tried. */
const SHORTEST = pow(2, -40)

/**
 * Mirror steps of one state of probabilities: towards `softmax(-dF/dq / c)` in logits, so far as does not raise the energy.
 * Sites that do not meet go at once. Those that do are tried at once as well, and where that raises the energy they go one
 * after the other: of an energy that is linear in each site, every one of these steps is a minimum.
 */
export function mirror(setting: FlowSetting, block: StateBlock): Flow & FirstSteps {
  const all = coordinatesOf(setting, block)
  const groups = groupsOf(setting, block)
  const spare = groups.length > 1 ? newPoint(setting.layout, setting.held, setting.grain) : undefined
  return {
    name: 'mirror',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      if (isThere(setting, here, all)) return settled
      // A bound on all sites at once is loose where they meet.
      const first = spare === undefined ? undefined : 1
      if (yield* walk(here, next, all, first, spare === undefined ? SHORTEST : 1)) return moved
      if (spare !== undefined && (yield* inTurn(setting, here, next, spare, groups))) return moved
      if (spare !== undefined && (yield* walk(here, next, all, undefined, SHORTEST))) return moved
      return blocked(next, 'No mirror step, however short, lowers the energy, though the gradient is not zero.')
    },
  }
}

/** One group after the other, each from where those before it left; whether any moved. */
function* inTurn(
  setting: FlowSetting,
  here: StatePoint,
  next: StatePoint,
  spare: StatePoint,
  groups: readonly Int32Array[],
): Generator<StatePoint, boolean, void> {
  let at = here
  for (const group of groups) {
    if (isThere(setting, at, group)) continue
    const to = at === next ? spare : next
    if (yield* walk(at, to, group, 1, SHORTEST)) at = to
  }
  if (at === spare) {
    next.x.set(spare.x)
    yield next
  }
  return at !== here
}

/**
 * Goes part of the way, half as far again and again until the energy does not rise; false where it does however short the way.
 * `part`: the first that is tried; what is safe, where it is not said.
 */
function* walk(
  here: StatePoint,
  next: StatePoint,
  coordinates: Int32Array,
  part: number | undefined,
  shortest: number,
): Generator<StatePoint, boolean, void> {
  for (let s = 1; s >= shortest; s /= 2) {
    next.x.set(here.x)
    for (const i of coordinates) {
      const way = s * (part ?? (here.reach[i] as number))
      const [from, to] = [here.x[i] as number, here.target[i] as number]
      next.x[i] = way === 1 ? to : from + way * (to - from)
    }
    yield next
    if (next.fault === undefined && !rises(here, next)) return true
  }
  return false
}

/** Whether the targets are as near as a step counts as still. */
function isThere({ tolerance }: FlowSetting, point: StatePoint, coordinates: Int32Array): boolean {
  for (const i of coordinates) {
    const [x, to] = [point.x[i] as number, point.target[i] as number]
    if (!(Math.abs(to - x) * (point.reach[i] as number) <= tolerance * (1 + Math.abs(x)))) return false
  }
  return true
}

/** The coordinates that may move. */
function coordinatesOf({ moves }: FlowSetting, { offset, length }: StateBlock): Int32Array {
  return Int32Array.from({ length }, (_, k) => offset + k).filter((i) => moves[i] === 1)
}

/** The coordinates that may move at once: those at one position along the axes that sites meet along. */
function groupsOf(setting: FlowSetting, block: StateBlock): readonly Int32Array[] {
  const { coordinateAxes, mirror } = block.state
  const turns = new Set(mirror?.turns ?? [])
  const groups = new Map<number, number[]>()
  for (const i of coordinatesOf(setting, block)) {
    let [rest, place, scale] = [i - block.offset, 0, 1]
    for (let a = coordinateAxes.length - 1; a >= 0; a -= 1) {
      const size = block.shape[a] as number
      if (turns.has(coordinateAxes[a] as string)) place += (rest % size) * scale
      if (turns.has(coordinateAxes[a] as string)) scale *= size
      rest = Math.floor(rest / size)
    }
    const group = groups.get(place)
    if (group === undefined) groups.set(place, [i])
    else group.push(i)
  }
  return [...groups.values()].map((group) => Int32Array.from(group))
}
