import type { RetrievalState } from '../middle/program.ts'

/** Where E is a smooth part and kinks: the coordinates that have a kink of their own each, and those of each norm. */
export interface KnownKinks {
  readonly single: Int32Array
  readonly groups: readonly Int32Array[]
}

/** Where a state lies among all coordinates. */
interface KinkedBlock {
  readonly state: RetrievalState
  readonly offset: number
  readonly length: number
  readonly shape: readonly number[]
}

export function kinksOf(blocks: readonly KinkedBlock[]): KnownKinks {
  const kinked = blocks.filter((b) => b.state.proximal?.kinked)
  const alone = kinked.filter((b) => b.state.proximal?.along.length === 0)
  return {
    single: Int32Array.from(alone.flatMap((b) => Array.from({ length: b.length }, (_, k) => b.offset + k))),
    groups: kinked.filter((b) => !alone.includes(b)).flatMap((b) => groupsAlong(b, b.state.proximal?.along ?? [])),
  }
}

/** The coordinates of a state that differ in their position along these axes alone, together. */
function groupsAlong({ state, shape, offset, length }: KinkedBlock, along: readonly string[]): readonly Int32Array[] {
  const groups = new Map<number, number[]>()
  for (let k = 0; k < length; k += 1) {
    let [rest, place, scale] = [k, 0, 1]
    for (let a = shape.length - 1; a >= 0; a -= 1) {
      const size = shape[a] as number
      if (!along.includes(state.coordinateAxes[a] as string)) place += (rest % size) * scale
      scale *= size
      rest = Math.floor(rest / size)
    }
    const group = groups.get(place)
    if (group === undefined) groups.set(place, [offset + k])
    else group.push(offset + k)
  }
  return [...groups.values()].map((group) => Int32Array.from(group))
}
