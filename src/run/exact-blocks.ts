import { must } from '../base/internal-error.ts'
import { Stream } from '../base/random.ts'
import type { LogDensity } from '../inference/density/density.ts'
import { count } from '../inference/density/program-density.ts'
import { formDraws } from '../inference/draws/conditional-form.ts'
import type { Block } from '../inference/samplers/block.ts'
import { conditionalSampler, type DrawnState } from '../inference/samplers/conditional-sampler.ts'
import { type ConditionalDraw, drawnBy } from '../middle/conditional-draw.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { Run } from './run.ts'
import type { SamplingParts } from './sampling.ts'

/** What a block of exact draws is opened with, besides the run. */
export interface ExactSetting {
  readonly draws: readonly ConditionalDraw[]
  /** Buffers of inputs and outputs that all executables of the run work in. */
  readonly shared: ReadonlyMap<string, Float64Array>
  /** All coordinates, which other blocks move, too; and the places in it of each state's. */
  readonly coordinates: Float64Array
  readonly placesOf: (state: string) => Int32Array
  /** 1 for the coordinates that stay. */
  readonly held: Uint8Array
  readonly density: LogDensity
  readonly initial: Parameters<typeof conditionalSampler>[0]['initial']
}

/** What is asked of a run. */
export type ExactRun = Pick<Run<SamplingParts>, 'parts' | 'target' | 'sizes' | 'fixed'>

/** Draws in turn of variables from their conditional forms, as a block of a schedule. */
export function exactBlock(run: ExactRun, { draws, shared, coordinates, placesOf, held, density, initial }: ExactSetting): Block {
  const { program, inverses, values } = run.parts
  const known = new Map(run.fixed)
  for (const { name } of [...program.states, ...program.discrete]) known.set(name, must(shared.get(ports.value(name)), name))
  const states = draws.flatMap(drawnBy).map((name): DrawnState => {
    const places = placesOf(name)
    const own = must(known.get(name), name)
    const stays = held.subarray(places[0] ?? 0, (places[0] ?? 0) + places.length)
    const inverse = inverses.find((i) => i.name === name)
    if (inverse === undefined) return { name, places, held: stays, coordinates: own, invert: () => undefined }
    const executable = open(run, inverse.graph, new Map(known).set(ports.value(name), own))
    const found = must(executable.outputs.get(ports.coordinate(name)), name)
    return { name, places, held: stays, coordinates: found, invert: () => executable.run() }
  })
  const stays = new Map(states.flatMap((s) => (s.held.includes(1) ? [[s.name, s.held] as const] : [])))
  const show = open(run, must(values, 'values of states'), shared)
  const inputs = program.states.map((s) => ({ buffer: show.inputs.get(ports.coordinate(s.name)), places: placesOf(s.name) }))
  return conditionalSampler({
    draws: draws.map((draw) => formDraws(draw, run, known, stays)),
    states,
    coordinates,
    density,
    show() {
      for (const { buffer, places } of inputs) buffer?.set(coordinates.subarray(places[0] ?? 0, (places[0] ?? 0) + places.length))
      show.run()
    },
    initial,
  })
}

/** Whether there is a density to draw from at all: of draws that depend on nothing that moves. */
export function isDrawable(run: Run<SamplingParts>, draw: ConditionalDraw): boolean {
  const known = new Map(run.fixed)
  for (const { name, axes } of run.parts.program.states) known.set(name, new Float64Array(count(axes, run.sizes)))
  return formDraws(draw, run, known).draw(new Stream(run.key)) === undefined
}
