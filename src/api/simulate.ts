import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole, GivenSignal } from '../bind/bound.ts'
import { shapeOf } from '../bind/given.ts'
import { typeTrouble } from '../bind/troubles.ts'
import { element } from '../bind/values.ts'
import { readings } from '../compile/readings.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import { type OptionsOf, ofRun } from '../middle/options.ts'
import type { SimulationProgram } from '../middle/simulation-program.ts'
import { statesOf } from '../middle/situation.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import { type RunSimulateOptions, runSimulation, type Simulated, type Trajectory } from '../run/simulate.ts'
import type { Signal } from '../run/simulation/signals.ts'
import { row } from '../run/start.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { loopsFor } from './backend.ts'
import type { Loaded } from './load.ts'
import { simulationParts } from './pipeline.ts'
import { seenWith } from './seen-with.ts'

export type SimulateOptions = OptionsOf<'simulate'>

export interface SimulateResult {
  /** One for each start that was given, and of flows with noise for each path of it. */
  readonly trajectories: readonly (Trajectory & { readonly start: number; readonly path: number })[]
  readonly program: Pick<SimulationProgram, 'clock' | 'jumps' | 'affine' | 'hasEnergy'>
  readonly drawn: Simulated['drawn']
  readonly bound: Bound
  /** Statements of the model that this has no use for. */
  readonly unused: readonly Unused[]
}

/**
 * Runs a model forward in time: its flows (dx/dt), steps and jumps, with inputs over time. States start from what is given of them,
 * a trajectory for each row, else from their defaults or what their `from` says.
 */
export function simulate(model: Loaded, given: GivenByRole, options: SimulateOptions = {}): Checked<SimulateResult> {
  const loaded = seenWith(model, given)
  const wrong = optionTroubles('simulate', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const { energy } = loaded
  const states = statesOf(energy)
  const parts = simulationParts(energy, options.report)
  const { signals = [] } = given
  const strange = signals.flatMap((s) => strangeInput(s, energy.declared) ?? [])
  const found = [...wrong, ...parts.diagnostics, ...strange]
  if (parts.value === undefined || hasErrors(found)) return unmade(found)
  const begins = [...given.observed, ...given.cues]
  const all = { ...given, fixed: [...given.fixed, ...signals.map(firstRow)], observed: begins, cues: [] }
  const bound = bind(energy, all, states)
  found.push(...bound.diagnostics)
  if (bound.value === undefined || hasErrors(found)) return unmade(found)
  const { value } = bound
  const sizes = madeSizes(parts.value.program.axes, value.sizes)
  const read = signals.map((s) => signalOf(s, energy.declared, sizes))
  found.push(...read.flatMap((r) => r.diagnostics))
  if (hasErrors(found)) return unmade(found)
  const tracks = read.flatMap((r) => r.value ?? [])
  const { target } = loopsFor(sizes)
  const trajectories: SimulateResult['trajectories'][number][] = []
  let drawn: SimulateResult['drawn'] = {}
  try {
    for (let start = 0; start < value.count; start += 1) {
      const own = Object.fromEntries(Object.entries(value.observed).map(([name, batch]) => [name, { count: 1, data: row(batch, start) }]))
      const run = runSimulation(
        parts.value,
        target,
        { ...value, observed: own, count: 1 },
        tracks,
        ofRun<RunSimulateOptions>('simulate', options),
        drawPrior,
      )
      if (start === 0) found.push(...run.diagnostics)
      if (run.value === undefined) return unmade(start === 0 ? found : [...found, ...run.diagnostics])
      drawn = run.value.drawn
      trajectories.push(...run.value.trajectories.map((t, path) => ({ ...t, start, path })))
    }
  } catch (error) {
    return unmade([...found, ...outOfMemory(error, sizes)])
  }
  const { clock, jumps, affine, hasEnergy } = parts.value.program
  const unused = unusedBy([readings.simulate], loaded.model)
  return checked({ trajectories, program: { clock, jumps, affine, hasEnergy }, drawn, bound: value, unused }, found)
}

function strangeInput({ name, from, time }: GivenSignal, declared: readonly EnergyVariable[]): Diagnostic | undefined {
  const inputs = declared.filter((v) => v.role === 'input').map((v) => v.name)
  if (!inputs.includes(name)) {
    const other = declared.find((v) => v.name === name)
    const hint =
      other === undefined
        ? didYouMean(name, inputs)
        : `It is ${other.role === 'data' ? 'data' : `a ${other.role}`}: declare it as input ${name}.`
    const expected = inputs.length === 0 ? 'a model with an input' : `an input: ${inputs.join(', ')}`
    return diagnostic('AMP735', `"${name}" is no input of the model.`, { place: from, expected, ...(hint === undefined ? {} : { hint }) })
  }
  const at = time.findIndex((t, i) => !Number.isFinite(t) || (i > 0 && !(t > (time[i - 1] as number))))
  if (time.length === 0)
    return diagnostic('AMP735', `${from} has no row.`, { place: from, expected: 'a row for each time from which on a value holds' })
  if (at < 0) return undefined
  return diagnostic('AMP735', `The times of "${name}" do not rise: row ${at + 1} has ${time[at]}.`, {
    place: from,
    expected: 'times that rise from row to row',
  })
}

/** What binding sees of an input over time: its first row. */
function firstRow(signal: GivenSignal): GivenByRole['fixed'][number] {
  const { value, time, name, from } = signal
  const [, ...shape] = shapeOf(value)
  const width = shape.reduce((a, b) => a * b, 1)
  if (value.kind === 'labels')
    return { name, from, value: { kind: 'labels', labels: value.labels.slice(0, width), ...(shape.length === 1 ? {} : { shape }) } }
  const { columns } = value
  return {
    name,
    from,
    value: { kind: 'numbers', shape, data: value.data.slice(0, time.length === 0 ? 0 : width), ...(columns && { columns }) },
  }
}

/** All rows, each of which must be a value of the input. */
function signalOf({ name, from, time, value }: GivenSignal, declared: readonly EnergyVariable[], sizes: Bound['sizes']): Checked<Signal> {
  const variable = declared.find((v) => v.name === name)
  if (variable === undefined) return unmade([])
  const { axes, type } = variable
  if (value.kind === 'labels') {
    const expected = 'numbers'
    return unmade([diagnostic('AMP735', `The input "${name}" is given as texts.`, { place: from, expected })])
  }
  const width = volumeOver(axes, sizes)
  const minus = type.kind === 'element' ? 1 : 0
  const values = value.data.map((v) => v - minus)
  for (let r = 0; r < time.length; r += 1) {
    const own = values.slice(r * width, (r + 1) * width)
    const missing = own.findIndex(Number.isNaN)
    const trouble =
      missing >= 0 ? { at: missing, said: 'has no number', expected: 'a number in every row' } : typeTrouble({ axes, type }, own, sizes)
    if (trouble === undefined) continue
    const where = element(axes, sizes, trouble.at, false)
    const message = `The input "${name}" ${trouble.said} at t = ${time[r]}${where === '' ? '' : ` (${where})`}.`
    return unmade([diagnostic('AMP735', message, { place: from, expected: trouble.expected })])
  }
  return checked({ name, time, values, width }, [])
}
