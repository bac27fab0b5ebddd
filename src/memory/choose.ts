import { fixedPoint } from './flows/fixed-point.ts'
import type { Flow } from './flows/flow.ts'
import { gradientDescent } from './flows/gradient.ts'
import { gradientSteps } from './flows/gradient-steps.ts'
import { handover, handoverTogether } from './flows/handover.ts'
import { langevin } from './flows/langevin.ts'
import { layers } from './flows/layers.ts'
import { mirror } from './flows/mirror.ts'
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
    ...descents(
      all((block) => !isNeuron(block)),
      options,
    ),
  ]
}

/** How states go down: probabilities whose entropy is a part of the energy by steps of their own, the others together. */
function descents(setting: FlowSetting, options: Resolved): readonly Flow[] {
  if (!setting.moves.includes(1)) return []
  const { flow, step } = options
  const mayMirror = flow === 'fixed-point' || (flow === 'auto' && step === undefined)
  const byMirror = mayMirror ? setting.layout.blocks.filter((b) => b.state.mirror && moves(setting, b)) : []
  if (byMirror.length === 0) return [descent(setting, options)]
  const rest = only(setting, (block) => !byMirror.includes(block))
  const mirrors = byMirror.map((block) =>
    mirror(
      only(setting, (b) => b === block),
      block,
    ),
  )
  const others = rest.moves.includes(1) ? [flow === 'auto' ? bySteps(rest) : descent(rest, options)] : []
  return flow === 'auto' ? handoverTogether(setting, [...mirrors, ...others]) : [...mirrors, ...others]
}

/** Without a handover: fixed-point steps as far as the curvature is known. */
function bySteps(setting: FlowSetting): Flow {
  return known(setting) ? fixedPoint(setting) : overKinks(setting, quasiNewton)
}

function descent(setting: FlowSetting, { flow, step }: Resolved): Flow {
  if (step !== undefined && (flow === 'auto' || flow === 'gradient')) return gradientSteps(setting, step)
  switch (flow) {
    case 'gradient':
      return overKinks(setting, (s) => gradientDescent(s, false))
    case 'quasi-newton':
      return overKinks(setting, quasiNewton)
    case 'fixed-point':
      return known(setting) ? fixedPoint(setting) : overKinks(setting, (s) => gradientDescent(s, true))
    default:
      return known(setting) ? handover(setting) : overKinks(setting, quasiNewton)
  }
}

/** Whether everything that moves has a majoriser. */
function known(setting: FlowSetting): boolean {
  return setting.layout.blocks.every((block) => block.state.curvature || !moves(setting, block))
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
