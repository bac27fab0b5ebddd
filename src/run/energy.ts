import { type Checked, checked, type Diagnostic, hasErrors, made, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Tensor } from '../base/tensor.ts'
import type { Batch, Bound } from '../bind/bound.ts'
import { element } from '../bind/values.ts'
import { volumeOver } from '../ir/layout.ts'
import type { Check } from '../middle/check.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Executable, Target } from '../middle/executable.ts'
import type { InnerLoop } from '../middle/inner-loop.ts'
import { open } from '../middle/open.ts'
import type { OptionsOf } from '../middle/options.ts'
import type { Default, PriorDraw, StatedTemperature } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import type { EnergyProgram, GivenState } from '../middle/program.ts'
import { type DrawnParams, defaultValue } from './complete.ts'
import { type EliminatedValue, openTold } from './eliminated.ts'
import { infiniteIntegral } from './infinite-integral.ts'
import { openInner } from './inner.ts'
import type { InnerParts } from './inner-parts.ts'
import { once } from './once.ts'
import { optionTroubles } from './option-troubles.ts'
import { beginRun, type Run } from './run.ts'
import { row } from './start.ts'
import type { DrawPrior } from './start-draw.ts'
import { type GivenValues, noNumber, noValue, outside, strange, writeValue } from './state-values.ts'
import { unusedCues } from './unused-cues.ts'

/** An energy and what is needed to give it values: plain data, so that it can be written into a module. */
export interface EnergyParts {
  readonly program: EnergyProgram
  readonly defaults: readonly Default[]
  /** What a state is where nothing else is given. */
  readonly starts: readonly Default[]
  readonly priors: readonly PriorDraw[]
  /** What is looked at in the values that are given. */
  readonly checks: readonly Check[]
  /** What T is where no option says it; else 1. */
  readonly temperature?: StatedTemperature
  /** What is minimised inside by a loop, whenever the program's graph runs. */
  readonly inner?: InnerParts
}

/** The options of an energy, by the rows of `middle/option-rows/`. */
export type RunEnergyOptions = OptionsOf<'energy', 'run'>

/** The energy at one point. */
export interface EnergyPoint {
  /** Nats; minus the log density on the scale of the values (no Jacobian), times T, up to what does not depend on them. */
  readonly energy: number
  /** Each named term; they add up to the energy. */
  readonly terms: Readonly<Record<string, number>>
  /** dE/dx of each continuous state, by its values: all numbers of a value are free, also those that its type ties to each other. */
  readonly gradient: Readonly<Record<string, Tensor>>
  /** How likely each level of the states that were summed out is at this point: over their axes and the level axis. */
  readonly responsibilities: Readonly<Record<string, Tensor>>
  /** Why the energy is infinite, or why it or a slope is no number; undefined where all are finite. */
  readonly trouble: string | undefined
}

/** The same, kept. */
export interface KeptPoint extends EnergyPoint {
  /** What is reported of the variables that were integrated out or minimised, at this point. */
  readonly eliminated: Readonly<Record<string, EliminatedValue>>
}

/** An energy made ready to be asked for at many points. */
export interface OpenEnergy {
  /** The states that take values, with one size an axis. */
  readonly states: readonly (Omit<Tensor, 'data'> & { readonly name: string })[]
  readonly summedOut: readonly string[]
  /** States that are at the default of their declaration unless a value is given. */
  readonly defaulted: readonly string[]
  /** Params with a prior that were not given: drawn once, under the seed. */
  readonly drawn: DrawnParams
  /** T of exp(-E/T), at which states are summed out. */
  readonly temperature: number
  /**
   * The energy at these values; what is not among them is what it was opened with. The result and its arrays are the same each
   * time, written anew: copy what is kept. What is wrong with the values is returned; else nothing is allocated (but for states
   * whose numbers are bound to each other or to levels, whose check takes room).
   */
  at(values?: GivenValues): Checked<EnergyPoint>
  /** What is told, at the point asked for last, of the variables that were integrated out or minimised. */
  eliminated(): Readonly<Record<string, EliminatedValue>>
  dispose(): void
}

/** The same with a point for each of the rows that it was opened with. */
export interface EnergyRows extends OpenEnergy {
  readonly count: number
  atRow(i: number): Checked<EnergyPoint>
}

/** A point that the next one does not write over, asked for last. */
export function keptPoint(rows: Pick<OpenEnergy, 'eliminated'>, point: EnergyPoint): KeptPoint {
  const tensors = (set: EnergyPoint['gradient']): Readonly<Record<string, Tensor>> =>
    Object.fromEntries(Object.entries(set).map(([name, t]) => [name, { ...t, data: t.data.slice() }]))
  return {
    ...point,
    terms: { ...point.terms },
    gradient: tensors(point.gradient),
    responsibilities: tensors(point.responsibilities),
    eliminated: rows.eliminated(),
  }
}

/** A program with its values, compiled. `bound.observed` has values of states, one a row. */
export function openRows(
  parts: EnergyParts,
  target: Target,
  given: Bound,
  options: RunEnergyOptions,
  draw: DrawPrior | undefined,
): Checked<EnergyRows> {
  const { program } = parts
  const wrong = optionTroubles('energy', options, ['run'])
  if (hasErrors(wrong)) return unmade(wrong)
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const begun = beginRun(parts, program.fixed, { target, bound, draw }, options)
  // A state that is summed out takes no value, known or not.
  const vain = unusedCues({ ...bound, observed: {}, cues: bound.observed }, program)
  const diagnostics = [...begun.diagnostics, ...vain]
  if (begun.value === undefined) return unmade(diagnostics)
  const { value: run } = begun
  const inner = parts.inner && openInner(run, parts.inner)
  const executable = open(run, program.graph, new Map([...run.fixed, ...(inner?.values ?? [])]))
  return checked(evaluator(run, inner?.around(executable, true) ?? executable, inner), diagnostics)
}

/** Where the values of a state go, and where what belongs to them comes from. */
interface StateSlot {
  readonly state: GivenState
  readonly input: Float64Array
  readonly given: Batch | undefined
  readonly preset: Float64Array | undefined
  readonly lower: Float64Array | undefined
  readonly upper: Float64Array | undefined
}

function evaluator(run: Run<EnergyParts>, executable: Executable, inner: InnerLoop | undefined): EnergyRows {
  const { program, starts } = run.parts
  const { sizes, bound } = run
  const slots = program.states.map((state): StateSlot => {
    const preset = starts.find((d) => d.name === state.name)
    return {
      state,
      input: executable.inputs.get(state.name) ?? new Float64Array(volumeOver(state.axes, sizes)),
      given: bound.observed[state.name],
      preset: preset === undefined ? undefined : defaultValue(preset, run),
      lower: executable.outputs.get(ports.lower(state.name)),
      upper: executable.outputs.get(ports.upper(state.name)),
    }
  })
  const inputs = new Map([...slots.map((s) => [s.state.name, s.input] as const), ...(inner?.values ?? [])])
  const tell = once(() => (program.eliminated.length === 0 ? () => ({}) : openTold(program.eliminated, run)))
  const known = program.states.map((s) => s.name)
  const summedOut = program.responsibilities.flatMap((s) => (s.relaxed === true ? [] : [s.name]))
  const reading = readingOf(program, executable, sizes, () => inner?.trouble())
  const done = made<EnergyPoint>(reading.point)
  const troubles: Diagnostic[] = []
  const evaluate = (i: number, values: GivenValues): Checked<EnergyPoint> => {
    for (const name in values) if (!known.includes(name)) return unmade([strange(name, known, summedOut)])
    troubles.length = 0
    for (const slot of slots) {
      const { [slot.state.name]: value } = values
      const trouble = value === undefined ? fromRow(slot, i, run) : writeValue(slot.state, value, slot.input, sizes)
      if (trouble !== undefined) troubles.push(trouble)
    }
    if (troubles.length > 0) return unmade([...troubles])
    executable.run()
    for (const slot of slots) {
      const trouble = beyondBounds(slot, sizes)
      if (trouble !== undefined) return unmade([trouble])
    }
    reading.read()
    return done
  }
  return {
    count: bound.count,
    states: program.states.map(({ name, axes }) => ({ name, axes, shape: axes.map((a) => must(sizes[a], `size of ${a}`)) })),
    summedOut,
    defaulted: slots.filter((s) => s.given === undefined && s.preset !== undefined).map((s) => s.state.name),
    drawn: run.drawn,
    temperature: run.temperature,
    at: (values = nothing) => evaluate(0, values),
    atRow: (i) => evaluate(i, nothing),
    eliminated: () => tell()((name) => inputs.get(name), reading.point.energy),
    dispose() {
      executable.dispose()
      inner?.dispose()
    },
  }
}

const nothing: GivenValues = {}

/** What is given of a state in a row, else its default. */
function fromRow({ state, input, given, preset }: StateSlot, i: number, { sizes }: Run<EnergyParts>): Diagnostic | undefined {
  if (given === undefined && preset === undefined) return noValue(state)
  const values = given === undefined ? undefined : row(given, i)
  for (let k = 0; k < input.length; k += 1) {
    const value = values?.[k] ?? Number.NaN
    const number = Number.isNaN(value) && preset !== undefined ? (preset[k] as number) : value
    if (Number.isNaN(number)) return noNumber(state.name, placeIn(state.axes, sizes, k, i))
    input[k] = number
  }
  return undefined
}

/** `cue 2, row = 3`. */
function placeIn(axes: readonly string[], sizes: Run<unknown>['sizes'], k: number, i: number): string {
  return [i === 0 ? '' : `cue ${i + 1}`, element(axes, sizes, k, false)].filter((part) => part !== '').join(', ')
}

/** Values are held against bounds that are expressions; those that are numbers belong to the type. */
function beyondBounds({ state: { name, axes }, input, lower, upper }: StateSlot, sizes: Run<unknown>['sizes']): Diagnostic | undefined {
  for (let k = 0; k < input.length; k += 1) {
    const v = input[k] as number
    if (lower !== undefined && v < (lower[k] as number))
      return outside(name, `is ${v}`, element(axes, sizes, k, false), `at least ${lower[k]}`)
    if (upper !== undefined && v > (upper[k] as number))
      return outside(name, `is ${v}`, element(axes, sizes, k, false), `at most ${upper[k]}`)
  }
  return undefined
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The one point that is written anew, and what writes it. */
function readingOf(program: EnergyProgram, executable: Executable, sizes: Run<unknown>['sizes'], inside: () => string | undefined) {
  const output = (port: string): Float64Array => must(executable.outputs.get(port), port)
  const tensorOf = (axes: readonly string[], data: Float64Array): Tensor => ({
    axes,
    shape: axes.map((a) => must(sizes[a], `size of ${a}`)),
    data,
  })
  const total = output(ports.energy)
  const parts = program.terms.map((name) => ({ name, value: output(ports.term(name)) }))
  const slopes = program.states.flatMap(({ name, axes, smooth }) => (smooth ? [{ name, axes, data: output(ports.gradient(name)) }] : []))
  // Without inherited names, since terms and states are named by the user.
  const terms: Record<string, number> = Object.create(null)
  const named = (entries: readonly (readonly [string, Tensor])[]): Readonly<Record<string, Tensor>> =>
    Object.assign(Object.create(null), Object.fromEntries(entries))
  const gradient = named(slopes.map(({ name, axes, data }) => [name, tensorOf(axes, data)]))
  const responsibilities = named(
    program.responsibilities.map(({ name, axes, level }) => [name, tensorOf([...axes, level], output(ports.responsibility(name)))]),
  )
  const point: Mutable<EnergyPoint> = { energy: 0, terms, gradient, responsibilities, trouble: undefined }
  return {
    point: point as EnergyPoint,
    read(): void {
      point.energy = total[0] as number
      for (const { name, value } of parts) terms[name] = value[0] as number
      point.trouble = unreached(inside()) ?? troubleOf(point.energy, parts, slopes, program.eliminated)
    },
  }
}

/** Of a minimum inside, as a sentence. */
function unreached(trouble: string | undefined): string | undefined {
  return trouble === undefined ? undefined : `${trouble.charAt(0).toUpperCase()}${trouble.slice(1)}.`
}

type Part = { readonly name: string; readonly value: Float64Array }
type StateSlope = { readonly name: string; readonly data: Float64Array }

function troubleOf(
  energy: number,
  parts: readonly Part[],
  slopes: readonly StateSlope[],
  eliminated: EnergyProgram['eliminated'],
): string | undefined {
  if (!Number.isFinite(energy)) {
    const broken = parts.find(({ value }) => Number.isNaN(value[0])) ?? parts.find(({ value }) => !Number.isFinite(value[0]))
    const is = Number.isNaN(energy) ? 'not a number' : energy > 0 ? 'infinite' : 'minus infinity'
    const why = energy < 0 && broken !== undefined ? infiniteIntegral(broken.name, eliminated) : undefined
    return [
      `The energy is ${is}${broken === undefined ? '' : `, through the term "${broken.name}"`}.`,
      ...(why === undefined ? [] : [why]),
    ].join(' ')
  }
  for (const { name, data } of slopes) if (data.some(Number.isNaN)) return `The slope of the energy by "${name}" is not a number.`
  return undefined
}
