import { must } from '../base/internal-error.ts'
import { type Process, processes } from '../families/processes/table.ts'
import { count } from '../inference/density/program-density.ts'
import { emptyCollapsed } from '../inference/partitions/collapsed.ts'
import { auxiliaryEngine, collapsedEngine, type SeatingEngine } from '../inference/partitions/engine.ts'
import { naturalOf, sideBySide } from '../inference/partitions/natural.ts'
import { type PartitionSamplerOptions, type ProcessNumber, partitionSampler } from '../inference/partitions/partition-sampler.ts'
import { emptySeats, type Seats } from '../inference/partitions/seats.ts'
import type { Block } from '../inference/samplers/block.ts'
import type { Sizes } from '../ir/graph.ts'
import { offsets, sizeOf, stridesOver, volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Executable } from '../middle/executable.ts'
import { open } from '../middle/open.ts'
import type { IntegratedComponent, IntegratedProgram, LawParameter, PartitionProgram, ThingEnergies } from '../middle/partition-program.ts'
import * as ports from '../middle/ports.ts'
import { drawnValues, type ExactRun, type ValueSetting } from './drawn-values.ts'
import { knownSeats } from './known-seats.ts'
import type { Run } from './run.ts'
import type { SamplingParts } from './sampling.ts'

/** What a block that shares out elements is opened with, besides the run and its program. */
export interface PartitionSetting extends ValueSetting, Pick<PartitionSamplerOptions, 'initial'> {}

/** The same with where everything is. */
interface Bench {
  readonly run: ExactRun
  readonly program: PartitionProgram
  readonly known: ReadonlyMap<string, Float64Array>
  readonly temperature: number
}

/** Who sits where along a random axis, and all that is drawn with it (`moves`), as a block of a schedule. */
export function partitionBlock(
  run: ExactRun & Pick<Run<SamplingParts>, 'temperature' | 'bound'>,
  moves: readonly string[],
  { initial, ...setting }: PartitionSetting,
): Block {
  const { temperature } = run
  const program = must(
    run.parts.partitions?.find((p) => p.pickers.some(({ name }) => moves.includes(name))),
    'partition',
  )
  const { axis, pickers, law, by } = program
  const seated = knownSeats(program, run)
  const seats = emptySeats(seated, sizeOf(axis, run.sizes))
  const integrated = by.kind === 'integrated' ? by.components.flatMap((c) => c.variables.map((v) => v.name)) : []
  const { known, states, show } = drawnValues(run, integrated, setting)
  const bench = { run, program, known, temperature }
  const engine =
    by.kind === 'integrated'
      ? integratedEngine(bench, seats, by)
      : auxiliaryEngine(seats, temperature, auxiliaryEnergies(bench, seats, by.energies))
  const lawGraph = open(run, law.graph, known)
  const args = law.arguments.map((port) => must(lawGraph.outputs.get(port), port))
  const process: Process = processes[law.process]
  return partitionSampler({
    ...{ axis, seats, known: seated, engine, states, coordinates: setting.coordinates, show, initial, temperature },
    pickers: pickers.map(({ name }) => ({ name, values: must(known.get(name), name) })),
    law() {
      lawGraph.run()
      return process.law(
        args.map((a) => a[0] as number),
        0,
      )
    },
    numbers: law.parameters.map((p) => lawNumber(bench, p, must(setting.placesOf(p.name)[0], p.name))),
  })
}

function lawNumber({ run, known }: Bench, { name, graph, gamma }: LawParameter, place: number): ProcessNumber {
  const value = must(known.get(name), name)
  const executable = open(run, graph, new Map([...known].filter(([n]) => n !== name)))
  const [coordinate, energy, own] = [
    must(executable.inputs.get(ports.coordinate(name)), name),
    must(executable.outputs.get(ports.energy), 'energy'),
    must(executable.outputs.get(ports.value(name)), name),
  ]
  const number = {
    ...{ name, value, place },
    logDensity(y: number): number {
      coordinate[0] = y
      executable.run()
      value[0] = own[0] as number
      return -(energy[0] as number)
    },
  }
  if (gamma === undefined) return number
  const prior = open(run, gamma.graph, known)
  const weightOf = (port: string | undefined): number => (port === undefined ? 0 : (must(prior.outputs.get(port), port)[0] as number))
  return {
    ...number,
    gamma() {
      prior.run()
      return { shape: 1 - weightOf(gamma.log), rate: weightOf(gamma.x) }
    },
  }
}

/** Of every thing its energy in every slot, one picker after the other. */
function auxiliaryEnergies({ run, program, known }: Bench, seats: Seats, energies: readonly ThingEnergies[]) {
  const slots = seats.counts.length
  const numbers = new Float64Array(seats.slots.length * slots)
  let from = 0
  const parts = energies.map(({ picker, graph, port, level, made }) => {
    const sizes = madeSizes(made, run.sizes)
    const executable = open({ ...run, sizes }, graph, known)
    const { axes } = must(
      program.pickers.find((p) => p.name === picker),
      picker,
    )
    const output = must(executable.outputs.get(port), port)
    const places = offsets([...axes, level], sizes, stridesOver(must(axesOf(graph, port), port), sizes))
    const start = from
    from += places.length
    return { executable, output, places, start }
  })
  return {
    energies: { numbers, byThing: slots, bySlot: 1 },
    look(): void {
      for (const { executable, output, places, start } of parts) {
        executable.run()
        for (let i = 0; i < places.length; i += 1) numbers[start + i] = output[places[i] as number] as number
      }
    },
  }
}

function axesOf(graph: ThingEnergies['graph'], port: string): readonly string[] | undefined {
  return graph.outputs.find((o) => o.name === port)?.axes
}

/** Where the natural parameters of a component are among all of a slot, and where they are read. */
interface OpenComponent {
  readonly executable: Executable
  readonly reads: readonly { readonly output: Float64Array; readonly places: Int32Array; readonly stride: number; readonly to: number }[]
}

/**
 * What each thing adds to the natural parameters of its slot is looked up in the conditional form itself: with one more slot than
 * there are things, each thing in a slot of its own, and nothing in the last, which has the prior's.
 */
function integratedEngine({ run, program, known, temperature }: Bench, seats: Seats, by: IntegratedProgram): SeatingEngine {
  const things = seats.slots.length
  const apart = apartly(run, program, known, things)
  const naturals = by.components.map(({ form, groups, members }) =>
    naturalOf(form, { groups: volumeOver(groups, run.sizes), members: volumeOver(members, run.sizes) }),
  )
  const collapsed = emptyCollapsed(sideBySide(naturals), seats)
  const { own, prior, natural } = collapsed
  let from = 0
  const components = by.components.map((component, i) => {
    const opened = openComponent(apart, program.axis, component, from)
    from += must(naturals[i], 'form').width
    return opened
  })
  const places = by.components.flatMap((component) => component.variables.map((v) => placesOf(run.sizes, program.axis, v, known)))
  return collapsedEngine(collapsed, temperature, {
    look() {
      for (const { executable, reads } of components) {
        executable.run()
        for (const { output, places: at, stride, to } of reads)
          for (let j = 0; j < at.length; j += 1) {
            const offset = at[j] as number
            const alone = output[things * stride + offset] as number
            prior[to + j] = alone / temperature
            for (let thing = 0; thing < things; thing += 1)
              own[thing * natural.width + to + j] = ((output[thing * stride + offset] as number) - alone) / temperature
          }
      }
    },
    place(slot, values) {
      let at = 0
      for (const { buffer, offsets: to, stride } of places)
        for (let j = 0; j < to.length; j += 1) buffer[slot * stride + (to[j] as number)] = values[at++] as number
    },
  })
}

/** Where the values of a variable of a slot go, in the order in which they are drawn. */
function placesOf(
  sizes: Sizes,
  axis: string,
  { name, axes, order }: IntegratedComponent['variables'][number],
  known: ReadonlyMap<string, Float64Array>,
) {
  const strides = stridesOver(axes, sizes)
  return { buffer: must(known.get(name), name), offsets: offsets(order, sizes, strides), stride: must(strides.get(axis), axis) }
}

/** Every thing in a slot of its own, and one slot more. */
function apartly(run: ExactRun, { axis, pickers }: PartitionProgram, known: ReadonlyMap<string, Float64Array>, things: number) {
  const fixed = new Map(run.fixed)
  let from = 0
  for (const { name, axes } of pickers) {
    const length = count(axes, run.sizes)
    fixed.set(
      name,
      Float64Array.from({ length }, (_, i) => from + i),
    )
    from += length
  }
  return { ...run, fixed, sizes: { ...run.sizes, [axis]: things + 1 }, shared: new Map([...known, ...fixed]) }
}

function openComponent(
  apart: ReturnType<typeof apartly>,
  axis: string,
  { graph, statistics, made }: IntegratedComponent,
  from: number,
): OpenComponent {
  const sizes = resized(apart.sizes, made)
  const executable = open({ ...apart, sizes }, graph, apart.shared)
  let to = from
  const reads = statistics.map(({ port, order }) => {
    const start = to
    const length = volumeOver(order, sizes)
    to += length
    const output = executable.outputs.get(port)
    // A statistic that E does not have counts for nothing.
    if (output === undefined) return { output: new Float64Array(1), places: new Int32Array(length), stride: 0, to: start }
    const strides = stridesOver(must(axesOf(graph, port), port), sizes)
    return { output, places: offsets(order, sizes, strides), stride: strides.get(axis) ?? 0, to: start }
  })
  return { executable, reads }
}

/** Sizes with those of axes that were made, which follow from others. */
function resized(sizes: Sizes, made: IntegratedComponent['made']): Sizes {
  return madeSizes(made, Object.fromEntries(Object.entries(sizes).filter(([name]) => made.every((m) => m.name !== name))))
}
