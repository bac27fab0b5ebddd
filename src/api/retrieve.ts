import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { askedOf } from '../compile/infer.ts'
import { waysOfModes } from '../compile/joint-modes.ts'
import { discreteMoving } from '../compile/marginalise.ts'
import { readings } from '../compile/readings.ts'
import { relaxedNames, withRelaxed } from '../compile/relax/distribution.ts'
import { relax } from '../compile/relax.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import { defaults, type OptionsOf, ofRun } from '../middle/options.ts'
import { keeping, type Situation, unknownsOf } from '../middle/situation.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import type { RetrievalParts, Retrieved, RunRetrieveOptions } from '../run/retrieval.ts'
import { beginRetrieve, type Underway } from '../run/retrieve.ts'
import { startedByDraws } from '../run/start.ts'
import { beginRetrieveWide } from '../run/wide.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { type Backend, chooseBackend } from './backend.ts'
import { atOnce, type Busy, type Pace, plainly } from './busy.ts'
import { idleOptions } from './idle-options.ts'
import { explainedRetrieval } from './impossible.ts'
import type { KeptRetrievals } from './kept-retrievals.ts'
import { withKnownParts } from './known-part.ts'
import type { Loaded } from './load.ts'
import { situationIn } from './observed.ts'
import { retrievalParts } from './pipeline.ts'
import { askedWith, seenWith } from './seen-with.ts'

/** A discrete state that a cue is given for is kept: it starts there and moves. */
export interface RetrieveOptions extends OptionsOf<'retrieve'>, RunRetrieveOptions {
  /** How the work is run; as it is. */
  readonly busy?: Busy
  /** How the cues are gone through; at a stretch. */
  readonly pace?: Pace
}

export interface RetrieveResult {
  /** One a cue, or each of those that were at their end where a `pace` left off. */
  readonly retrievals: readonly Retrieved[]
  /** Which cue each is of, from 0. */
  readonly cues: readonly number[]
  readonly bound: Bound
  readonly backend: Pick<Backend, 'name' | 'why'>
  /** States that started from draws of what their `from` says. */
  readonly started: readonly string[]
  /** T of exp(-E/T), at which states are summed out. */
  readonly temperature: number
  /** By what the values of each state that was summed out are found (`likeliest`): `joint mode by Viterbi along "t"`. */
  readonly modes: Readonly<Record<string, string>>
  /** Statements of the model that this has no use for: rules and objectives. */
  readonly unused: readonly Unused[]
}

/** The memory reading: relaxes each cue downhill to a fixed point of the energy. */
export function retrieve(model: Loaded, given: GivenByRole, options: RetrieveOptions = {}): Promise<Checked<RetrieveResult>> {
  return retrieveAmong(undefined, model, given, options)
}

/** The same among others of one model that come one after the other; reports on variables that went are left out. */
export async function retrieveAmong(
  kept: KeptRetrievals | undefined,
  model: Loaded,
  given: GivenByRole,
  options: RetrieveOptions,
): Promise<Checked<RetrieveResult>> {
  const loaded = seenWith(model, given)
  const wrong = optionTroubles('retrieve', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const { energy } = loaded
  const ask = (): Checked<Situation> => askedOf(energy, 'retrieve', askedWith(energy, 'retrieve', options, given))
  const { value: asked, diagnostics: refused } = kept?.made([options, given.fixed.map((item) => item.name)], ask) ?? ask()
  if (asked === undefined) return unmade(refused)
  const bound = bind(withRelaxed(loaded.energy, asked, given.observed), given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    return await retrieveBound(loaded, { ...bound, value: bound.value }, asked, options, kept)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes)])
  }
}

async function retrieveBound(
  loaded: Loaded,
  bound: Checked<Bound> & { readonly value: Bound },
  asked: Situation,
  options: RetrieveOptions,
  kept: KeptRetrievals | undefined,
): Promise<Checked<RetrieveResult>> {
  const { energy } = loaded
  const situation = situationIn(energy, keepingCued(energy, bound.value, asked), bound.value)
  const compiled = (): Checked<RetrievalParts> => retrievalParts(energy, situation, options.report)
  const parts = kept?.made([situation, options.report], () => untold(compiled())) ?? compiled()
  const diagnostics = [...bound.diagnostics, ...parts.diagnostics]
  if (parts.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  const backend = await chooseBackend(options.backend ?? defaults.backend, {
    retrieval: { cues: bound.value.count, numbers: storedNumbers(bound.value) },
    known: madeSizes(parts.value.program.axes, {}),
    main: { graph: parts.value.program.graph, sizes: madeSizes(parts.value.program.axes, bound.value.sizes) },
  })
  diagnostics.push(...idleOptions(parts.value.program, options))
  const { busy = plainly, pace = atOnce } = options
  const seen = { ...loaded, energy: relax(energy, relaxedNames(asked)).value ?? energy }
  const { value: program } = parts
  const begun = busy(() =>
    begin(backend, program, withKnownParts(bound.value, situation), ofRun<RunRetrieveOptions>('retrieve', options), kept),
  )
  diagnostics.push(...backend.diagnostics, ...begun.diagnostics)
  if (begun.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  const { found, path, progress, said, temperature } = begun.value
  await pace(path, progress)
  const cues = found.flatMap((r, k) => (r === undefined ? [] : [k]))
  const retrievals = found.flatMap((r) => (r === undefined ? [] : [explainedRetrieval(r, seen, bound.value)]))
  const unused = unusedBy([readings.retrieve], loaded.model)
  const started = startedByDraws(program, bound.value)
  return checked(
    { retrievals, started, cues, backend: said(), bound: bound.value, modes: waysOfModes(program.program), unused, temperature },
    diagnostics,
  )
}

/** The same without reports on variables that went. */
function untold(parts: Checked<RetrievalParts>): Checked<RetrievalParts> {
  return parts.ok ? { ...parts, value: { ...parts.value, program: { ...parts.value.program, eliminated: [] } } } : parts
}

interface Begun extends Underway {
  /** What it turned out to run on. */
  said(): RetrieveResult['backend']
}

/** All cues at once on a backend for that, one after the other on the rest. */
function begin(
  backend: Backend,
  parts: RetrievalParts,
  bound: Bound,
  options: RunRetrieveOptions,
  kept: KeptRetrievals | undefined,
): Checked<Begun> {
  const { name, why, wide } = backend
  if (wide === undefined) {
    const { value, diagnostics } = beginRetrieve(parts, backend.target, bound, options, drawPrior, kept?.machine)
    return value === undefined ? unmade(diagnostics) : checked({ ...value, said: () => ({ name, why }) }, diagnostics)
  }
  const { value, diagnostics } = beginRetrieveWide(parts, wide, bound, options, drawPrior)
  if (value === undefined) return unmade(diagnostics)
  const said = (): RetrieveResult['backend'] =>
    value.wide ? { name, why: [why, ...value.notes].join(' ') } : { name: 'kernel', why: value.notes.join(' ') }
  return checked({ ...value, said }, diagnostics)
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
