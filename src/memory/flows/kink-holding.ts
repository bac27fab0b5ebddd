import type { FlowSetting } from '../geometry.ts'
import { isOnKink } from '../kinked.ts'
import { blockAt } from '../layout.ts'
import { shown } from '../outcome.ts'
import type { StatePoint } from '../point.ts'

/** Says which kinks of those that are known hold coordinates, if any do. */
export function kinkHolding(setting: FlowSetting, here: StatePoint): string | undefined {
  const { kinks } = setting.layout
  const held = [...(kinks?.single ?? [])].filter((i) => setting.moves[i] === 1 && isOnKink(here, i))
  const groups = (kinks?.groups ?? []).filter((group) => group.every((i) => isOnKink(here, i)) && group.some((i) => setting.moves[i] === 1))
  const [first = groups[0]?.[0]] = held
  if (first === undefined) return undefined
  const { state, offset } = blockAt(setting.layout, first)
  const where = state.coordinateAxes.length === 0 ? state.name : `element ${first - offset + 1} of ${state.name}`
  const [g, w] = [here.smooth[first] as number, here.weight[first] as number]
  const slopes =
    held.length > 0 ? ` (slopes of ${shown(g - w)} and ${shown(g + w)} on its two sides)` : ` (a norm that is 0, of weight ${shown(w)})`
  const count = held.length + groups.length
  const more = count === 1 ? '' : ` and ${count - 1} more`
  return `at a kink in ${where}${slopes}${more}: 0 is among its subgradients`
}
