import { must } from '../../base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../../base/random.ts'
import { volume } from '../../base/tensor.ts'
import type { Batch, Bound } from '../../compile/bind.ts'
import type { Default } from '../../compile/defaults.ts'
import type { Target } from '../../compile/executable.ts'
import type { Inverse } from '../../compile/inverse.ts'
import type { DiscreteState, RetrievalState, SamplingState } from '../../compile/program.ts'
import type { Typed, ValueType } from '../../dsl/model.ts'
import type { Sizes } from '../../ir/graph.ts'
import { offsets } from '../../ir/layout.ts'
import { defaultValue } from './complete.ts'

export interface StartingPoint {
  readonly values: Float64Array
  /** In the coordinates that the state moves in. */
  readonly coordinates: Float64Array
  /** 1 for the elements that are observed, and so stay. */
  readonly held: Uint8Array
  /** 1 for the elements that a cue says where to start. */
  readonly cued: Uint8Array
  /** Nothing was said about the state. */
  readonly untouched: boolean
}

/** Which of many starts: `cue` is its place among the cues and observations, `draw` that of what is drawn for it. */
export interface Which {
  readonly cue: number
  readonly draw: number
}

type State = RetrievalState | SamplingState | DiscreteState

/**
 * Where a state starts: what is observed of it, else its cue, else its default, else a point it is `near`, else a neutral
 * point of its type.
 */
export function startingPoint(
  parts: {
    readonly program: { readonly states: readonly State[] }
    readonly defaults: readonly Default[]
    readonly inverses: readonly Inverse[]
  },
  state: State,
  target: Target,
  bound: Bound,
  fixed: ReadonlyMap<string, Float64Array>,
  which: Which,
  seed: number,
  near: ReadonlyMap<string, Float64Array> = new Map(),
): StartingPoint {
  const start = startingValues(parts, state, target, bound, fixed, which, seed, near)
  // Bounds may be made of other states: of where those start.
  const others = (name: string): Float64Array => {
    const other = must(
      parts.program.states.find((s) => s.name === name),
      `state ${name}`,
    )
    return startingValues(parts, other, target, bound, fixed, which, seed, near).values
  }
  const { values, held, cued, untouched } = start
  const coordinates = coordinatesOf(parts, state, values, untouched, target, bound, (name) => fixed.get(name) ?? others(name))
  return {
    values,
    coordinates: coordinates.map((y, i) => (Number.isFinite(y) || held[i] === 1 ? y : Math.sign(y) * EDGE)),
    held,
    cued,
    untouched,
  }
}

/**
 * A value at the very edge of its support has an infinite coordinate, from which no step leads away: what may move starts
 * within. e^-36 is 2e-16; a value that is nearer to the edge and not on it keeps its coordinate.
 */
const EDGE = 36

type StartingValues = Omit<StartingPoint, 'coordinates'>

function startingValues(
  parts: { readonly defaults: readonly Default[] },
  state: State,
  target: Target,
  bound: Bound,
  fixed: ReadonlyMap<string, Float64Array>,
  { cue, draw }: Which,
  seed: number,
  near: ReadonlyMap<string, Float64Array>,
): StartingValues {
  const size = volume(state.axes.map((a) => must(bound.sizes[a], `size of ${a}`)))
  const values = neutral(state, size, bound.sizes, new Stream(fold(fold(keyFromSeed(seed), `start of ${state.name}`), draw)))
  const preset = parts.defaults.find((d) => d.name === state.name)
  const other = preset === undefined ? near.get(state.name) : undefined
  if (other !== undefined) values.set(other)
  if (preset !== undefined) values.set(defaultValue(preset, bound.sizes, fixed, target))
  const cued = overlay(values, bound.cues[state.name], cue)
  const held = overlay(values, bound.observed[state.name], cue)
  return { values, held, cued, untouched: preset === undefined && other === undefined && !cued.includes(1) && !held.includes(1) }
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

/** Coordinates of `values`; the origin when nothing was said about the state. */
function coordinatesOf(
  parts: { readonly inverses: readonly Inverse[] },
  state: State,
  values: Float64Array,
  untouched: boolean,
  target: Target,
  bound: Bound,
  given: (name: string) => Float64Array,
): Float64Array {
  const inverse = parts.inverses.find((item) => item.name === state.name)
  if (inverse === undefined || !('coordinateAxes' in state)) return values
  if (untouched) return new Float64Array(volume(state.coordinateAxes.map((a) => must(bound.sizes[a], `size of ${a}`))))
  const executable = target(inverse.graph, bound.sizes)
  for (const [input, buffer] of executable.inputs) buffer.set(input === `value:${state.name}` ? values : given(input))
  executable.run()
  const coordinates = Float64Array.from(must(executable.outputs.get(`coordinate:${state.name}`), `coordinate:${state.name}`))
  executable.dispose()
  return coordinates
}

/** A point in the middle of a type; signs and elements have none, so they are drawn. */
function neutral(state: State, size: number, sizes: Sizes, stream: Stream): Float64Array {
  const { type } = state
  const along = 'axis' in type ? must(sizes[type.axis], `size of ${type.axis}`) : 1
  const fill = (value: number): Float64Array => new Float64Array(size).fill(value)
  const draw = (value: () => number): Float64Array => Float64Array.from({ length: size }, value)
  const points: Readonly<Record<ValueType['kind'], () => Float64Array>> = {
    real: () => fill(type.kind === 'real' ? between(literal(type.lower), literal(type.upper)) : 0),
    positive: () => fill(1),
    nonnegative: () => fill(1),
    probability: () => fill(0.5),
    simplex: () => fill(1 / along),
    unit: () => fill(1 / Math.sqrt(along)),
    ordered: () => Float64Array.from({ length: size }, (_, i) => i % along),
    count: () => fill(0),
    spin: () => draw(() => (stream.uniform() < 0.5 ? -1 : 1)),
    bit: () => draw(() => (stream.uniform() < 0.5 ? 0 : 1)),
    element: () => draw(() => stream.integer(along)),
    covariance: () => identity(state, size, sizes),
    cholesky: () => identity(state, size, sizes),
    correlation: () => identity(state, size, sizes),
  }
  return points[type.kind]()
}

/** 1 where the row is the column. */
function identity({ type, axes }: State, size: number, sizes: Sizes): Float64Array {
  const positions = (axis: string): Int32Array => offsets(axes, sizes, new Map([[axis, 1]]))
  const [rows, columns] = 'rows' in type ? [positions(type.rows), positions(type.columns)] : []
  return Float64Array.from({ length: size }, (_, i) => (rows?.[i] === columns?.[i] ? 1 : 0))
}

function between(lower: number | undefined, upper: number | undefined): number {
  if (lower !== undefined && upper !== undefined) return (lower + upper) / 2
  if (lower !== undefined) return lower + 1
  return upper === undefined ? 0 : upper - 1
}

/** The value of a bound that is written as a number. */
function literal(e: Typed | undefined): number | undefined {
  return e?.kind === 'number' ? e.value : undefined
}
