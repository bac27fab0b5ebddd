import { squared } from '../../base/special/pow.ts'
import { type FlowSetting, relativeChange, retract } from '../geometry.ts'
import { isOnKink, shrunk } from '../kinked.ts'
import { blocked } from '../outcome.ts'
import { newPoint, rises, type StatePoint } from '../point.ts'
import { type Flow, type FlowName, moved, type Stride, settled } from './flow.ts'
import { firstGuess } from './gradient.ts'
import { kinkHolding } from './kink-holding.ts'
import { overKinks } from './over-kinks.ts'
import { quasiNewton } from './quasi-newton.ts'

/** How often the curvature is doubled for one step; with what it decays from step to step, since it differs from place to place. */
const TRIES = 60
const DECAY = 0.97
/** After so many steps from the same side of every kink the smooth energy there is descended by quasi-Newton steps. */
const STABLE = 8

/**
 * Proximal steps on E = f + g, g the kinks: `x = prox(y - gradient f(y) / D)`, the least of a bound of E that leaves g as it is. D is
 * the diagonal majoriser U of f, or a number, times what the last steps have shown f to bend by (backtracking).
 * y runs ahead of x with Nesterov's momentum, which is given up where E would rise (Beck & Teboulle 2009, MFISTA; O'Donoghue & Candes
 * 2015, restart), so E never does. Once the kinks that hold coordinates stay the same, the others go by quasi-Newton steps over
 * the smooth piece that they are on; a proximal step then says whether it was the right one. At rest where a plain step leads nowhere:
 * 0 is among the subgradients.
 */
export function proximal(setting: FlowSetting): Flow {
  const ahead = newPoint(setting.layout, setting.held, setting.grain)
  const momentum = nesterov()
  const pieces = pieceWatch(setting)
  const scale = { value: Number.NaN }
  let smooth: Flow | undefined
  const otherwise = overKinks(setting, quasiNewton)
  let over = false

  /** One proximal step from `from`; false where none that is short enough is lower than `here`. */
  function* step(here: StatePoint, from: StatePoint, next: StatePoint, patient: boolean): Generator<StatePoint, boolean, void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      place(setting, from, scale.value, next)
      yield next
      const shownBend = bendBetween(setting, from, next)
      const isBound = next.fault === undefined && !(shownBend > scale.value * (1 + 1e-9))
      if (isBound && !rises(here, next)) {
        scale.value = Math.max(DECAY * scale.value, Number.isFinite(shownBend) ? shownBend : 0)
        return true
      }
      if (isBound && !patient) return false
      scale.value = shownBend > 2 * scale.value && Number.isFinite(shownBend) ? shownBend : 2 * scale.value
    }
    return false
  }

  function* descend(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
    if (!(scale.value > 0)) scale.value = firstScale(setting, here)
    if (momentum.extrapolate(setting, here, ahead.x)) {
      yield ahead
      if (ahead.fault === undefined && (yield* step(here, ahead, next, false)) && relativeChange(here.x, next.x) > setting.tolerance) {
        momentum.took(here)
        return moved
      }
      momentum.restart()
    }
    place(setting, here, scale.value, next)
    if (relativeChange(here.x, next.x) <= setting.tolerance && !pieces.landsOn(here, next)) {
      const kink = kinkHolding(setting, here)
      return kink === undefined ? settled : { kind: 'settled', kink }
    }
    if (!(yield* step(here, here, next, true))) return blocked(next, 'No proximal step, however short, lowers the energy.')
    momentum.took(here)
    return moved
  }

  /** Along the smooth piece of the energy that `here` is on. */
  function* slide(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
    smooth ??= quasiNewton({ ...setting, moves: pieces.free(here) })
    const stride = yield* smooth.step(here, next)
    if (stride.kind === 'moved' && pieces.isSame(next)) return stride
    smooth = undefined
    momentum.restart()
    pieces.leave()
    return stride.kind === 'moved' ? stride : yield* descend(here, next)
  }

  return {
    get name(): FlowName {
      return over ? 'proximal, then quasi-newton' : 'proximal'
    },
    *step(here: StatePoint, next: StatePoint): Generator<StatePoint, Stride, void> {
      if (over) return yield* otherwise.step(here, next)
      pieces.watch(here)
      const stride = yield* pieces.isStable() ? slide(here, next) : descend(here, next)
      if (stride.kind !== 'ended' || stride.outcome.kind !== 'stuck') return stride
      over = true
      return yield* otherwise.step(here, next)
    },
  }
}

/** y = x + (t' - 1) / t (x - the place before). */
function nesterov(): {
  /** Writes y; false where it is x. */
  extrapolate(setting: FlowSetting, here: StatePoint, y: Float64Array): boolean
  took(from: StatePoint): void
  restart(): void
} {
  let before: Float64Array | undefined
  let t = 1
  return {
    extrapolate(setting, here, y) {
      if (before === undefined || t === 1) return false
      const later = (1 + Math.sqrt(1 + 4 * t * t)) / 2
      const part = (t - 1) / later
      for (let i = 0; i < y.length; i += 1) y[i] = (here.x[i] as number) + part * ((here.x[i] as number) - (before[i] as number))
      retract(setting, here, y)
      return true
    },
    took(from) {
      before ??= new Float64Array(from.x.length)
      before.set(from.x)
      t = (1 + Math.sqrt(1 + 4 * t * t)) / 2
    },
    restart() {
      before = undefined
      t = 1
    },
  }
}

/** Which coordinates lie on their kinks, and on which side of them the others are. */
function pieceWatch({ layout: { kinks }, moves }: FlowSetting): {
  watch(here: StatePoint): void
  isSame(next: StatePoint): boolean
  isStable(): boolean
  /** Whether some coordinate gets onto its kink on the way, however short that is. */
  landsOn(here: StatePoint, next: StatePoint): boolean
  leave(): void
  /** What moves while the rest stays on its kinks. */
  free(here: StatePoint): Uint8Array
} {
  const { single = new Int32Array(), groups = [] } = kinks ?? {}
  const sides = new Int8Array(single.length + groups.length)
  let steps = 0
  let wanted = STABLE
  const sideOf = (point: StatePoint, k: number): number => {
    const group = groups[k - single.length]
    if (group !== undefined) return group.every((i) => isOnKink(point, i)) ? 0 : 1
    const i = single[k] as number
    return (point.weight[i] as number) > 0 ? Math.sign((point.x[i] as number) - (point.centre[i] as number)) : 1
  }
  const isReached = (next: StatePoint, k: number): boolean => {
    const group = groups[k - single.length] ?? [single[k] as number]
    return group.every((i) => next.x[i] === next.centre[i] && moves[i] === 1)
  }
  const isSame = (point: StatePoint): boolean => sides.every((side, k) => side === sideOf(point, k))
  return {
    isSame,
    watch(here) {
      steps = isSame(here) ? steps + 1 : 0
      for (let k = 0; k < sides.length; k += 1) sides[k] = sideOf(here, k)
    },
    isStable: () => steps >= wanted,
    landsOn: (here, next) => sides.some((_, k) => sideOf(here, k) !== 0 && isReached(next, k)),
    leave() {
      steps = 0
      wanted *= 2
    },
    free(here) {
      const free = moves.slice()
      for (const i of single) if (isOnKink(here, i)) free[i] = 0
      for (const group of groups) if (group.every((i) => isOnKink(here, i))) for (const i of group) free[i] = 0
      return free
    },
  }
}

/** The place that the step from `from` leads to. */
function place(setting: FlowSetting, from: StatePoint, scale: number, next: StatePoint): void {
  const { moves, layout } = setting
  for (let i = 0; i < next.x.length; i += 1) {
    const x = from.x[i] as number
    next.x[i] = moves[i] === 1 ? x - (from.smooth[i] as number) / bendAt(from, i, scale) : x
  }
  for (const i of layout.kinks?.single ?? []) {
    const c = from.centre[i] as number
    if (moves[i] === 1) next.x[i] = c + shrunk((next.x[i] as number) - c, (from.weight[i] as number) / bendAt(from, i, scale))
  }
  for (const group of layout.kinks?.groups ?? []) shrinkGroup(setting, from, group, scale, next.x)
  retract(setting, from, next.x)
}

const bendAt = (point: StatePoint, i: number, scale: number): number => {
  const u = point.bend[i] as number
  return scale * (u > 0 ? u : 1)
}

/** The prox of a norm, with one curvature for all of its coordinates. Those that are held have a part in the norm, too. */
function shrinkGroup({ moves }: FlowSetting, from: StatePoint, group: Int32Array, scale: number, x: Float64Array): void {
  let [bend, held, square] = [0, 0, 0]
  for (const i of group) if (moves[i] === 1) bend = Math.max(bend, bendAt(from, i, scale))
  if (bend === 0) return
  for (const i of group) {
    const c = from.centre[i] as number
    if (moves[i] === 1) x[i] = (from.x[i] as number) - (from.smooth[i] as number) / bend
    const d = squared((x[i] as number) - c)
    if (moves[i] === 1) square += d
    else held += d
  }
  const part = partKept(square, held, (from.weight[group[0] as number] as number) / bend)
  for (const i of group) {
    const c = from.centre[i] as number
    if (moves[i] === 1) x[i] = part === 0 ? c : c + part * ((x[i] as number) - c)
  }
}

/** The s in [0, 1] with the least (1 - s)^2 r^2 / 2 + w sqrt(h^2 + s^2 r^2), of the squares of r and h. */
function partKept(square: number, held: number, w: number): number {
  if (held === 0) return square > 0 ? Math.max(0, 1 - w / Math.sqrt(square)) : 0
  let [low, high] = [0, 1]
  // Halves down to rounding.
  for (let k = 0; k < 60; k += 1) {
    const s = (low + high) / 2
    if (s * (1 + w / Math.sqrt(held + s * s * square)) < 1) low = s
    else high = s
  }
  return low
}

/** By how much, in units of U, the smooth part bends from one place to the other; NaN where they are the same. */
function bendBetween({ moves }: FlowSetting, from: StatePoint, to: StatePoint): number {
  let [bend, square] = [0, 0]
  for (let i = 0; i < moves.length; i += 1) {
    if (moves[i] === 0) continue
    const d = (to.x[i] as number) - (from.x[i] as number)
    bend += d * ((to.smooth[i] as number) - (from.smooth[i] as number))
    square += squared(d) * bendAt(from, i, 1)
  }
  return bend / square
}

/** 1 where U is known, since it is a bound; else as long a first step as others take. */
function firstScale({ moves }: FlowSetting, here: StatePoint): number {
  return moves.every((m, i) => m === 0 || (here.bend[i] as number) > 0) ? 1 : Math.max(firstGuess(here, here.smooth), Number.MIN_VALUE)
}
