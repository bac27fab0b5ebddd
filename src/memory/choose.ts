import { fixedPoint } from './flows/fixed-point.ts'
import type { Flow } from './flows/flow.ts'
import { gradientDescent } from './flows/gradient.ts'
import { gradientSteps } from './flows/gradient-steps.ts'
import { handover } from './flows/handover.ts'
import { langevin } from './flows/langevin.ts'
import { layers } from './flows/layers.ts'
import { ode } from './flows/ode.ts'
import { overKinks } from './flows/over-kinks.ts'
import { quasiNewton } from './flows/quasi-newton.ts'
import type { FlowSetting } from './geometry.ts'
import type { StateBlock } from './layout.ts'
import type { Resolved } from './options.ts'

/** The flows that together move everything that may move, to be taken in turn. */
export function flowsFor(whole: FlowSetting, options: Resolved): readonly Flow[] {
  const all = (choose: (block: StateBlock) => boolean): FlowSetting => only(whole, choose)
  const present = (setting: FlowSetting, make: (setting: FlowSetting) => Flow): readonly Flow[] =>
    setting.moves.includes(1) ? [make(setting)] : []
  const time = { accuracy: options.accuracy, longest: options.longestStep, until: options.maxTime }
  const { noise, dt } = options
  if (noise !== undefined)
    return present(
      all(() => true),
      (setting) => langevin(setting, noise),
    )
  if (options.flow === 'ode')
    return present(
      all(() => true),
      (setting) => ode(setting, time),
    )
  const isNeuron = (block: StateBlock): boolean => block.state.move.kind === 'neuron'
  return [
    ...present(all(isNeuron), (setting) => (dt === undefined ? ode(setting, time) : layers(setting, dt))),
    ...present(
      all((block) => !isNeuron(block)),
      (setting) => descent(setting, options),
    ),
  ]
}

function descent(setting: FlowSetting, { flow, step }: Resolved): Flow {
  if (step !== undefined && (flow === 'auto' || flow === 'gradient')) return gradientSteps(setting, step)
  const known = setting.layout.blocks.every((block) => block.state.curvature || !moves(setting, block))
  switch (flow) {
    case 'gradient':
      return overKinks(setting, (s) => gradientDescent(s, false))
    case 'quasi-newton':
      return overKinks(setting, quasiNewton)
    case 'fixed-point':
      return known ? fixedPoint(setting) : overKinks(setting, (s) => gradientDescent(s, true))
    default:
      return known ? handover(setting) : overKinks(setting, quasiNewton)
  }
}

/** The setting of a flow that moves only some states. */
function only(whole: FlowSetting, choose: (block: StateBlock) => boolean): FlowSetting {
  const moves = new Uint8Array(whole.layout.length)
  for (const block of whole.layout.blocks) if (choose(block)) moves.fill(1, block.offset, block.offset + block.length)
  return { ...whole, moves: moves.map((m, i) => m & (whole.moves[i] as number)) }
}

function moves(setting: FlowSetting, block: StateBlock): boolean {
  return setting.moves.subarray(block.offset, block.offset + block.length).includes(1)
}
