import type { Minimiser } from './blocks/minimiser.ts'
import { exact } from './flows/exact.ts'
import { fixedPoint } from './flows/fixed-point.ts'
import type { FirstSteps, Flow } from './flows/flow.ts'
import { gradientDescent } from './flows/gradient.ts'
import { gradientSteps } from './flows/gradient-steps.ts'
import { handover } from './flows/handover.ts'
import { langevin } from './flows/langevin.ts'
import { layers } from './flows/layers.ts'
import { mirror } from './flows/mirror.ts'
import { ode } from './flows/ode.ts'
import { overKinks } from './flows/over-kinks.ts'
import { proximal } from './flows/proximal.ts'
import { quasiNewton } from './flows/quasi-newton.ts'
import type { FlowSetting } from './geometry.ts'
import type { StateBlock } from './layout.ts'
import type { Resolved } from './options.ts'

/** Opens the exact steps that a program has, for what moves in a setting. */
export type Minimisers = (setting: FlowSetting) => readonly Minimiser[]

/** The flows that together move everything that may move, to be taken in turn. */
export function flowsFor(whole: FlowSetting, options: Resolved, minimisers: Minimisers): readonly Flow[] {
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
      minimisers,
    ),
  ]
}

/** How states go down: probabilities whose entropy is a part of the energy by steps of their own, the others together. */
function descents(setting: FlowSetting, options: Resolved, minimisers: Minimisers): readonly Flow[] {
  if (!setting.moves.includes(1)) return []
  const { flow, step } = options
  const steps = flow === 'exact' || (flow === 'auto' && step === undefined)
  const byMirror = steps || flow === 'fixed-point' ? setting.layout.blocks.filter((b) => b.state.mirror && moves(setting, b)) : []
  const kinked = (block: StateBlock): boolean => block.state.proximal?.kinked === true && moves(setting, block)
  const isProximal = (steps || flow === 'fixed-point') && setting.layout.blocks.some(kinked)
  const takes = (block: StateBlock): boolean => isProximal && block.state.proximal !== undefined
  const rest = only(setting, (block) => !byMirror.includes(block) && !takes(block))
  const together = only(setting, takes)
  const proximals = together.moves.includes(1) ? [proximal(together)] : []
  const mirrors = byMirror.map((block) =>
    mirror(
      only(setting, (b) => b === block),
      block,
    ),
  )
  const others = rest.moves.includes(1)
  if (!steps) return [...mirrors, ...proximals, ...(others ? [descent(rest, options)] : [])]
  if (proximals.length > 0 && mirrors.length === 0 && !others) return proximals
  const firsts = [...mirrors, ...(others ? firstSteps(rest, minimisers(rest), flow === 'exact') : [])]
  const remaining = proximals.length === 0 ? setting : only(setting, (block) => !takes(block))
  const smooth = firsts.every((first) => first.name === 'quasi-newton') ? [overKinks(remaining, quasiNewton)] : handover(remaining, firsts)
  return [...proximals, ...smooth]
}

/**
 * Block by block to the least energy over each, and the states of no block by fixed-point steps. Where these have no bound to
 * step by, or an exact step costs more than it saves, not at all unless `asked`: all states together go faster then.
 */
function firstSteps(setting: FlowSetting, blocks: readonly Minimiser[], asked: boolean): readonly FirstSteps[] {
  const exactly = new Set(blocks.flatMap((b) => b.states))
  const rest = only(setting, (block) => !exactly.has(block.state.name))
  const others = rest.moves.includes(1)
  const worthwhile = (!others || known(rest)) && blocks.every((b) => b.fits)
  if (!asked && !worthwhile) return [bySteps(setting)]
  return [...blocks.map((b) => exact(setting, b)), ...(others ? [bySteps(rest)] : [])]
}

/** Without a handover: fixed-point steps as far as the curvature is known. */
function bySteps(setting: FlowSetting): FirstSteps {
  return known(setting) ? fixedPoint(setting) : { name: 'quasi-newton', step: overKinks(setting, quasiNewton).step }
}

function descent(setting: FlowSetting, { flow, step }: Resolved): Flow {
  if (step !== undefined && (flow === 'auto' || flow === 'gradient')) return gradientSteps(setting, step)
  switch (flow) {
    case 'gradient':
      return overKinks(setting, (s) => gradientDescent(s, false))
    case 'fixed-point':
      return known(setting) ? fixedPoint(setting) : overKinks(setting, (s) => gradientDescent(s, true))
    default:
      return overKinks(setting, quasiNewton)
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
