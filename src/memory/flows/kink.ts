import { dot, type FlowSetting, retract, slope } from '../geometry.ts'
import { blockAt } from '../layout.ts'
import { shown } from '../outcome.ts'
import { rounding, type StatePoint } from '../point.ts'
import { kinkHolding } from './kink-holding.ts'

/** How far to either side of a place its one-sided slopes are looked at, relative to 1 + |x|. */
const NEAR = [1e-9, 1e-7, 1e-5] as const
/** More coordinates than this are not looked at one by one. */
const MOST = 400
/** Sweeps of the search for the smallest subgradient, and halvings of a bracket down to neighbouring doubles. */
const SWEEPS = 200
const HALVINGS = 60
/** Slopes of two kinks that point along one line up to this are those of one kink, met along two coordinates. */
const ALONG = 1 - 1e-9

interface Kink {
  readonly coordinate: number
  /** The slopes there from below and from above, less those at the place itself. */
  readonly below: Float64Array
  readonly above: Float64Array
}

/** What was found at a place where smooth steps lead nowhere; `pinned` are coordinates that are held on their kinks. */
export type KinkVerdict =
  | { readonly kind: 'at rest'; readonly kink: string }
  /** `next` is lower, looked at. */
  | { readonly kind: 'moved'; readonly pinned: readonly number[] }
  | { readonly kind: 'no kink' }

/**
 * A place from which no step along the gradient goes down. Along each coordinate that slopes it is moved onto the kink
 * beside it; there the energy has a slope from either side, and sums of what is between them are its subgradients. If 0 is
 * one of them, up to the tolerance, the place is at rest. If not, minus the smallest of them is a way down.
 */
export function* atKink(
  setting: FlowSetting,
  here: StatePoint,
  next: StatePoint,
  pinned: readonly number[],
): Generator<StatePoint, KinkVerdict, void> {
  const flat = new Float64Array(here.x.length)
  slope(setting, here, flat)
  const kinks: Kink[] = []
  const onto = new Map<number, number>()
  const sloping: number[] = []
  const slopes = steep(setting, here, flat)
  const held = slopes.length === 0 && setting.layout.kinks !== undefined ? kinkHolding(setting, here) : undefined
  if (held !== undefined) return { kind: 'at rest', kink: held }
  for (const i of slopes) {
    const found = yield* sides(setting, here, next, flat, i)
    if (found === undefined) sloping.push(i)
    else {
      onto.set(i, yield* placeOf(setting, here, next, i, found.reach))
      kinks.push(found.kink)
    }
  }
  if (yield* downAlong(setting, here, next, flat, sloping)) {
    return { kind: 'moved', pinned: [...new Set([...pinned, ...onto.keys()])].filter((i) => !sloping.includes(i)) }
  }
  if (yield* snap(here, next, onto)) return { kind: 'moved', pinned: [...onto.keys()] }
  const least = smallest(flat, kinks)
  const left = steep(setting, here, least)
  const [first] = kinks
  if (left.length === 0 && first !== undefined) return { kind: 'at rest', kink: inWords(setting, first, flat, kinks.length) }
  const kept = kinks.map((k) => k.coordinate).filter((i) => !left.includes(i))
  return left.length > 0 && (yield* lower(setting, here, next, least)) ? { kind: 'moved', pinned: kept } : { kind: 'no kink' }
}

/** The coordinates that slope by more than the tolerance lets pass, the steepest first. */
function steep(setting: FlowSetting, here: StatePoint, slopes: Float64Array): readonly number[] {
  const weight = (i: number): number => Math.abs(slopes[i] as number) * (1 + Math.abs(here.x[i] as number))
  const bar = Math.sqrt(setting.tolerance) * Math.max(1, here.scale)
  const found: number[] = []
  for (let i = 0; i < slopes.length; i += 1) if (weight(i) > bar) found.push(i)
  return found.sort((a, b) => weight(b) - weight(a)).slice(0, MOST)
}

/** Slopes from either side of a kink in coordinate `i` close to `here`; undefined where it goes down on one side. */
function* sides(
  setting: FlowSetting,
  here: StatePoint,
  next: StatePoint,
  flat: Float64Array,
  i: number,
): Generator<StatePoint, { readonly kink: Kink; readonly reach: number } | undefined, void> {
  const unit = 1 + Math.abs(here.x[i] as number)
  for (const near of NEAR) {
    const below = yield* slopesAt(setting, here, next, i, (here.x[i] as number) - near * unit)
    const above = yield* slopesAt(setting, here, next, i, (here.x[i] as number) + near * unit)
    if (below === undefined || above === undefined || (below[i] as number) > 0 || (above[i] as number) < 0) continue
    const from = (slopes: Float64Array): Float64Array => slopes.map((g, k) => g - (flat[k] as number))
    return { kink: { coordinate: i, below: from(below), above: from(above) }, reach: near * unit }
  }
  return undefined
}

function* slopesAt(
  setting: FlowSetting,
  here: StatePoint,
  next: StatePoint,
  i: number,
  value: number,
): Generator<StatePoint, Float64Array | undefined, void> {
  next.x.set(here.x)
  next.x[i] = value
  retract(setting, here, next.x)
  yield next
  if (next.fault !== undefined || !Number.isFinite(next.energy)) return undefined
  const slopes = new Float64Array(next.x.length)
  slope(setting, next, slopes)
  return slopes
}

/** Where along coordinate `i` the kink lies, within `reach`: at 0 if that is there, else where the slope changes its sign. */
function* placeOf(setting: FlowSetting, here: StatePoint, next: StatePoint, i: number, reach: number): Generator<StatePoint, number, void> {
  const x = here.x[i] as number
  if (Math.abs(x) <= reach) return 0
  let [low, high] = [x - reach, x + reach]
  for (let k = 0; k < HALVINGS; k += 1) {
    const middle = (low + high) / 2
    const slopes = middle === low || middle === high ? undefined : yield* slopesAt(setting, here, next, i, middle)
    if (slopes === undefined) break
    if ((slopes[i] as number) <= 0) low = middle
    else high = middle
  }
  return low
}

/** Moves onto all those kinks at once, unless that is higher or no move: one alone may be held by another, as in |x| + |y| + |x - y|. */
function* snap(here: StatePoint, next: StatePoint, onto: ReadonlyMap<number, number>): Generator<StatePoint, boolean, void> {
  next.x.set(here.x)
  for (const [i, x] of onto) next.x[i] = x
  if (next.x.every((x, i) => x === here.x[i])) return false
  yield next
  return next.fault === undefined && (next.energy < here.energy || (next.energy === here.energy && [...onto.values()].includes(0)))
}

/** Whether it goes down along these coordinates together, or along one of them. */
function* downAlong(
  setting: FlowSetting,
  here: StatePoint,
  next: StatePoint,
  flat: Float64Array,
  coordinates: readonly number[],
): Generator<StatePoint, boolean, void> {
  const only = (some: readonly number[]): Float64Array => flat.map((g, i) => (some.includes(i) ? g : 0))
  if (coordinates.length > 1 && (yield* lower(setting, here, next, only(coordinates)))) return true
  for (const i of coordinates) if (yield* lower(setting, here, next, only([i]))) return true
  return false
}

/** Whether some step against `uphill`, from a tenth down to the tolerance, is lower; `next` is then there. */
function* lower(setting: FlowSetting, here: StatePoint, next: StatePoint, uphill: Float64Array): Generator<StatePoint, boolean, void> {
  const length = Math.sqrt(dot(uphill, uphill))
  for (let size = 0.1; size > setting.tolerance; size /= 4) {
    for (let i = 0; i < next.x.length; i += 1) {
      const x = here.x[i] as number
      next.x[i] = x - (size * (1 + Math.abs(x)) * (uphill[i] as number)) / length
    }
    retract(setting, here, next.x)
    yield next
    if (next.fault === undefined && here.energy - next.energy > 4 * Math.max(rounding(here), rounding(next))) return true
  }
  return false
}

/** The smallest of the subgradients `flat` + sum of something between `below` and `above` of every kink. */
function smallest(flat: Float64Array, kinks: readonly Kink[]): Float64Array {
  const own = distinct(kinks)
  const least = flat.slice()
  for (const { below } of own) add(least, 1, below)
  const jumps = own.map(({ below, above }) => above.map((g, k) => g - (below[k] as number)))
  const shares = own.map(() => 0)
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let most = 0
    jumps.forEach((jump, k) => {
      const share = shares[k] as number
      const best = Math.min(1, Math.max(0, share - dot(jump, least) / dot(jump, jump)))
      add(least, best - share, jump)
      shares[k] = best
      most = Math.max(most, Math.abs(best - share))
    })
    if (most < 1e-12) break
  }
  return least
}

/** One of all those kinks whose jumps lie along one line, as |x - y| has along x and along y. */
function distinct(kinks: readonly Kink[]): readonly Kink[] {
  const found: { readonly kink: Kink; readonly jump: Float64Array }[] = []
  for (const kink of kinks) {
    const jump = kink.above.map((g, k) => g - (kink.below[k] as number))
    const isNew = found.every((f) => Math.abs(dot(f.jump, jump)) < ALONG * Math.sqrt(dot(f.jump, f.jump) * dot(jump, jump)))
    if (isNew) found.push({ kink, jump })
  }
  return found.map((f) => f.kink)
}

function add(to: Float64Array, factor: number, v: Float64Array): void {
  for (let i = 0; i < to.length; i += 1) to[i] = (to[i] as number) + factor * (v[i] as number)
}

function inWords(setting: FlowSetting, { coordinate: i, below, above }: Kink, flat: Float64Array, count: number): string {
  const { state, offset } = blockAt(setting.layout, i)
  const where = state.coordinateAxes.length === 0 ? state.name : `element ${i - offset + 1} of ${state.name}`
  const [left, right] = [below, above].map((side) => shown((flat[i] as number) + (side[i] as number)))
  const more = count === 1 ? '' : ` and ${count - 1} more`
  return `at a kink in ${where} (slopes of ${left} and ${right} on its two sides)${more}: 0 is among its subgradients`
}
