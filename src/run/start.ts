import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import { volume } from '../base/tensor.ts'
import type { Batch, Bound } from '../bind/bound.ts'
import type { Graph } from '../ir/graph.ts'
import { offsets } from '../ir/layout.ts'
import { kindOf, namedAxes } from '../middle/kinds.ts'
import { open } from '../middle/open.ts'
import type { Default, DrawnOnce, Inverse, Midpoint, PriorDraw } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import type { DiscreteState, RetrievalState, SamplingState } from '../middle/program.ts'
import { isDrawable } from './complete.ts'
import type { Run } from './run.ts'
import { drawnValue } from './start-draw.ts'

export interface StartingPoint {
  readonly values: Float64Array
  /** In the coordinates that the state moves in. */
  readonly coordinates: Float64Array
  /** 1 for the elements that are observed, and so stay. */
  readonly held: Uint8Array
  /** 1 for the elements that start just there: a cue says so, or they are drawn from what their `from` says. */
  readonly cued: Uint8Array
  /** Nothing was said about the state. */
  readonly untouched: boolean
  /** Some element is drawn from what the `from` of the state says: anew for each start. */
  readonly drawn: boolean
}

/** Which of many starts: `cue` is its place among the cues and observations, `draw` that of what is drawn for it. */
export interface Which {
  readonly cue: number
  readonly draw: number
  /** Rows of memories that states start near. */
  readonly near?: ReadonlyMap<string, Float64Array>
}

type StartState = RetrievalState | SamplingState | DiscreteState

/** What starting points are made with. */
export interface StartParts {
  readonly program: { readonly states: readonly StartState[]; readonly discrete: readonly StartState[] }
  readonly starts: readonly Default[]
  readonly inverses: readonly Inverse[]
  readonly midpoints: readonly Midpoint[]
  /** How states start whose `from` is a family. */
  readonly startDraws: readonly PriorDraw[]
}

/**
 * Where a state starts: what is observed of it, else its cue, else its default or `from`, else a point it is `near`, else a
 * neutral point of its type.
 */
export function startingPoint(run: Run<StartParts>, state: StartState, which: Which): StartingPoint {
  const start = startingValues(run, state, which)
  const coordinates = coordinatesOf(run, state, start, which)
  return { ...start, coordinates: coordinates.map((y, i) => (Number.isFinite(y) || start.held[i] === 1 ? y : Math.sign(y) * EDGE)) }
}

/**
 * Why a state cannot be observed in part: its coordinates are not its elements', or the bounds that its coordinates are
 * measured from move. Undefined where it can.
 */
export function whyWhole(parts: StartParts, state: RetrievalState | SamplingState): string | undefined {
  if (state.coordinateAxes.join() !== state.axes.join())
    return `its elements (${state.type.kind}) cannot ${'move' in state ? 'move' : 'be sampled'} apart`
  const reads = parts.inverses.find((item) => item.name === state.name)?.graph.inputs ?? []
  const moving = reads.find((p) => parts.program.states.some((s) => s.name === p.name))
  return moving === undefined ? undefined : `its bounds depend on "${moving.name}", which moves`
}

/** Some elements of a state are observed and some are not, though it cannot be. */
export function observedInPart(name: string, why: string): Diagnostic {
  return diagnostic('AMP511', `Some elements of "${name}" are observed and some are not.`, {
    expected: `all of "${name}" or nothing, since ${why}`,
  })
}

/**
 * A value at the very edge of its support has an infinite coordinate, from which no step leads away: what may move starts
 * within. e^-36 is 2e-16; a value that is nearer to the edge and not on it keeps its coordinate.
 */
const EDGE = 36

type StartingValues = Omit<StartingPoint, 'coordinates'>

function startingValues(run: Run<StartParts>, state: StartState, which: Which): StartingValues {
  const { parts, bound } = run
  const preset = parts.starts.find((d) => d.name === state.name)
  const draw = parts.startDraws.filter(isDrawable).find((d) => d.name === state.name)
  const said = preset !== undefined ? startOf(run, preset, which) : draw && drawnStart(run, draw, which)
  const other = said === undefined ? which.near?.get(state.name) : undefined
  const values = said ?? other?.slice() ?? neutral(run, state, which)
  const cued = overlay(values, bound.cues[state.name], which.cue)
  const drawn = draw !== undefined && cued.includes(0)
  if (drawn) cued.fill(1)
  const held = overlay(values, bound.observed[state.name], which.cue)
  return { values, held, cued, drawn, untouched: said === undefined && other === undefined && !cued.includes(1) && !held.includes(1) }
}

/** A default may read what moves, too: where that starts. */
function startOf(run: Run<StartParts>, { graph }: Default, which: Which): Float64Array {
  return evaluated(run, graph, ports.result, (input) => readAt(run, input, which))
}

/** The states of a program that start from draws, since nobody says where. */
export function startedByDraws(
  { program, startDraws }: StartParts,
  { cues, observed }: Pick<Bound, 'cues' | 'observed'>,
): readonly string[] {
  const moving = new Set([...program.states, ...program.discrete].map((s) => s.name))
  return startDraws.map((d) => d.name).filter((name) => moving.has(name) && cues[name] === undefined && observed[name] === undefined)
}

/** Under the seed, its name, and which of the starts this is. */
function drawnStart(run: Run<StartParts>, draw: DrawnOnce, which: Which): Float64Array {
  const { inputs } = 'program' in draw ? draw.program.graph : { inputs: [] }
  const fixed = new Map(inputs.filter((p) => p.name !== draw.name).map(({ name }) => [name, readAt(run, name, which)]))
  const key = fold(fold(run.key, `start of ${draw.name}`), which.draw)
  return drawnValue(draw, { ...run, fixed }, key, must(run.draw, 'what draws'))
}

/** The value of a variable that bounds are made of: given, or where another state starts. */
function readAt(run: Run<StartParts>, name: string, which: Which): Float64Array {
  const given = run.fixed.get(name)
  if (given !== undefined) return given
  const { states, discrete } = run.parts.program
  const other = [...states, ...discrete].find((s) => s.name === name)
  return startingValues(run, must(other, `state ${name}`), which).values
}

/** One of the values of a batch; a single one serves for all. */
export function row(batch: Batch, i: number): Float64Array {
  const size = batch.data.length / batch.count
  const at = batch.count === 1 ? 0 : i
  return batch.data.subarray(at * size, (at + 1) * size)
}

/** Copies the numbers that are there; says which those were. */
function overlay(values: Float64Array, batch: Batch | undefined, i: number): Uint8Array {
  const held = new Uint8Array(values.length)
  if (batch === undefined) return held
  const given = row(batch, i)
  for (let k = 0; k < values.length; k += 1) {
    const value = given[k] as number
    if (Number.isNaN(value)) continue
    values[k] = value
    held[k] = 1
  }
  return held
}

/** Coordinates of the values; the origin when nothing was said about the state. */
function coordinatesOf(run: Run<StartParts>, state: StartState, { values, untouched }: StartingValues, which: Which): Float64Array {
  const inverse = run.parts.inverses.find((item) => item.name === state.name)
  if (inverse === undefined || !('coordinateAxes' in state)) return values
  const { sizes } = run
  if (untouched) return new Float64Array(volume(state.coordinateAxes.map((a) => must(sizes[a], `size of ${a}`))))
  const read = (input: string): Float64Array => (input === ports.value(state.name) ? values : readAt(run, input, which))
  return evaluated(run, inverse.graph, ports.coordinate(state.name), read)
}

function evaluated(run: Run<StartParts>, graph: Graph, output: string, read: (input: string) => Float64Array): Float64Array {
  const executable = open({ ...run, fixed: new Map(graph.inputs.map(({ name }) => [name, read(name)])) }, graph)
  executable.run()
  const value = Float64Array.from(must(executable.outputs.get(output), output))
  executable.dispose()
  return value
}

/** A point in the middle of a type; signs and elements have none, so they are drawn. */
function neutral(run: Run<StartParts>, state: StartState, which: Which): Float64Array {
  const { type } = state
  const { sizes } = run
  const size = volume(state.axes.map((a) => must(sizes[a], `size of ${a}`)))
  const middle = run.parts.midpoints.find((item) => item.name === state.name)
  if (middle !== undefined) return evaluated(run, middle.graph, ports.result, (input) => readAt(run, input, which))
  const stream = new Stream(fold(fold(run.key, `start of ${state.name}`), which.draw))
  const own = namedAxes(type)
  const along = own.map((axis) => offsets(state.axes, sizes, new Map([[axis, 1]])))
  const sizesAlong = own.map((axis) => must(sizes[axis], `size of ${axis}`))
  const { neutral: value } = kindOf(type)
  return Float64Array.from({ length: size }, (_, i) => value(type, { at: along.map((a) => a[i] as number), sizes: sizesAlong, stream }))
}
