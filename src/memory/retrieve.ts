import { InternalError, must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import { squared } from '../base/special/pow.ts'
import { type Tensor, tensor } from '../base/tensor.ts'
import { sizeOf } from '../ir/layout.ts'
import * as ports from '../middle/ports.ts'
import { type Minimiser, minimiserOf } from './blocks/minimiser.ts'
import { flowsFor } from './choose.ts'
import { sweepOf } from './flows/flip.ts'
import { eachSphere, type FlowSetting, largest, retract, slope } from './geometry.ts'
import { landscapeOf } from './landscape.ts'
import type { StateBlock } from './layout.ts'
import type { DiscreteMachine, Machine } from './machine.ts'
import { marginalMode } from './marginal-mode.ts'
import { nudger } from './nudge.ts'
import { keyOf, type RelaxOptions, type Resolved, resolve } from './options.ts'
import type { RetrievalOutcome } from './outcome.ts'
import { type Moment, type PathRecorder, pathRecorder } from './path.ts'
import { grains, newPoint, type StatePoint } from './point.ts'
import { type RelaxEnd, relax } from './relax.ts'
import type { Flips, Relaxation } from './relaxation.ts'

/**
 * Where retrieval starts: for continuous states the coordinates (over `coordinateAxes`), for discrete states the values
 * (over `axes`), by name, in the order of those axes; and the values of the machine's `perCue` variables.
 */
export type Cue = Readonly<Record<string, Float64Array>>

export interface Retrieval {
  /** Values on the user's axes: of every state that moved. */
  readonly states: Readonly<Record<string, Tensor>>
  /** Of the discrete states that were summed out the likeliest value of each element by itself. */
  readonly marginal: Readonly<Record<string, Tensor>>
  /** Where the continuous states ended in their coordinates: a cue to go on from. */
  readonly coordinates: Readonly<Record<string, Float64Array>>
  /** Activations of neurons. */
  readonly activations: Readonly<Record<string, Tensor>>
  /** Nats. */
  readonly energy: number
  readonly terms: Readonly<Record<string, number>>
  /** The energy at the cue and after every step, nats. */
  readonly trace: readonly number[]
  /** The way from the cue, where it was asked for (option `trace`); empty otherwise. */
  readonly path: readonly Moment[]
  readonly steps: number
  /** How many points were looked at. */
  readonly evaluations: number
  /** Time passed, for flows in time. */
  readonly time: number
  readonly outcome: RetrievalOutcome
  /** Largest entry of the gradient as far as it can be followed (drive, for neurons), nats per unit. */
  readonly slope: number
  /** Posteriors of the discrete states that were summed out, over their axes and `level`: attention weights. */
  readonly responsibilities: { readonly cue: Readonly<Record<string, Tensor>>; readonly end: Readonly<Record<string, Tensor>> }
  /** What moved the states, in the order in which they took turns. */
  readonly flows: readonly string[]
}

/**
 * Goes downhill from a cue over everything that is not clamped, to a fixed point: the retrieval of a memory, and the
 * mode of the density exp(-E/T) that lies downhill.
 */
export function retrieve(machine: Machine, cue: Cue, options: RelaxOptions = {}): Retrieval {
  const landscape = landscapeOf(machine)
  const walk = setOut(machine, cue, options, 0)
  let next = walk.path.next()
  while (!next.done) {
    landscape.look([next.value])
    next = walk.path.next()
  }
  return walk.report(next.value)
}

/** A retrieval under way: a path of points to look at, and what to make of its end. */
export interface Walk {
  readonly path: Generator<StatePoint, RelaxEnd, void>
  /** To be asked for before the graph is run again. */
  report(ending: RelaxEnd): Retrieval
}

/** What the graph says besides energy and gradient. */
interface Snapshot {
  readonly values: Readonly<Record<string, Tensor>>
  readonly activations: Readonly<Record<string, Tensor>>
  readonly responsibilities: Readonly<Record<string, Tensor>>
  readonly terms: Readonly<Record<string, number>>
}

/** Starts a retrieval whose points are to be looked at in `row` of the machine. */
export function setOut(machine: Machine, cue: Cue, options: RelaxOptions, row: number): Walk {
  const { layout } = machine
  const resolved = resolve(options, machine.precision)
  const grain = grains[machine.precision]
  const held = heldIn(machine, resolved.clamp)
  const start = newPoint(layout, held, grain)
  for (const block of layout.blocks) start.x.set(given(cue, block.state.name, block.length), block.offset)
  machine.inner?.restart()
  for (const name of machine.perCue) machine.give(name, must(cue[name], `${name} of the cue`), row)
  for (const { state, value } of machine.discrete) value.set(given(cue, state.name, value.length))
  const all: FlowSetting = { layout, held, grain, moves: held.map((h) => 1 - h), tolerance: resolved.tolerance }
  const work: Relaxation = {
    layout,
    flows: flowsFor(all, resolved, (setting) => minimisersOf(machine, setting, cue)),
    flips: flipsOf(machine, resolved),
    admit: (point) => admit(all, point),
    nudge: nudger(all, keyOf(resolved)),
    options: resolved,
    path: recording[resolved.trace](() => ({ ...continuousValues(machine, readerOf(machine, row)), ...discreteValues(machine) })),
  }
  let atCue: Snapshot | undefined
  const path = relax(work, start, newPoint(layout, held, grain), () => {
    atCue = snapshot(machine, row)
  })
  return {
    path,
    report: (ending) => {
      const end = snapshot(machine, row)
      const flat = new Float64Array(layout.length)
      slope(all, ending.here, flat)
      return {
        states: { ...end.values, ...discreteValues(machine) },
        marginal: Object.fromEntries(
          machine.program.responsibilities.map((r) => [r.name, marginalMode(r, must(end.responsibilities[r.name], r.name))]),
        ),
        coordinates: Object.fromEntries(layout.blocks.map((b) => [b.state.name, part(ending.here.x, b)])),
        activations: end.activations,
        energy: ending.here.energy,
        terms: end.terms,
        trace: ending.trace,
        path: work.path?.moments ?? [],
        steps: ending.steps,
        evaluations: ending.evaluations,
        time: ending.time,
        outcome: explained(ending.outcome, machine.program.noProximal),
        slope: largest(flat),
        responsibilities: { cue: atCue?.responsibilities ?? {}, end: end.responsibilities },
        flows: [...work.flows.map((flow) => flow.name), ...(work.flips === undefined ? [] : [`${resolved.update} flips`])],
      }
    },
  }
}

/** Steps over kinks that have no proximal step may end early: why they have none. */
function explained(outcome: RetrievalOutcome, why: string | undefined): RetrievalOutcome {
  if (why === undefined || (outcome.kind !== 'stuck' && outcome.kind !== 'step limit')) return outcome
  return { ...outcome, sentence: `${outcome.sentence} The energy has kinks without a proximal step: ${why}.` }
}

/** The blocks of which something moves, each with the values that the cue brings. */
function minimisersOf(machine: Machine, setting: FlowSetting, cue: Cue): readonly Minimiser[] {
  const { program, layout, sizes, perCue } = machine
  const moving = new Set(
    layout.blocks.flatMap((b) => (setting.moves.subarray(b.offset, b.offset + b.length).includes(1) ? [b.state.name] : [])),
  )
  const own = Object.fromEntries(perCue.map((name) => [name, must(cue[name], name)]))
  const open = program.blocks.some((b) => b.states.some((s) => moving.has(s))) ? machine.blocks() : []
  return open.filter(({ block }) => block.states.some((s) => moving.has(s))).map((b) => minimiserOf(b, { ...setting, sizes, own }))
}

/** What of a way is written down. */
const recording: Readonly<Record<Resolved['trace'], (values: () => Moment['states']) => PathRecorder | undefined>> = {
  none: () => undefined,
  energy: () => pathRecorder(undefined),
  states: (values) => pathRecorder(values),
}

type Read = (port: string, axes: readonly string[]) => Tensor

/** Reads what the last run left, for one row of a batch. */
function readerOf({ executable, sizes, rows }: Machine, row: number): Read {
  return (port, axes) => {
    const shape = axes.map((axis) => sizeOf(axis, sizes))
    const length = shape.reduce((n, size) => n * size, 1)
    const buffer = must(executable.outputs.get(port), `output ${port}`)
    const from = buffer.length === rows * length ? row * length : 0
    return tensor(axes, shape, buffer.slice(from, from + length))
  }
}

function continuousValues({ program }: Machine, read: Read): Snapshot['values'] {
  return Object.fromEntries(program.states.map((s) => [s.name, read(ports.value(s.name), s.axes)]))
}

function snapshot(machine: Machine, row: number): Snapshot {
  const { program } = machine
  const read = readerOf(machine, row)
  const neurons = program.states.filter((s) => s.move.kind === 'neuron')
  return {
    values: continuousValues(machine, read),
    activations: Object.fromEntries(neurons.map((s) => [s.name, read(ports.activation(s.name), s.axes)])),
    responsibilities: Object.fromEntries(
      program.responsibilities.map((r) => [r.name, read(ports.responsibility(r.name), [...r.axes, r.level])]),
    ),
    terms: Object.fromEntries(program.terms.map((name) => [name, read(ports.term(name), []).data[0] as number])),
  }
}

function discreteValues(machine: Machine): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(machine.discrete.map((d) => [d.state.name, tensor(d.state.axes, d.shape, d.value.slice())]))
}

function given(cue: Cue, name: string, length: number): Float64Array {
  const data = must(cue[name], `cue for ${name}`)
  if (data.length !== length) throw new InternalError(`the cue for ${name} has ${data.length} numbers instead of ${length}`)
  return data
}

function heldIn(machine: Machine, clamp: Readonly<Record<string, ArrayLike<number | boolean>>>): Uint8Array {
  const held = new Uint8Array(machine.layout.length)
  for (const { state, offset, length } of machine.layout.blocks) held.set(maskOf(clamp, state.name, length), offset)
  return held
}

function maskOf(clamp: Readonly<Record<string, ArrayLike<number | boolean>>>, name: string, length: number): Uint8Array {
  const mask = clamp[name]
  if (mask === undefined) return new Uint8Array(length)
  if (mask.length !== length) throw new InternalError(`the clamp of ${name} has ${mask.length} entries instead of ${length}`)
  const out = new Uint8Array(length)
  for (let i = 0; i < length; i += 1) out[i] = mask[i] ? 1 : 0
  return out
}

function flipsOf(machine: Machine, options: Resolved): Flips | undefined {
  if (machine.discrete.length === 0) return undefined
  const { update, order, clamp } = options
  const key = keyOf(options)
  const masks = machine.discrete.map((d) => maskOf(clamp, d.state.name, d.value.length))
  const sweeps = machine.discrete.map((d, k) => sweepOf(d, masks[k] as Uint8Array, { update, order, key }))
  const stream = new Stream(fold(key, 'fresh values'))
  return {
    values: machine.discrete.map((d) => d.value),
    sweep: (least, told) => sweeps.reduce((changed, sweep) => changed + sweep(least, told), 0),
    redraw() {
      for (const [k, d] of machine.discrete.entries()) drawAfresh(d, masks[k] as Uint8Array, stream)
    },
  }
}

function drawAfresh({ levels, value }: DiscreteMachine, held: Uint8Array, stream: Stream): void {
  for (let i = 0; i < value.length; i += 1) if (held[i] === 0) value[i] = levels[stream.integer(levels.length)] as number
}

/** Puts unit vectors on their sphere and clips at bounds. A cue that is there already stays bit for bit. */
function admit(all: FlowSetting, point: StatePoint): boolean {
  const x = point.x.slice()
  retract(all, point, x)
  keepUnits(all, point, x)
  const changed = x.some((value, i) => value !== point.x[i])
  point.x.set(x)
  return changed
}

/** Vectors that are of unit length up to rounding are left as they are. */
function keepUnits(all: FlowSetting, point: StatePoint, x: Float64Array): void {
  eachSphere(all.layout, ({ start, stride, size }) => {
    let square = 0
    for (let k = 0, i = start; k < size; k += 1, i += stride) square += squared(point.x[i] as number)
    if (Math.abs(square - 1) > 1e-12) return
    for (let k = 0, i = start; k < size; k += 1, i += stride) x[i] = point.x[i] as number
  })
}

function part(x: Float64Array, block: StateBlock): Float64Array {
  return x.slice(block.offset, block.offset + block.length)
}
