import { type Checked, checked, type Diagnostic, hasErrors, made, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { type Tensor, volume } from '../base/tensor.ts'
import type { Batch, Bound } from '../bind/bound.ts'
import { count, flatBuffers, fromProgram } from '../inference/density/program-density.ts'
import { freePart, type Restriction, restrict, widened } from '../inference/density/restrict.ts'
import { columnNames } from '../inference/draws/draws.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Executable, Target } from '../middle/executable.ts'
import { open } from '../middle/open.ts'
import type { OptionsOf } from '../middle/options.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingProgram } from '../middle/program.ts'
import { chainStart } from './chain-start.ts'
import type { DrawnParams } from './complete.ts'
import { openInner } from './inner.ts'
import { oneObservation } from './one-observation.ts'
import { optionTroubles } from './option-troubles.ts'
import { beginRun, type Run } from './run.ts'
import type { SamplingParts } from './sampling.ts'
import type { DrawPrior } from './start-draw.ts'
import { type GivenValues, noValue, outside, strange, writeValue } from './state-values.ts'
import { unusedCues } from './unused-cues.ts'

/** The options of a density, by the rows of `middle/option-rows/`. */
export type RunDensityOptions = OptionsOf<'density', 'run'>

/**
 * The log density of exp(-E/T) in unconstrained coordinates, for a sampler of one's own: minus E/T plus the log Jacobian of the
 * change of variables, in nats, not normalised. Discrete states are summed out. A `q` of another length than `dimension` throws a
 * TypeError.
 */
export interface UnconstrainedDensity {
  readonly dimension: number
  /** One name a coordinate, in Stan's style (`theta[1]`): of a state with as many coordinates as elements, its elements. */
  readonly names: readonly string[]
  readonly summedOut: readonly string[]
  /** Params with a prior that were not given: drawn once, under the seed. */
  readonly drawn: DrawnParams
  /** T. */
  readonly temperature: number
  /** Minus infinity where the density is 0, or where it cannot be computed. */
  value(q: ArrayLike<number>): number
  /** The same, and its gradient by the coordinates is written into `out`. Allocates nothing. */
  gradient(q: ArrayLike<number>, out: Float64Array): number
  /** The values of the states that move, what is observed of them included; elements of axes count from 1. Fresh arrays. */
  constrain(q: ArrayLike<number>): Readonly<Record<string, Tensor>>
  /**
   * The coordinates of values of all those states. What is outside its type or bounds is returned as a diagnostic (AMP505); on an
   * edge that coordinates do not reach, the nearest that they do (within 2e-16 of it).
   */
  unconstrain(values: GivenValues): Checked<Float64Array>
  dispose(): void
}

/** A program with its values, compiled. The program has no discrete state left that would have to move. */
export function openDensity(
  parts: SamplingParts,
  target: Target,
  given: Bound,
  options: RunDensityOptions,
  draw: DrawPrior | undefined,
): Checked<UnconstrainedDensity> {
  const { program } = parts
  const wrong = optionTroubles('density', options, ['run'])
  if (hasErrors(wrong)) return unmade(wrong)
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const before: readonly Diagnostic[] = [...oneObservation(bound), ...unusedCues(bound, program)]
  if (hasErrors(before)) return unmade(before)
  const { value: run, diagnostics: found } = beginRun(parts, program.fixed, { target, bound, draw }, options)
  const diagnostics = [...before, ...found]
  if (run === undefined) return unmade(diagnostics)
  const { restriction } = chainStart(run, 0, diagnostics)
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked(densityOf(run, restriction), diagnostics)
}

function densityOf(run: Run<SamplingParts>, restriction: Restriction): UnconstrainedDensity {
  const { parts, sizes, fixed } = run
  const { program } = parts
  const inner = parts.inner && openInner(run, parts.inner)
  const shared = new Map([...fixed, ...flatBuffers(program, sizes), ...(inner?.values ?? [])])
  const opened = (graph: Graph): Executable => {
    const executable = open(run, graph, shared)
    return inner?.around(executable, true) ?? executable
  }
  const [stepping, whole] = [opened(parts.steps), opened(program.graph)]
  const density = restrict(fromProgram(program, stepping), restriction)
  const { dimension } = density
  const [at, slope] = [new Float64Array(dimension), new Float64Array(dimension)]
  const evaluate = (q: ArrayLike<number>, out: Float64Array): number => {
    at.set(ofLength(q, dimension))
    const value = density.evaluate(at, out)
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
  }
  return {
    dimension,
    names: freeNames(program, sizes, restriction),
    summedOut: program.responsibilities.map((s) => s.name),
    drawn: run.drawn,
    temperature: run.temperature,
    value: (q) => evaluate(q, slope),
    gradient: (q, out) => evaluate(q, ofLength(out, dimension)),
    constrain: (q) => valuesAt(program, whole, sizes, widened(Float64Array.from(ofLength(q, dimension)), restriction)),
    unconstrain: (values) => coordinatesOf(run, values),
    dispose() {
      stepping.dispose()
      whole.dispose()
      inner?.dispose()
    },
  }
}

function ofLength<T extends ArrayLike<number>>(q: T, dimension: number): T {
  if (q.length !== dimension) throw new TypeError(`${q.length} coordinates were given; the density has ${dimension}.`)
  return q
}

function freeNames(program: SamplingProgram, sizes: Sizes, { held }: Restriction): readonly string[] {
  const shape = (axes: readonly string[]): readonly number[] => axes.map((a) => must(sizes[a], `size of ${a}`))
  return program.states.flatMap((s) => columnNames(s.name, shape(s.coordinateAxes))).filter((_, i) => held[i] !== 1)
}

function valuesAt(program: SamplingProgram, executable: Executable, sizes: Sizes, q: Float64Array): Readonly<Record<string, Tensor>> {
  let from = 0
  for (const { name, coordinateAxes } of program.states) {
    const length = count(coordinateAxes, sizes)
    executable.inputs.get(ports.coordinate(name))?.set(q.subarray(from, from + length))
    from += length
  }
  executable.run()
  const entries = program.states.map(({ name, axes }): readonly [string, Tensor] => {
    const data = must(executable.outputs.get(ports.value(name)), name).slice()
    return [name, { axes, shape: axes.map((a) => must(sizes[a], `size of ${a}`)), data }]
  })
  return Object.fromEntries(entries)
}

/** Values are taken as a chain takes where it starts. */
function coordinatesOf(run: Run<SamplingParts>, values: GivenValues): Checked<Float64Array> {
  const { sizes, bound, parts } = run
  const { states, responsibilities } = parts.program
  const known = states.map((s) => s.name)
  const summedOut = responsibilities.map((s) => s.name)
  const troubles: Diagnostic[] = Object.keys(values).flatMap((n) => (known.includes(n) ? [] : [strange(n, known, summedOut)]))
  const cues: Record<string, Batch> = Object.create(null)
  for (const state of states) {
    const { [state.name]: value } = values
    const data = new Float64Array(volume(state.axes.map((a) => sizes[a] ?? 1)))
    const trouble = value === undefined ? noValue(state) : writeValue(state, value, data, sizes)
    if (trouble !== undefined) troubles.push(trouble)
    cues[state.name] = { count: 1, data }
  }
  if (troubles.length > 0) return unmade(troubles)
  const { restriction } = chainStart({ ...run, bound: { ...bound, cues } }, 0, troubles)
  const q = freePart(restriction.at, restriction.held)
  const names = freeNames(parts.program, sizes, restriction)
  const bad = q.findIndex((y) => !Number.isFinite(y))
  if (bad >= 0) return unmade([outside(must(names[bad], 'name'), 'is outside its bounds', '', 'a value within its bounds')])
  return made(q)
}
