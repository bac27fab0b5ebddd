import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { MotionKind } from '../middle/option-row.ts'
import { defaults, type OptionsOf, optionsOf } from '../middle/options.ts'
import type { RetrievalProgram } from '../middle/program.ts'
import type { FitMethod } from '../run/fit.ts'
import { nameOf } from '../run/option-troubles.ts'
import type { RunRetrieveOptions } from '../run/retrieval.ts'

/** AMP727 for each option that was given, is not its default, and that nothing in this retrieval looks at. */
export function idleOptions(program: RetrievalProgram, options: RunRetrieveOptions): readonly Diagnostic[] {
  const given = options as Readonly<Record<string, unknown>>
  const motion = motionOf(program, options)
  return optionsOf('retrieve').flatMap(([name, row]) => {
    if (row.for === undefined || given[name] === undefined || ('default' in row && given[name] === row.default)) return []
    const why = absence[row.for](motion)
    return why === undefined ? [] : [diagnostic('AMP727', `The option ${nameOf(name, row)} has no effect: ${why}.`)]
  })
}

/** The same of a fit, by its method. */
export function idleFitOptions(method: FitMethod, options: OptionsOf<'fit'>): readonly Diagnostic[] {
  const given = options as Readonly<Record<string, unknown>>
  return optionsOf('fit').flatMap(([name, row]) => {
    const isIdle = row.methods !== undefined && !row.methods.includes(method) && given[name] !== undefined
    if (!isIdle || ('default' in row && given[name] === row.default)) return []
    return [diagnostic('AMP727', `The option ${nameOf(name, row)} has no effect: the method is ${method}.`)]
  })
}

/** The same of draws, by their sampler. */
export function idleSampleOptions(options: OptionsOf<'sample'>): readonly Diagnostic[] {
  const { sampler = defaults.sampler } = options
  const given = options as Readonly<Record<string, unknown>>
  return optionsOf('sample').flatMap(([name, row]) => {
    const isIdle = row.samplers !== undefined && !row.samplers.includes(sampler) && given[name] !== undefined
    return isIdle ? [diagnostic('AMP727', `The option ${nameOf(name, row)} has no effect: the sampler is ${sampler}.`)] : []
  })
}

/** The same of draws of a model without an axis that grows. */
export function idleOnFixedAxes(options: OptionsOf<'sample'>): readonly Diagnostic[] {
  const given = options as Readonly<Record<string, unknown>>
  return optionsOf('sample').flatMap(([name, row]) => {
    const isIdle = row.randomAxes === true && given[name] !== undefined && given[name] !== false
    if (!isIdle || ('default' in row && given[name] === row.default)) return []
    return [diagnostic('AMP727', `The option ${nameOf(name, row)} has no effect: rows share out the elements of no axis that grows.`)]
  })
}

/** Which states a program moves, and by which flow. */
interface Motion {
  readonly neurons: boolean
  readonly others: boolean
  readonly flips: boolean
  readonly flow: NonNullable<RunRetrieveOptions['flow']>
}

function motionOf({ states, discrete }: RetrievalProgram, { flow = defaults.flow }: RunRetrieveOptions): Motion {
  const isNeuron = (state: RetrievalProgram['states'][number]): boolean => state.move.kind === 'neuron'
  return { neurons: states.some(isNeuron), others: !states.every(isNeuron), flips: discrete.length > 0, flow }
}

/** Why nothing moves like that, if nothing does. */
const absence: Readonly<Record<MotionKind, (motion: Motion) => string | undefined>> = {
  flips: ({ flips }) => (flips ? undefined : 'no discrete state moves'),
  flows: ({ neurons, others, flow }) => (others || (neurons && flow === 'ode') ? undefined : 'there is no state that a flow could move'),
  'flows in time': ({ neurons, others, flow }) =>
    neurons || (others && flow === 'ode') ? undefined : 'no state moves in time (neurons do, and with --flow ode all continuous states)',
  'steps in time': ({ neurons, flow }) => (neurons && flow !== 'ode' ? undefined : 'no neurons move by steps of one length'),
  'gradient steps': ({ others, flow }) => {
    if (flow !== 'auto' && flow !== 'gradient') return `the flow is ${flow}`
    return others ? undefined : 'no state moves by gradient steps'
  },
}
