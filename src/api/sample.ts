import { type Checked, hasErrors } from '../base/diagnostic.ts'
import { type Bound, bind, type GivenByRole } from '../compile/bind.ts'
import { defaultsOf } from '../compile/defaults.ts'
import type { Energy } from '../compile/energy.ts'
import { inversesOf } from '../compile/inverse.ts'
import { madeSizes } from '../compile/made-sizes.ts'
import { marginalise } from '../compile/marginalise.ts'
import { onlyOutputs } from '../compile/outputs.ts'
import type { SamplingProgram } from '../compile/program.ts'
import { reportsOf } from '../compile/reports.ts'
import { readSampling } from '../compile/sampling.ts'
import type { Graph } from '../ir/graph.ts'
import { type Backend, type BackendName, chooseBackend } from './backend.ts'
import type { Loaded } from './load.ts'
import { observedWhole } from './observed.ts'
import { type RunSampleOptions, runSample, type Sampled, type SamplingParts } from './runtime/sample.ts'

export interface SampleOptions extends RunSampleOptions {
  /** Lets to report besides the states. */
  readonly report?: readonly string[]
  readonly backend?: BackendName
}

export interface SampleResult extends Sampled {
  readonly bound: Bound
  readonly backend: Pick<Backend, 'name' | 'why'>
}

/** The probability reading: draws from exp(-E/T) given what is observed. */
export async function sample(loaded: Loaded, given: GivenByRole, options: SampleOptions = {}): Promise<Checked<SampleResult>> {
  const bound = bind(loaded.energy, given)
  if (bound.value === undefined) return { diagnostics: bound.diagnostics }
  const parts = samplingParts(loaded.energy, observedWhole(bound.value), options.report)
  const diagnostics = [...bound.diagnostics, ...parts.diagnostics]
  if (parts.value === undefined || hasErrors(diagnostics)) return { diagnostics }
  const backend = await chooseBackend(options.backend ?? 'auto', { cues: 1, numbers: 0, known: madeSizes(parts.value.program.axes, {}) })
  const run = runSample(parts.value, backend.target, bound.value, options)
  diagnostics.push(...run.diagnostics)
  if (run.value === undefined || hasErrors(diagnostics)) return { diagnostics }
  return { value: { ...run.value, bound: bound.value, backend: { name: backend.name, why: backend.why } }, diagnostics }
}

/** The sampling program of a model, with what is needed to give it values. */
export function samplingParts(energy: Energy, observed: ReadonlySet<string>, report: readonly string[] = []): Checked<SamplingParts> {
  const summed = marginalise(energy, 'auto', { observed })
  if (summed.value === undefined) return { diagnostics: summed.diagnostics }
  const program = readSampling(summed.value, { observed })
  const defaults = defaultsOf(energy.model)
  const reports = reportsOf(energy.model, report)
  const diagnostics = [...summed.diagnostics, ...program.diagnostics, ...defaults.diagnostics, ...reports.diagnostics]
  if (program.value === undefined || defaults.value === undefined || reports.value === undefined || hasErrors(diagnostics))
    return { diagnostics }
  const inverses = inversesOf(energy.model, program.value.states)
  return {
    value: { program: program.value, steps: stepsOf(program.value), defaults: defaults.value, inverses, reports: reports.value },
    diagnostics,
  }
}

/** The outputs that a sampler's steps read. */
function stepsOf({ graph, discrete }: SamplingProgram): Graph {
  const read = discrete.length === 0 ? /^(energy$|gradient:)/ : /^(energy$|gradient:|value:)/
  return onlyOutputs(graph, new Map(graph.outputs.filter((o) => read.test(o.name)).map((o) => [o.name, o.name])))
}
