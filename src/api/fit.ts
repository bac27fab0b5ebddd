import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { type Given, numbers } from '../bind/given.ts'
import { improperForms } from '../compile/conditionals/improper.ts'
import { askedOf } from '../compile/infer.ts'
import { sharedAxes, withSticks } from '../compile/random/sticks.ts'
import { readings } from '../compile/readings.ts'
import { plainTemperature } from '../compile/temperature.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import type { Sizes } from '../ir/graph.ts'
import { sizeOf } from '../ir/layout.ts'
import type { Target } from '../middle/executable.ts'
import type { Sharing } from '../middle/fit-program.ts'
import { defaults, type OptionsOf, ofRun, stated } from '../middle/options.ts'
import { type Situation, unknownsOf } from '../middle/situation.ts'
import { type FitMethod, type Fitted, type RunFitOptions, runFit } from '../run/fit.ts'
import type { BlackBoxMethod } from '../run/fit-methods.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import type { StateTail } from '../run/states-tails.ts'
import { runVariational } from '../run/variational.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { kernel } from '../targets/kernel.ts'
import { fasterKnowing, mayUseWasm } from '../targets/wasm.ts'
import { loopsFor } from './backend.ts'
import { posteriorTarget } from './density.ts'
import { idleFitOptions } from './idle-options.ts'
import { improperDensities } from './improper.ts'
import type { Loaded } from './load.ts'
import { situationIn } from './observed.ts'
import { fitParts } from './pipeline.ts'
import { askedWith, seenWith } from './seen-with.ts'

export type FitOptions = OptionsOf<'fit'>

export interface FitResult extends Fitted {
  readonly bound: Bound
  /** Rules and objectives, which are no part of E. */
  readonly unused: readonly Unused[]
  /** Why it was not coordinate ascent, where nobody chose. */
  readonly why?: string
}

/**
 * Variational inference: a density q that is simple and near exp(-E/T), by the option `method`. Coordinate ascent makes the evidence lower
 * bound of a product of conditional forms as large as it finds it (AMP614 where a variable that moves has no such form); the other
 * methods fit normal densities of unconstrained coordinates by gradients (AMP604 where a discrete state would have to move).
 */
export function fit(model: Loaded, given: GivenByRole, options: FitOptions = {}): Checked<FitResult> {
  const loaded = seenWith(model, given)
  const wrong = optionTroubles('fit', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const { method = defaults.method } = options
  if (method !== 'auto' && method !== 'ascent') return told(fitBlackBox(loaded, given, method, options), method, options)
  const found = fitByAscent(loaded, given, options)
  const why = method === 'auto' ? found.diagnostics.find((d) => formless.has(d.code)) : undefined
  if (why === undefined) return told(found, 'ascent', options)
  const instead = fitBlackBox(loaded, given, 'mean-field', options, why.message)
  if (instead.value === undefined) return unmade([...found.diagnostics, ...instead.diagnostics])
  return told(instead, 'mean-field', options)
}

/** What keeps coordinate ascent from a model, and is nothing to the methods that go by gradients. */
const formless: ReadonlySet<string> = new Set(['AMP511', 'AMP612', 'AMP614'])

function told({ value, diagnostics }: Checked<FitResult>, method: FitMethod, options: FitOptions): Checked<FitResult> {
  const all = [...diagnostics, ...idleFitOptions(method, options)]
  return value === undefined ? unmade(all) : checked(value, all)
}

function fitByAscent(loaded: Loaded, given: GivenByRole, options: FitOptions): Checked<FitResult> {
  if (sharedAxes(loaded.energy).length === 0) return fitWithin(loaded, given, { ...options, truncation: 0, grows: false })
  const found = grown(loaded, given, options)
  const { value } = found
  const used = value?.elements.map((e) => e.used) ?? []
  if (value === undefined || value.outcome.kind === 'failed') return found
  // Who takes what may be given.
  if (used.length === 0) return fitWithin(loaded, given, { truncation: defaults.truncation, ...options, grows: false })
  // Elements that no row takes say nothing, but an unknown concentration would take each for one that it was asked about.
  const cut = fitWithin(loaded, startingFrom(loaded, given, value), {
    ...options,
    starts: 1,
    stochastic: 0,
    truncation: Math.max(...used),
    grows: false,
  })
  return cut.value === undefined ? cut : checked({ ...cut.value, starts: value.starts, start: value.start }, cut.diagnostics)
}

/** Draws where they are not the result. */
const FEW = 2

/** With as many elements of random axes as rows come to take. */
function grown(loaded: Loaded, given: GivenByRole, options: FitOptions): Checked<FitResult> {
  let [{ truncation = defaults.truncation }, now] = [options, given]
  for (;;) {
    const found = fitWithin(loaded, now, { ...options, draws: FEW, truncation, grows: true })
    if (found.value === undefined || found.value.elements.every((e) => !e.full)) return found
    now = startingFrom(loaded, given, found.value)
    truncation *= 2
  }
}

/** Rows as they are shared out go on from there. */
function startingFrom({ energy }: Loaded, given: GivenByRole, { elements, bound }: FitResult): GivenByRole {
  const starts = elements
    .flatMap((e) => e.assigned)
    .map(({ name, values }): Given => {
      const axes = must(energy.variables.find((v) => v.name === name), name).axes // biome-ignore format: one thought
      const shape = axes.map((a) => sizeOf(a, bound.sizes))
      return { name, from: 'an earlier truncation', value: numbers(shape, Float64Array.from(values)) }
    })
  return { ...given, cues: [...given.cues.filter((c) => starts.every((s) => s.name !== c.name)), ...starts] }
}

/** By gradients of the log density of coordinates. */
function fitBlackBox(loaded: Loaded, given: GivenByRole, method: BlackBoxMethod, options: FitOptions, why?: string): Checked<FitResult> {
  const { energy, model } = loaded
  const said = { ...plainTemperature(energy), ...stated(options) }
  const { value: asked, diagnostics: refused } = askedOf(energy, 'fit', askedWith(energy, 'fit', said, given))
  if (asked === undefined) return unmade(refused)
  const bound = bind(energy, given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    const opened = posteriorTarget(loaded, { ...bound, value: bound.value }, asked)
    if (opened.value === undefined) return unmade(opened.diagnostics)
    const { parts, bound: whole, target } = opened.value
    const improper = (tails: readonly StateTail[], sizes: Sizes) => improperDensities(energy, tails, sizes)
    const fitted = runVariational(parts, target, whole, method, ofRun<RunFitOptions>('fit', options), improper)
    const diagnostics = [...opened.diagnostics, ...fitted.diagnostics]
    if (fitted.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
    const chosen = why === undefined ? {} : { why }
    return checked({ ...fitted.value, ...chosen, bound: bound.value, unused: unusedBy([readings.fit], model) }, diagnostics)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes)])
  }
}

interface CutShort extends FitOptions {
  readonly truncation: number
  readonly grows: boolean
}

/** With so many elements of every random axis. */
function fitWithin(loaded: Loaded, given: GivenByRole, { truncation, grows, ...options }: CutShort): Checked<FitResult> {
  const energy = withSticks(loaded.energy, truncation)
  const said = { ...plainTemperature(energy), ...stated(options) }
  const { value: asked, diagnostics: refused } = askedOf(energy, 'fit', askedWith(energy, 'fit', said, given))
  if (asked === undefined) return unmade(refused)
  const bound = bind(energy, given, unknownsOf(asked))
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    return fitBound({ ...loaded, energy }, { ...bound, value: bound.value }, asked, options, {
      ...{ axes: sharedAxes(loaded.energy), grows },
      inBatches: options.batch !== undefined,
    })
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes)])
  }
}

/** Loops that rely on all sizes: graphs are opened at several. */
const loopsAt: Target = (graph, sizes, options) => (mayUseWasm() ? fasterKnowing(sizes) : kernel)(graph, sizes, options)

function fitBound(
  { energy, model }: Loaded,
  { value: bound, diagnostics: before }: Checked<Bound> & { readonly value: Bound },
  asked: Situation,
  options: FitOptions,
  shared: Sharing,
): Checked<FitResult> {
  const situation = situationIn(energy, asked, bound)
  const improper = improperForms(energy, situation, new Set(Object.keys(bound.observed)))
  if (improper.length > 0) return unmade([...before, ...improper])
  const parts = fitParts(energy, situation, shared)
  if (parts.value === undefined) return unmade([...before, ...parts.diagnostics])
  const meeting = options.batch === undefined || parts.value.fit.rows !== undefined ? [] : [rowsMeet(parts.value.fit.meeting)]
  if (meeting.length > 0) return unmade([...before, ...meeting])
  const backend = loopsFor({})
  const fitted = runFit(parts.value, loopsAt, bound, ofRun<RunFitOptions>('fit', options))
  const diagnostics = [...before, ...parts.diagnostics, ...backend.diagnostics, ...fitted.diagnostics]
  if (fitted.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  return checked({ ...fitted.value, bound, unused: unusedBy([readings.fit], model) }, diagnostics)
}

function rowsMeet(statements: readonly string[]): Diagnostic {
  const named = statements.map((name) => `"${name}"`).join(', ')
  const why = statements.length === 0 ? 'no axis that it varies over is one of rows' : `its rows meet in ${named}`
  return diagnostic('AMP615', `This model cannot be fitted in batches: ${why}.`, {
    expected: 'a mean of E that is a sum over rows, of what each has of its own times what all share',
    hint: 'Leave out --batch.',
  })
}
