import { type Checked, type Diagnostic, diagnostic, hasErrors } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { Bound } from '../../compile/bind.ts'
import type { Default } from '../../compile/defaults.ts'
import type { EnergyVariable } from '../../compile/energy.ts'
import type { Target } from '../../compile/executable.ts'
import type { Inverse } from '../../compile/inverse.ts'
import { madeSizes } from '../../compile/made-sizes.ts'
import type { RetrievalProgram, RetrievalState } from '../../compile/program.ts'
import { type Machine, openMachine } from '../../memory/machine.ts'
import type { RetrieveOptions } from '../../memory/options.ts'
import { type Cue, type Retrieval, retrieve } from '../../memory/retrieve.ts'
import { complete } from './complete.ts'
import { row, startingPoint } from './start.ts'

/** A retrieval program and what is needed to give it values: plain data, so that it can be written into a module. */
export interface RetrievalParts {
  readonly program: RetrievalProgram
  readonly defaults: readonly Default[]
  readonly inverses: readonly Inverse[]
}

export interface RunRetrieveOptions extends Omit<RetrieveOptions, 'clamp'> {
  /** T of exp(-E/T), at which discrete states are summed out; 1. */
  readonly temperature?: number
}

/** Retrieves every cue in turn. One result a cue. */
export function runRetrieve(
  parts: RetrievalParts,
  target: Target,
  given: Bound,
  options: RunRetrieveOptions,
): Checked<readonly Retrieval[]> {
  const { program } = parts
  const bound = { ...given, sizes: madeSizes(program.axes, given.sizes) }
  const completed = complete(program.fixed, parts.defaults, bound, target)
  if (completed.value === undefined) return { diagnostics: completed.diagnostics }
  const fixed = completed.value
  fixed.set('temperature', Float64Array.of(options.temperature ?? 1))
  const diagnostics: Diagnostic[] = [...completed.diagnostics]
  const machine = openMachine(program, target, bound.sizes, onlyFirst(fixed, program.fixed, bound))
  const results: Retrieval[] = []
  for (let i = 0; i < bound.count; i += 1) {
    observe(machine, program.fixed, bound, i)
    const start = startOf(parts, target, bound, fixed, i, options.seed ?? 0, diagnostics)
    if (hasErrors(diagnostics)) break
    results.push(retrieve(machine, start.cue, { ...options, clamp: start.clamp }))
  }
  machine.dispose()
  return hasErrors(diagnostics) ? { diagnostics } : { value: results, diagnostics }
}

/** One observation's worth of each buffer: batches are copied in, a cue at a time. */
function onlyFirst(
  fixed: ReadonlyMap<string, Float64Array>,
  variables: readonly EnergyVariable[],
  bound: Bound,
): Map<string, Float64Array> {
  const states = new Set(variables.filter((v) => v.role === 'state').map((v) => v.name))
  return new Map([...fixed].map(([name, data]) => [name, states.has(name) ? row(must(bound.observed[name], name), 0).slice() : data]))
}

/** Puts observation `i` of the states that are observed whole into every executable. */
function observe(machine: Machine, variables: readonly EnergyVariable[], bound: Bound, i: number): void {
  const executables = [
    machine.executable,
    ...machine.discrete.flatMap((d) => [d.prepare, d.propose, d.commit, ...(d.all === undefined ? [] : [d.all])]),
  ]
  for (const { name, role } of variables) {
    const batch = role === 'state' ? bound.observed[name] : undefined
    if (batch === undefined || (batch.count === 1 && i > 0)) continue
    for (const executable of executables) {
      executable.inputs.get(name)?.set(row(batch, i))
      executable.touch(name)
    }
  }
}

interface Start {
  readonly cue: Cue
  readonly clamp: Record<string, Uint8Array>
}

/** Where the states start, in the coordinates they move in, and what of them is held. */
function startOf(
  parts: RetrievalParts,
  target: Target,
  bound: Bound,
  fixed: ReadonlyMap<string, Float64Array>,
  i: number,
  seed: number,
  diagnostics: Diagnostic[],
): Start {
  const cue: Record<string, Float64Array> = {}
  const clamp: Record<string, Uint8Array> = {}
  for (const state of [...parts.program.states, ...parts.program.discrete]) {
    const point = startingPoint(parts, state, target, bound, fixed, i, seed)
    cue[state.name] = point.coordinates
    if (!('move' in state) || state.coordinateAxes.join() === state.axes.join()) clamp[state.name] = point.held
    else if (point.held.some((h) => h === 1)) diagnostics.push(partial(state))
  }
  return { cue, clamp }
}

function partial(state: RetrievalState): Diagnostic {
  return diagnostic('AMP511', `Some elements of "${state.name}" are observed and some are not.`, {
    expected: `all of "${state.name}" or nothing, since its elements (${state.type.kind}) depend on each other`,
  })
}
