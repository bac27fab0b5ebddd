import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import { type Bound, bind, type GivenByRole } from '../bind/bind.ts'
import { discreteMoving } from '../compile/marginalise.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import { defaults, type OptionsOf, ofRun } from '../middle/options.ts'
import { keeping, type Situation, situationOf, unknownsOf } from '../middle/situation.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import { type RetrievalParts, type Retrieved, type RunRetrieveOptions, runRetrieve } from '../run/retrieve.ts'
import { runRetrieveWide } from '../run/wide.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { type Backend, chooseBackend } from './backend.ts'
import { type Busy, plainly } from './busy.ts'
import { explainedRetrieval } from './impossible.ts'
import type { Loaded } from './load.ts'
import { situationIn } from './observed.ts'
import { retrievalParts } from './pipeline.ts'

/** A discrete state that a cue is given for is kept: it starts there and moves. */
export interface RetrieveOptions extends OptionsOf<'retrieve'>, RunRetrieveOptions {
  /** How the work is run; as it is. */
  readonly busy?: Busy
}

export interface RetrieveResult {
  /** One a cue. */
  readonly retrievals: readonly Retrieved[]
  readonly bound: Bound
  readonly backend: Pick<Backend, 'name' | 'why'>
}

/** The memory reading: relaxes each cue downhill to a fixed point of the energy. */
export async function retrieve(loaded: Loaded, given: GivenByRole, options: RetrieveOptions = {}): Promise<Checked<RetrieveResult>> {
  const wrong = optionTroubles('retrieve', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const asked = situationOf(loaded.energy, options)
  const bound = bind(loaded.energy, given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    return await retrieveBound(loaded, { ...bound, value: bound.value }, asked, options)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes)])
  }
}

async function retrieveBound(
  loaded: Loaded,
  bound: Checked<Bound> & { readonly value: Bound },
  asked: Situation,
  options: RetrieveOptions,
): Promise<Checked<RetrieveResult>> {
  const { energy } = loaded
  const parts = retrievalParts(energy, situationIn(energy, keepingCued(energy, bound.value, asked), bound.value))
  const diagnostics = [...bound.diagnostics, ...parts.diagnostics]
  if (parts.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  const backend = await chooseBackend(options.backend ?? defaults.backend, {
    retrieval: { cues: bound.value.count, numbers: storedNumbers(bound.value) },
    known: madeSizes(parts.value.program.axes, {}),
  })
  const { busy = plainly } = options
  const { value: program } = parts
  const run = busy(() => runOn(backend, program, bound.value, ofRun<RunRetrieveOptions>('retrieve', options)))
  diagnostics.push(...backend.diagnostics, ...run.diagnostics)
  if (run.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  const retrievals = run.value.retrievals.map((r) => explainedRetrieval(r, loaded, bound.value))
  return checked({ ...run.value, retrievals, bound: bound.value }, diagnostics)
}

type Ran = Pick<RetrieveResult, 'retrievals' | 'backend'>

/** All cues at once on a backend for that, one after the other on the rest. */
function runOn(backend: Backend, parts: RetrievalParts, bound: Bound, options: RunRetrieveOptions): Checked<Ran> {
  const { name, why, wide } = backend
  if (wide === undefined) {
    const { value, diagnostics } = runRetrieve(parts, backend.target, bound, options, drawPrior)
    return value === undefined ? unmade(diagnostics) : checked({ retrievals: value, backend: { name, why } }, diagnostics)
  }
  const { value, diagnostics } = runRetrieveWide(parts, wide, bound, options, drawPrior)
  if (value === undefined) return unmade(diagnostics)
  const said = value.wide ? { name, why: [why, ...value.notes].join(' ') } : ({ name: 'kernel', why: value.notes.join(' ') } as const)
  return checked({ retrievals: value.retrievals, backend: said }, diagnostics)
}

function keepingCued(energy: Energy, { cues }: Bound, asked: Situation): Situation {
  return keeping(
    asked,
    discreteMoving(energy, asked).flatMap(({ name }) => (cues[name] === undefined ? [] : [name])),
  )
}

function storedNumbers(bound: Bound): number {
  return Object.values(bound.values).reduce((sum, data) => sum + data.length, 0)
}
