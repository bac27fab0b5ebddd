import { type Checked, type Diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { hypot } from '../../base/special/hypot.ts'
import { squared } from '../../base/special/pow.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { isAtRest } from '../../memory/outcome.ts'
import type { OptionsOf } from '../../middle/options.ts'
import { openEnergy } from '../energy.ts'
import type { Loaded } from '../load.ts'
import { retrieve } from '../retrieve.ts'
import { chosen, coordinatesOf } from './coordinates.ts'
import { type Plane, type PlanePoint, planeAlong, planeOfMemories, pointOn, projected } from './plane.ts'
import { flat, memoriesOf, startedAt } from './points.ts'
import { kindAt, type RestKind, restPoints } from './rest.ts'
import { drawnPoints } from './samples.ts'
import { type OnPlane, openPlane } from './surface.ts'
import { between, type PictureWindow, places, spread, widened, windowOf } from './window.ts'

export interface LandscapeOptions {
  /** Two of the numbers that move, as tables name them: `x[1]`. */
  readonly along?: readonly string[]
  /** From how many places retrieval starts, where no cues are given. */
  readonly starts: number
  /** How many draws of exp(-E/T). */
  readonly draws: number
  readonly seed: number
  readonly temperature?: number
  readonly flow?: NonNullable<OptionsOf<'retrieve'>['flow']>
  /** Where the picture goes along its two directions; by default it has room for all that is drawn. */
  readonly window?: PictureWindow
}

/** The energy over a plane, and what both readings do on it. */
export interface EnergyLandscape {
  readonly plane: Plane
  readonly window: PictureWindow
  /** Energies (nats), u fastest; not finite where there is none. */
  readonly grid: { readonly count: number; readonly energies: Float64Array }
  readonly memories: readonly PlanePoint[]
  readonly paths: readonly (readonly PlanePoint[])[]
  readonly samples: readonly PlanePoint[]
  readonly rests: readonly {
    readonly at: PlanePoint
    readonly energy: number
    readonly kind: RestKind | undefined
    readonly ends: number
  }[]
  /** Whether all that moves is on the plane. */
  readonly isWhole: boolean
  readonly temperature: number
  /** Sentences on what was held, projected, or left out. */
  readonly notes: readonly string[]
}

/** Places along each direction. */
const COUNT = 101

/**
 * The energy over two numbers that move, or over a plane among more, with the stored patterns, retrievals from places around
 * and samples of the same density. Diagnostics: those of the readings; AMP623 and AMP624 where there is no such plane.
 */
export async function landscape(loaded: Loaded, given: GivenByRole, options: LandscapeOptions): Promise<Checked<EnergyLandscape>> {
  const { temperature, seed } = options
  const common = { seed, ...(temperature !== undefined && { temperature }) }
  const opened = openEnergy(loaded, { ...given, observed: given.observed.map(filled) }, common)
  if (opened.value === undefined) return unmade(opened.diagnostics)
  const { value: rows } = opened
  const { value: coordinates, diagnostics: unfit } = coordinatesOf(loaded, given, rows)
  if (coordinates === undefined) return unmade(unfit)
  const pair = options.along === undefined ? undefined : chosen(coordinates, options.along)
  if (pair !== undefined && !pair.ok) return unmade(pair.diagnostics)
  const whole = coordinates.moving.length === 2
  const from = await retrieve(loaded, given, { ...common, ...flowOf(options), trace: 'states' })
  if (from.value === undefined) return unmade(from.diagnostics)
  const ends = (result: NonNullable<typeof from.value>): readonly Float64Array[] =>
    result.retrievals.map((r) => flat(coordinates, r.states))
  const rest = must(ends(from.value)[0], 'a retrieval')
  const stored = memoriesOf(loaded, given, coordinates)
  const plane =
    pair?.value !== undefined || whole
      ? planeAlong(coordinates, pair?.value ?? [0, 1], rest)
      : ((stored.name === undefined ? undefined : planeOfMemories(stored.rows, stored.name)) ?? planeAlong(coordinates, [0, 1], rest))
  const onto = (points: readonly Float64Array[]): readonly PlanePoint[] => points.map((p) => projected(plane, p))

  const notes: string[] = plane.how === undefined ? [] : [plane.how]
  const drawn = await drawnPoints(loaded, given, coordinates, options, common)
  if (drawn.trouble !== undefined) notes.push(`No samples: ${drawn.trouble}`)
  const [samples, memories] = [onto(drawn.points), onto(stored.rows)]
  const first = options.window ?? windowOf([...memories, ...spread(samples), ...onto(ends(from.value))], coordinates, plane)
  const surface = openPlane(rows, coordinates, plane)
  const cued = given.cues.length > 0
  const starts = cued ? [] : places(options.starts, first, seed).filter((p) => Number.isFinite(surface.energy(p)))
  const points = starts.map((p) => pointOn(plane, p))
  const begun = cued
    ? from
    : points.length === 0
      ? undefined
      : await retrieve(loaded, startedAt(given, coordinates, points), { ...common, ...flowOf(options), trace: 'states' })
  if (begun !== undefined && begun.value === undefined) return unmade(begun.diagnostics)
  const all = begun?.value?.retrievals ?? []
  const reached = all.filter((r) => isAtRest(r.outcome))
  if (reached.length < all.length) notes.push(`${all.length - reached.length} of ${all.length} retrievals did not come to rest.`)
  const paths = all.map((r) => onto(r.path.flatMap((m) => (m.states === undefined ? [] : [flat(coordinates, m.states)]))))
  const window = options.window ?? widened(first, paths.flat())
  const near = hypot(window[0][1] - window[0][0], window[1][1] - window[1][0]) / 300
  const inWindow = whole ? restPoints((at) => surface.slopeOn(at), window, near) : []
  const ended = gathered(
    reached.map((r) => flat(coordinates, r.states)),
    near,
  )
  const others = inWindow.map((at) => pointOn(plane, at)).filter((p) => !ended.some((e) => distance(e.point, p) < near))
  const rests = [...ended, ...others.map((point) => ({ point, ends: 0 }))].map(({ point, ends }) => ({
    at: projected(plane, point),
    energy: surface.energyOf(point),
    kind: kindAt(surface.slope, point),
    ends,
  }))
  if (!whole) notes.push('Patterns, retrieval paths and samples are of all numbers, projected onto the plane.')
  const summary: EnergyLandscape = {
    plane,
    window,
    grid: { count: COUNT, energies: gridOf(surface, window) },
    memories,
    paths,
    samples,
    rests: [...rests].sort((a, b) => a.energy - b.energy),
    isWhole: whole,
    temperature: rows.temperature,
    notes,
  }
  rows.dispose()
  return made(summary, kept([...opened.diagnostics, ...(begun ?? from).diagnostics]))
}

const kept = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter((d, k) => diagnostics.findIndex((o) => o.message === d.message) === k)
const flowOf = ({ flow }: LandscapeOptions): { flow?: NonNullable<LandscapeOptions['flow']> } => (flow === undefined ? {} : { flow })
const distance = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + squared(x - must(b[i], 'number')), 0))

/** What is missing of an observed state is said point by point. */
function filled<T extends GivenByRole['observed'][number]>(item: T): T {
  return item.value.kind === 'numbers'
    ? { ...item, value: { ...item.value, data: item.value.data.map((v) => (Number.isNaN(v) ? 0.5 : v)) } }
    : item
}

/** Points, those that are near each other as one. */
function gathered(points: readonly Float64Array[], near: number): readonly { readonly point: Float64Array; readonly ends: number }[] {
  const found: { readonly point: Float64Array; ends: number }[] = []
  for (const point of points) {
    const same = found.find((f) => distance(f.point, point) < near)
    if (same === undefined) found.push({ point, ends: 1 })
    else same.ends += 1
  }
  return found
}

function gridOf(surface: OnPlane, [u, v]: PictureWindow): Float64Array {
  const energies = new Float64Array(COUNT * COUNT)
  const share = (k: number): number => k / (COUNT - 1)
  for (let j = 0; j < COUNT; j += 1)
    for (let i = 0; i < COUNT; i += 1) energies[j * COUNT + i] = surface.energy([between(u, share(i)), between(v, share(j))])
  return energies
}
