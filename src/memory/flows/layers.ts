import { pow } from '../../base/special/pow.ts'
import { type FlowSetting, retract } from '../geometry.ts'
import { neuronsOf, type StateBlock } from '../layout.ts'
import { blocked } from '../outcome.ts'
import { rises, type StatePoint } from '../point.ts'
import { type Flow, type Stride, settled } from './flow.ts'

/** The smallest part of a move that is tried. */
const SHORTEST = pow(2, -40)

/**
 * Steps of a fixed length `dt`, one layer of neurons after the other, the fastest first: v moves by min(1, dt/tau) of
 * its drive. A layer no slower than `dt` is thereby at rest before slower ones move; with dt = tau of the slowest layer
 * that is the discrete update (for a softmax layer: attention). Where the energy would rise the move is halved.
 */
export function layers(setting: FlowSetting, dt: number): Flow {
  const blocks = setting.layout.blocks.filter((block) => block.state.move.kind === 'neuron')
  const neuron = neuronsOf(setting.layout)
  return {
    name: 'layers',
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      if (atRest(setting, here, neuron)) return settled
      let from = here
      let to = next
      for (const block of fastestFirst(blocks, here)) {
        const stopped = yield* moveLayer(setting, block, dt, from, to)
        if (stopped !== undefined) return stopped
        const swap = from
        from = to
        to = swap
      }
      // The last layer's place is in `from`; the driver looks for it in `next`.
      if (from !== next) {
        next.x.set(from.x)
        yield next
      }
      return { kind: 'moved', time: dt }
    },
  }
}

function* moveLayer(
  setting: FlowSetting,
  block: StateBlock,
  dt: number,
  from: StatePoint,
  to: StatePoint,
): Generator<StatePoint, Stride | undefined, void> {
  for (let part = 1; part > SHORTEST; part /= 2) {
    to.x.set(from.x)
    for (let i = block.offset; i < block.offset + block.length; i += 1) {
      const share = part * Math.min(1, dt / (from.tau[i] as number))
      to.x[i] = (from.x[i] as number) - share * (from.gradient[i] as number)
    }
    retract(setting, from, to.x)
    yield to
    if (to.fault === undefined && !rises(from, to)) return undefined
  }
  return blocked(
    to,
    `The energy rises along the flow of ${block.state.name} however short the step: a Lagrangian that is not convex does that.`,
  )
}

function fastestFirst(blocks: readonly StateBlock[], here: StatePoint): readonly StateBlock[] {
  return blocks.toSorted((a, b) => (here.tau[a.offset] as number) - (here.tau[b.offset] as number))
}

function atRest(setting: FlowSetting, here: StatePoint, neuron: Uint8Array): boolean {
  return here.gradient.every(
    (g, i) => neuron[i] === 0 || setting.moves[i] === 0 || Math.abs(g) <= setting.tolerance * (1 + Math.abs(here.x[i] as number)),
  )
}
