import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import { bind } from '../bind/bind.ts'
import type { Bound, GivenByRole } from '../bind/bound.ts'
import { askedOf } from '../compile/infer.ts'
import { discreteMoving } from '../compile/marginalise.ts'
import { readings } from '../compile/readings.ts'
import { withRelaxed } from '../compile/relax/distribution.ts'
import { type Unused, unusedBy } from '../compile/unused.ts'
import { drawPrior } from '../inference/draws/prior-draw.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import { type OptionsOf, ofRun } from '../middle/options.ts'
import { keeping, type Situation, unknownsOf } from '../middle/situation.ts'
import { type EnergyRows, type KeptPoint, keptPoint, type OpenEnergy, openRows, type RunEnergyOptions } from '../run/energy.ts'
import { givenOf, type Inputs } from '../run/inputs.ts'
import { optionTroubles } from '../run/option-troubles.ts'
import { row } from '../run/start.ts'
import { outOfMemory } from '../run/within-memory.ts'
import { type Backend, loopsFor } from './backend.ts'
import { whereInTerm } from './impossible.ts'
import type { Loaded } from './load.ts'
import { energyParts } from './pipeline.ts'
import { askedWith, seenWith } from './seen-with.ts'

/** A discrete state that a value is given for is kept: the energy is that of this value. */
export type EnergyOptions = OptionsOf<'energy'>

/** The energy at each point that was given, and what belongs to all of them. */
export interface Energies extends Pick<OpenEnergy, 'summedOut' | 'defaulted' | 'drawn' | 'temperature'> {
  readonly points: readonly KeptPoint[]
  /** Rules and objectives, which are no part of E. */
  readonly unused: readonly Unused[]
  readonly bound: Bound
  readonly backend: Pick<Backend, 'name'>
}

/** Values of states by name, as `cue` of `givenOf` takes them. */
export type StatesAt = NonNullable<Inputs['cue']>

/**
 * The energy (nats), its terms and its gradient at one point: the values of `point`, and where it has none those that `given`
 * observes or has cues for. Diagnostics: those of what is given; AMP501 where a state has no value.
 */
export function energyAt(loaded: Loaded, given: GivenByRole, point: StatesAt = {}, options: EnergyOptions = {}): Checked<KeptPoint> {
  const values = givenOf({ cue: point })
  if (values.value === undefined) return unmade(values.diagnostics)
  const { cues } = values.value
  const others = (items: GivenByRole['cues']): GivenByRole['cues'] => items.filter((item) => !Object.hasOwn(point, item.name))
  const all = energies(loaded, { ...given, observed: others(given.observed), cues: [...others(given.cues), ...cues] }, options)
  const [first] = all.value?.points ?? []
  return first === undefined ? unmade(all.diagnostics) : checked(first, all.diagnostics)
}

/** The same at many points: one for each row of what is given of states, a single value serving all. */
export function energies(loaded: Loaded, given: GivenByRole, options: EnergyOptions = {}): Checked<Energies> {
  const { value: prepared, diagnostics } = prepare(loaded, given, options)
  if (prepared === undefined) return unmade(diagnostics)
  const { rows, bound, backend } = prepared
  const points: KeptPoint[] = []
  for (let i = 0; i < rows.count; i += 1) {
    const { value: point, diagnostics: found } = rows.atRow(i)
    if (point === undefined) return unmade([...diagnostics, ...found])
    points.push(explained(keptPoint(rows, point), i, prepared))
  }
  rows.dispose()
  const { summedOut, defaulted, drawn, temperature } = rows
  const unused = unusedBy([readings.energy], loaded.model)
  return checked({ points, unused, bound, backend, summedOut, defaulted, drawn, temperature }, diagnostics)
}

/**
 * The energy made ready to be asked for at many points, one after the other. What is given of states stands wherever a point says
 * nothing; a discrete state that points shall say is named in `keep`.
 */
export function openEnergy(loaded: Loaded, given: GivenByRole, options: EnergyOptions = {}): Checked<OpenEnergy> {
  const { value, diagnostics } = prepare(loaded, given, options)
  return value === undefined ? unmade(diagnostics) : checked(value.rows, diagnostics)
}

interface PreparedEnergy {
  readonly rows: EnergyRows
  readonly bound: Bound
  readonly backend: Pick<Backend, 'name'>
  /** What the terms are of, discrete states summed out. */
  readonly energy: Loaded['energy']
}

function prepare(model: Loaded, given: GivenByRole, options: EnergyOptions): Checked<PreparedEnergy> {
  const loaded = seenWith(model, given)
  const wrong = optionTroubles('energy', options)
  if (hasErrors(wrong)) return unmade(wrong)
  const { value: asked, diagnostics: refused } = askedOf(loaded.energy, 'energy', askedWith(loaded.energy, 'energy', options, given))
  if (asked === undefined) return unmade(refused)
  // A cue is where a state starts, and may be brought onto its surface; here it is a value as it stands.
  const bound = bind(
    withRelaxed(loaded.energy, asked),
    { ...given, observed: [...given.observed, ...given.cues], cues: [] },
    unknownsOf(asked),
  )
  if (bound.value === undefined) return unmade(bound.diagnostics)
  try {
    return prepareBound(loaded, { ...bound, value: bound.value }, asked, options)
  } catch (error) {
    return unmade([...bound.diagnostics, ...outOfMemory(error, bound.value.sizes)])
  }
}

function prepareBound(
  { energy }: Loaded,
  { value: bound, diagnostics: before }: Checked<Bound> & { readonly value: Bound },
  asked: Situation,
  options: EnergyOptions,
): Checked<PreparedEnergy> {
  const valued = discreteMoving(energy, asked).flatMap(({ name }) => (bound.observed[name] === undefined ? [] : [name]))
  const parts = energyParts(energy, keeping(asked, valued))
  if (parts.value === undefined) return unmade([...before, ...parts.diagnostics])
  const backend = loopsFor(madeSizes(parts.value.program.axes, {}))
  const rows = openRows(parts.value, backend.target, bound, ofRun<RunEnergyOptions>('energy', options), drawPrior)
  const diagnostics = [...before, ...parts.diagnostics, ...backend.diagnostics, ...rows.diagnostics]
  if (rows.value === undefined || hasErrors(diagnostics)) return unmade(diagnostics)
  const { graph } = parts.value.program
  return checked(
    { rows: rows.value, bound, backend: { name: backend.name }, energy: { ...withRelaxed(energy, asked), graph } },
    diagnostics,
  )
}

/** A point where a term is infinite or no number, with the element that makes it so. */
function explained(point: KeptPoint, i: number, { bound, rows, energy }: PreparedEnergy): KeptPoint {
  const broken = Object.entries(point.terms)
  const term = (broken.find(([, v]) => Number.isNaN(v)) ?? broken.find(([, v]) => !Number.isFinite(v)))?.[0]
  if (term === undefined || point.trouble === undefined) return point
  const own = Object.fromEntries(Object.entries(bound.observed).map(([name, batch]) => [name, { count: 1, data: row(batch, i) }]))
  const where = whereInTerm(energy, term, { ...bound, observed: own }, (name) => rows.drawn[name])
  return where === undefined ? point : { ...point, trouble: `${point.trouble} ${where}` }
}
