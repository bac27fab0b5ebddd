import { type Checked, checked, type Diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bound.ts'
import { retrieving } from '../memory/batch.ts'
import { type Machine, type MachineOptions, openMachine } from '../memory/machine.ts'
import type { RelaxOptions } from '../memory/options.ts'
import type { Cue, Retrieval } from '../memory/retrieve.ts'
import type { Check } from '../middle/check.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Target } from '../middle/executable.ts'
import type { ValueType } from '../middle/model.ts'
import { type OptionsOf, stated } from '../middle/options.ts'
import type { Default, Inverse, Midpoint, PriorDraw, StatedTemperature } from '../middle/parts.ts'
import type { RetrievalProgram } from '../middle/program.ts'
import type { DrawnParams, DrawPrior } from './complete.ts'
import { type EliminatedValue, openTold } from './eliminated.ts'
import { optionTroubles } from './option-troubles.ts'
import { beginRun, type Run } from './run.ts'
import { observedInPart, row, startingPoint, whyWhole } from './start.ts'
import { unusedCues } from './unused-cues.ts'

/** A retrieval program and what is needed to give it values: plain data, so that it can be written into a module. */
export interface RetrievalParts {
  readonly program: RetrievalProgram
  readonly defaults: readonly Default[]
  /** Where what moves starts, if nothing is said. */
  readonly starts: readonly Default[]
  readonly priors: readonly PriorDraw[]
  readonly inverses: readonly Inverse[]
  readonly midpoints: readonly Midpoint[]
  /** What is looked at in the values that are given. */
  readonly checks: readonly Check[]
  /** What T is where no option says it; else 1. */
  readonly temperature?: StatedTemperature
}

/** The options of a retrieval, by the rows of `middle/option-rows.ts`. */
export interface RunRetrieveOptions extends OptionsOf<'retrieve', 'run'>, Pick<RelaxOptions, 'noise' | 'observe'> {}

/** A retrieval, and what holds of all of the run: the params with a prior that were not given and so drawn, and T. */
export interface Retrieved extends Retrieval {
  /** What is told of the variables that were integrated out or minimised, given the states at the end. */
  readonly eliminated: Readonly<Record<string, EliminatedValue>>
  readonly drawn: DrawnParams
  /** T of exp(-E/T). */
  readonly temperature: number
}

/** Retrieves every cue in turn. One result a cue. */
export function runRetrieve(
  parts: RetrievalParts,
  target: Target,
  given: Bound,
  options: RunRetrieveOptions,
  draw?: DrawPrior,
): Checked<readonly Retrieved[]> {
  const { value, diagnostics } = beginRetrieve(parts, target, given, options, draw)
  return value === undefined ? unmade(diagnostics) : checked(finished(value), diagnostics)
}

/** Retrievals that are made as `path` is gone along, which yields now and then. */
export interface Underway {
  /** By cue, once it is at its end. */
  readonly found: readonly (Retrieved | undefined)[]
  readonly path: Generator<void, void, void>
  /** T of exp(-E/T). */
  readonly temperature: number
}

/** All of them. */
export function finished({ found, path }: Underway): readonly Retrieved[] {
  while (!path.next().done);
  return found.map((r) => must(r, 'retrieval'))
}

/** Begins to retrieve every cue in turn. */
export function beginRetrieve(
  parts: RetrievalParts,
  target: Target,
  given: Bound,
  options: RunRetrieveOptions,
  draw?: DrawPrior,
): Checked<Underway> {
  const ready = prepared(parts, target, given, options, draw)
  if (ready.value === undefined) return unmade(ready.diagnostics)
  const found = new Array<Retrieved | undefined>(ready.value.starts.length).fill(undefined)
  const { temperature } = ready.value.run
  return checked({ found, temperature, path: retrieveAll(opened(ready.value), ready.value, options, found) }, ready.diagnostics)
}

/** What retrieval runs on. */
export interface Prepared {
  readonly run: Run<RetrievalParts>
  /** States observed whole whose values differ from cue to cue. */
  readonly perCue: readonly string[]
  readonly starts: readonly RetrievalStart[]
}

/** Values for everything that retrieval needs; `target` works out defaults and coordinates. */
export function prepared(
  parts: RetrievalParts,
  target: Target,
  given: Bound,
  options: RunRetrieveOptions,
  draw: DrawPrior | undefined,
): Checked<Prepared> {
  const { program } = parts
  const wrong = optionTroubles('retrieve', options, ['run'])
  if (hasErrors(wrong)) return unmade(wrong)
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const { value: run, diagnostics: found } = beginRun(parts, program.fixed, { target, bound, draw }, options)
  if (run === undefined) return unmade(found)
  const diagnostics: Diagnostic[] = [...found, ...unusedCues(bound, program)]
  const perCue = program.fixed.filter((v) => (bound.observed[v.name]?.count ?? 1) > 1).map((v) => v.name)
  const starts: RetrievalStart[] = []
  for (let i = 0; i < bound.count && !hasErrors(diagnostics); i += 1) {
    const { cue, ...rest } = startOf(run, i, diagnostics)
    const own = perCue.map((name) => [name, row(must(bound.observed[name], name), i)] as const)
    starts.push({ cue: { ...cue, ...Object.fromEntries(own) }, ...rest })
  }
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked({ run, perCue, starts }, diagnostics)
}

/** The program on a backend; the run's own, unless said. */
export function opened({ run, perCue }: Prepared, more: MachineOptions = {}, target = run.target): Machine {
  return openMachine(run.parts.program, target, run.sizes, run.fixed, { perCue, ...more })
}

/** Puts one result a start where it is `found`, in their order, and gives the machine back. */
export function* retrieveAll(
  machine: Machine,
  { starts, run }: Prepared,
  options: RunRetrieveOptions,
  found: (Retrieved | undefined)[],
): Generator<void, void, void> {
  const said = stated(options)
  const optionsOf = (k: number): RelaxOptions => {
    const { clamp, unsaid } = must(starts[k], 'start')
    return { probe: unsaid, ...said, clamp }
  }
  const cues = starts.map((s) => s.cue)
  const gone = run.parts.program.eliminated
  const tell = gone.length === 0 ? () => ({}) : openTold(gone, run)
  // Tensors outlive an error where nobody disposes of them.
  try {
    yield* retrieving(machine, cues, optionsOf, (k, r) => {
      const eliminated = tell((name) => r.states[name]?.data ?? must(cues[k], 'cue')[name])
      found[k] = { ...outward(machine.program, r), eliminated, drawn: run.drawn, temperature: run.temperature }
    })
  } finally {
    machine.dispose()
  }
}

/** Elements of an axis are numbered from 0 inside and from 1 outside. */
function outward(program: RetrievalProgram, retrieval: Retrieval): Retrieval {
  const numbered = (set: Retrieval['states'], of: readonly { readonly name: string; readonly type: ValueType }[]): Retrieval['states'] => {
    const elements = new Set(of.filter((d) => d.type.kind === 'element').map((d) => d.name))
    return Object.fromEntries(
      Object.entries(set).map(([name, t]) => [name, elements.has(name) ? { ...t, data: t.data.map((v) => v + 1) } : t]),
    )
  }
  const { states, likeliest } = retrieval
  return { ...retrieval, states: numbered(states, program.discrete), likeliest: numbered(likeliest, program.responsibilities) }
}

export interface RetrievalStart {
  readonly cue: Cue
  readonly clamp: Record<string, Uint8Array>
  /** Some state starts at the neutral point of its type, where many an energy is balanced. */
  readonly unsaid: boolean
}

/** Where the states start, in the coordinates they move in, and what of them is held. */
function startOf(run: Run<RetrievalParts>, i: number, diagnostics: Diagnostic[]): RetrievalStart {
  const { parts } = run
  // Without inherited names, since states are named by the user.
  const cue: Record<string, Float64Array> = Object.create(null)
  const clamp: Record<string, Uint8Array> = Object.create(null)
  let unsaid = false
  for (const state of [...parts.program.states, ...parts.program.discrete]) {
    const point = startingPoint(run, state, { cue: i, draw: i })
    cue[state.name] = point.coordinates
    unsaid ||= point.untouched
    const why = 'move' in state && point.held.includes(1) ? whyWhole(parts, state) : undefined
    if (why !== undefined) diagnostics.push(observedInPart(state.name, why))
    else if (!('move' in state) || state.coordinateAxes.join() === state.axes.join()) clamp[state.name] = point.held
  }
  return { cue, clamp, unsaid }
}
