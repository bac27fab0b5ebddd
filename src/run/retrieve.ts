import { type Checked, checked, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bound.ts'
import { retrieving } from '../memory/batch.ts'
import { type ModeFinder, modeFinder } from '../memory/joint-mode.ts'
import { type Machine, type MachineOptions, openMachine } from '../memory/machine.ts'
import type { RelaxOptions } from '../memory/options.ts'
import type { Retrieval } from '../memory/retrieve.ts'
import type { Target } from '../middle/executable.ts'
import type { ValueType } from '../middle/model.ts'
import type { OpenSetting } from '../middle/open.ts'
import { stated } from '../middle/options.ts'
import type { RetrievalProgram } from '../middle/program.ts'
import { type Climb, climbing } from './climbing.ts'
import { openTold } from './eliminated.ts'
import { type Gathered, gathering } from './gathering.ts'
import { openInner } from './inner.ts'
import { type Prepared, prepared } from './prepared.ts'
import { reporter } from './reported.ts'
import type { RetrievalParts, Retrieved, RunRetrieveOptions } from './retrieval.ts'
import type { DrawPrior } from './start-draw.ts'

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
export interface Underway extends Gathered {
  readonly path: Generator<void, void, void>
}

/** All of them. */
export function finished({ found, path }: Underway): readonly Retrieved[] {
  while (!path.next().done);
  return found.map((r) => must(r, 'retrieval'))
}

/** Begins to retrieve every cue in turn. `machineOf`: for whoever keeps machines. */
export function beginRetrieve(
  parts: RetrievalParts,
  target: Target,
  given: Bound,
  options: RunRetrieveOptions,
  draw?: DrawPrior,
  machineOf = (ready: Prepared): Machine => opened(ready),
): Checked<Underway> {
  const { value: ready, diagnostics } = prepared(parts, target, given, options, draw)
  if (ready === undefined) return unmade(diagnostics)
  const gathered = gathering(ready)
  return checked({ ...gathered, path: retrieveAll(machineOf(ready), ready, options, gathered) }, diagnostics)
}

/** The program on a backend; the run's own, unless said. */
export function opened({ run, perCue }: Prepared, more: MachineOptions = {}, target = run.target): Machine {
  const inner = run.parts.inner && openInner(run, run.parts.inner, perCue)
  return openMachine(run.parts.program, target, run.sizes, run.fixed, { perCue, ...(inner && { inner }), ...more })
}

/** Goes through all starts, in their order, gathers how they end, and gives the machine back. */
export function* retrieveAll(
  machine: Machine,
  ready: Prepared,
  options: RunRetrieveOptions,
  { keep, pass }: Pick<Gathered, 'keep' | 'pass'>,
): Generator<void, void, void> {
  const { starts, rungs, perCue } = ready
  const last = must(rungs.at(-1), 'rung').run
  // What differs from cue to cue comes with each end.
  const setting = { ...last, fixed: new Map([...last.fixed].filter(([name]) => !perCue.includes(name))) }
  const reports = last.parts.reports.length === 0 ? undefined : reporter(setting)
  const gone = last.parts.program.eliminated
  const tell = gone.length === 0 ? () => ({}) : openTold(gone, setting)
  const modes = openModes(setting, ready)
  const said = stated(options)
  const optionsOf = (k: number): RelaxOptions => {
    const { clamp, unsaid, number } = must(starts[k], 'start')
    // Where a sequence has led to a minimum, the next of its energies may have a saddle.
    return { probe: unsaid || rungs.length > 1, ...said, clamp, start: number }
  }
  const settle = (k: number, { cue, ends, whole }: Climb): void => {
    const ended = { ...cue, ...numbersOf(whole), ...Object.fromEntries(machine.inner?.values ?? []) }
    const told = { eliminated: tell((name) => ended[name], whole.energy), reported: reports?.at(ended) ?? {} }
    const { drawn, temperature } = last
    const joint = modes?.find(ended) ?? (machine.program.modes && whole.marginal)
    const summedOut = { ...(joint && { joint }), likeliest: joint ?? whole.marginal }
    keep(k, { ...outward(machine.program, { ...whole, ...summedOut }), ...told, drawn, temperature, starts: [], rungs: ends })
  }
  // Tensors outlive an error where nobody disposes of them.
  try {
    const cues = starts.map((s) => s.cue)
    yield* rungs.length === 1
      ? retrieving(machine, cues, optionsOf, (k, whole) => settle(k, { cue: must(cues[k], 'cue'), ends: [], whole }))
      : climbing(machine, { rungs, perCue, cues }, optionsOf, { settle, pass })
  } finally {
    modes?.dispose()
    machine.dispose()
    reports?.dispose()
  }
}

/** What states hold where they ended, by name. */
function numbersOf({ states }: Retrieval): Readonly<Record<string, Float64Array>> {
  return Object.fromEntries(Object.entries(states).map(([name, { data }]) => [name, data]))
}

/** Elements of an axis are numbered from 0 inside and from 1 outside. */
function outward<R extends Retrieval & Pick<Retrieved, 'joint' | 'likeliest'>>(program: RetrievalProgram, retrieval: R): R {
  const numbered = (set: Retrieval['states'], of: readonly { readonly name: string; readonly type: ValueType }[]): Retrieval['states'] => {
    const elements = new Set(of.filter((d) => d.type.kind === 'element').map((d) => d.name))
    return Object.fromEntries(
      Object.entries(set).map(([name, t]) => [name, elements.has(name) ? { ...t, data: t.data.map((v) => v + 1) } : t]),
    )
  }
  const { states, marginal, joint, likeliest } = retrieval
  return {
    ...retrieval,
    states: numbered(states, program.discrete),
    marginal: numbered(marginal, program.responsibilities),
    ...(joint && { joint: numbered(joint, program.responsibilities) }),
    likeliest: numbered(likeliest, program.responsibilities),
    path: retrieval.path.map((m) => (m.states === undefined ? m : { ...m, states: numbered(m.states, program.discrete) })),
  }
}

/** In double precision, wherever the states were moved. */
function openModes(setting: OpenSetting, { perCue, rungs }: Prepared): ModeFinder | undefined {
  const { modes = [] } = must(rungs.at(-1), 'rung').run.parts.program
  return modes.length === 0 ? undefined : modeFinder(modes, { ...setting, still: perCue })
}
