import type { Stream } from '../base/random.ts'
import { hypot } from '../base/special/hypot.ts'
import { pow } from '../base/special/pow.ts'
import { type BatchOptions, retrieveBatch } from './batch.ts'
import { fixedPoint } from './flows/fixed-point.ts'
import { langevin } from './flows/langevin.ts'
import { eachSphere, type FlowSetting, retract, slope, tangent } from './geometry.ts'
import { landscapeOf } from './landscape.ts'
import type { Layout } from './layout.ts'
import type { Machine } from './machine.ts'
import { shown } from './outcome.ts'
import { grains, newPoint, type Precision, rounding, type StatePoint } from './point.ts'
import type { Cue, Retrieval } from './retrieve.ts'

/** Whether a law held, or why there was nothing to hold. */
export interface LawVerdict {
  readonly kind: 'holds' | 'broken' | 'not applicable'
  readonly sentence: string
}

const holds = (sentence: string): LawVerdict => ({ kind: 'holds', sentence })
const broken = (sentence: string): LawVerdict => ({ kind: 'broken', sentence })
const notApplicable = (sentence: string): LawVerdict => ({ kind: 'not applicable', sentence })

export type Clamps = Readonly<Record<string, ArrayLike<number | boolean>>>

/** The energy never rises along a retrieval by more than rounding. */
export function descent(retrieval: Retrieval, precision: Precision = 'double'): LawVerdict {
  if (retrieval.flows.includes('synchronous flips')) return notApplicable('Synchronous updates may raise the energy.')
  if (retrieval.flows.includes('langevin')) return notApplicable('Noise may raise the energy.')
  const scale = Object.values(retrieval.terms).reduce((sum, t) => sum + Math.abs(t), 1)
  const at = retrieval.trace.findIndex((e, i) => {
    const last = retrieval.trace[i - 1] ?? Infinity
    // Twice the rounding that steps are held to, and of the larger energy on the way.
    return e > last + 2 * grains[precision] * Math.max(scale, Math.abs(last))
  })
  if (at < 0) return holds('The energy never rises.')
  const rise = (retrieval.trace[at] as number) - (retrieval.trace[at - 1] as number)
  return broken(`The energy rises by ${shown(rise)} nats at step ${at}.`)
}

/** Clamped coordinates and sites end bit for bit as they started. */
export function clampedStays(cue: Cue, clamp: Clamps, retrieval: Retrieval): LawVerdict {
  for (const [name, mask] of Object.entries(clamp)) {
    const start = cue[name]
    const end = retrieval.coordinates[name] ?? retrieval.states[name]?.data
    if (start === undefined || end === undefined) continue
    const moved = Array.from(mask).findIndex((m, i) => m && !Object.is(start[i], end[i]))
    if (moved >= 0) return broken(`Clamped element ${moved + 1} of ${name} went from ${start[moved]} to ${end[moved]}.`)
  }
  return holds('Clamped values stay.')
}

/**
 * Where a retrieval came to rest nothing slopes: every coordinate's projected gradient (on a known kink, its smallest subgradient) is below `tolerance`, relative
 * to 1 + |x| and to the curvature where that is known (or the energy's own scale, where it is not).
 */
export function restsOnFlatGround(machine: Machine, retrieval: Retrieval, clamp: Clamps = {}, tolerance = 1e-5): LawVerdict {
  // Where the kinks are known, the slope on one is the smallest subgradient.
  const isAtKnownKink = retrieval.outcome.kind === 'at a kink' && machine.layout.kinks !== undefined
  if (retrieval.outcome.kind !== 'converged' && !isAtKnownKink)
    return notApplicable(`It did not come to rest: ${retrieval.outcome.sentence}`)
  const { point, setting } = stand(machine, retrieval, clamp)
  const flat = new Float64Array(machine.layout.length)
  slope(setting, point, flat)
  for (let i = 0; i < flat.length; i += 1) {
    const u = point.curvature[i] as number
    const bend = u > 0 ? u : Math.max(1, point.scale)
    const relative = Math.abs(flat[i] as number) / (bend * (1 + Math.abs(point.x[i] as number)))
    if (!(relative <= tolerance)) return broken(`Coordinate ${i + 1} still slopes by ${shown(flat[i] as number)} nats per unit.`)
  }
  return holds('The gradient is zero at the fixed point.')
}

/**
 * A fixed point is a mode as far as random probes can tell: no small step in a random direction (along the surface,
 * within bounds, clamped coordinates still) lowers the energy by more than rounding and what the tolerance of rest
 * leaves. Saddles pass where no probe happens to look down.
 */
export function noWayDown(machine: Machine, retrieval: Retrieval, stream: Stream, probes = 20, clamp: Clamps = {}): LawVerdict {
  if (retrieval.outcome.kind !== 'converged') return notApplicable(`It did not come to rest: ${retrieval.outcome.sentence}`)
  const { layout } = machine
  const { point, setting } = stand(machine, retrieval, clamp)
  if (!setting.moves.includes(1)) return notApplicable('No continuous coordinate may move.')
  const landscape = landscapeOf(machine)
  const probe = newPoint(layout, setting.held, setting.grain)
  for (let k = 0; k < probes; k += 1) {
    const size = pow(10, -(2 + (k % 4)))
    wander(setting, point, stream, size, probe)
    landscape.look([probe])
    const fall = point.energy - probe.energy
    const allowed = 4 * Math.max(rounding(point), rounding(probe)) + leftover(point, probe)
    if (fall > allowed) return broken(`A random step of size ${size} lowers the energy by ${shown(fall)} nats.`)
  }
  return holds(`None of ${probes} random steps lowers the energy.`)
}

/** No single flip of a discrete site lowers the energy, where asynchronous updates came to rest. */
export function noFlipDown(machine: Machine, retrieval: Retrieval, clamp: Clamps = {}): LawVerdict {
  if (machine.discrete.length === 0) return notApplicable('There are no discrete states.')
  if (retrieval.outcome.kind !== 'converged' || retrieval.flows.includes('synchronous flips')) {
    return notApplicable('Asynchronous updates did not come to rest.')
  }
  const landscape = landscapeOf(machine)
  const { point } = stand(machine, retrieval, clamp)
  for (const { state, value, levels } of machine.discrete) {
    for (let site = 0; site < value.length; site += 1) {
      if (clamp[state.name]?.[site]) continue
      const old = value[site] as number
      for (const level of levels) {
        value[site] = level
        const other = newPoint(machine.layout, point.held, point.grain)
        other.x.set(point.x)
        landscape.look([other])
        if (other.energy < point.energy - 4 * Math.max(rounding(point), rounding(other))) {
          return broken(`Site ${site + 1} of ${state.name} has a lower energy at ${level}, by ${shown(point.energy - other.energy)} nats.`)
        }
      }
      value[site] = old
    }
  }
  return holds('No single flip lowers the energy.')
}

/** Many cues side by side end where each would alone. */
export function batchIsSingle(
  single: Machine,
  wide: Machine,
  cues: readonly Cue[],
  options: BatchOptions = {},
  tolerance = 1e-6,
): LawVerdict {
  const alone = retrieveBatch(single, cues, options)
  const together = retrieveBatch(wide, cues, options)
  for (let k = 0; k < cues.length; k += 1) {
    const [a, b] = [alone[k] as Retrieval, together[k] as Retrieval]
    if (a.outcome.kind !== b.outcome.kind) return broken(`Cue ${k + 1}: "${a.outcome.kind}" alone, "${b.outcome.kind}" among others.`)
    const apart = distance(a, b)
    if (!(apart <= tolerance)) return broken(`Cue ${k + 1} ends ${shown(apart)} away from where it would alone.`)
  }
  return holds('Cues do not affect each other.')
}

/** A Langevin step of full length without noise is the retrieval step, bit for bit. */
export function silenceIsRetrieval(machine: Machine, cue: Cue): LawVerdict {
  const known = machine.layout.blocks.every((block) => block.state.curvature)
  if (!known || machine.discrete.length > 0) return notApplicable('Not every state has the fixed-point step.')
  const { point, setting } = stand(machine, { coordinates: cue, states: {} }, {})
  const silent = langevin(setting, { temperature: 1, step: 1, draw: (out) => out.fill(0) })
  const [noisy, quiet] = [silent, fixedPoint({ ...setting, tolerance: 0 })].map((flow) => {
    const next = newPoint(machine.layout, setting.held, setting.grain)
    flow.step(point, next).next()
    return next.x
  }) as [Float64Array, Float64Array]
  const off = noisy.findIndex((x, i) => !Object.is(x, quiet[i]))
  return off < 0 ? holds('Without noise the steps are the same.') : broken(`Coordinate ${off + 1}: ${noisy[off]} instead of ${quiet[off]}.`)
}

/** Looks at the place where a retrieval ended. */
function stand(
  machine: Machine,
  { coordinates, states }: Pick<Retrieval, 'coordinates' | 'states'>,
  clamp: Clamps,
): { readonly point: StatePoint; readonly setting: FlowSetting } {
  const { layout } = machine
  const held = heldIn(layout, clamp)
  const grain = grains[machine.precision]
  const point = newPoint(layout, held, grain)
  for (const { state, offset } of layout.blocks) point.x.set(coordinates[state.name] as Float64Array, offset)
  for (const { state, value } of machine.discrete) value.set((states[state.name]?.data ?? coordinates[state.name]) as Float64Array)
  landscapeOf(machine).look([point])
  return { point, setting: { layout, held, grain, moves: held.map((h) => 1 - h), tolerance: 0 } }
}

function heldIn(layout: Layout, clamp: Clamps): Uint8Array {
  const held = new Uint8Array(layout.length)
  for (const { state, offset } of layout.blocks) {
    Array.from(clamp[state.name] ?? []).forEach((m, i) => {
      held[offset + i] = m ? 1 : 0
    })
  }
  return held
}

function wander(setting: FlowSetting, from: StatePoint, stream: Stream, size: number, to: StatePoint): void {
  const direction = from.x.map((_, i) => (setting.moves[i] === 1 ? stream.normal() : 0))
  eachSphere(setting.layout, (sphere) => tangent(sphere, setting.moves, from.x, direction))
  const norm = hypot(...direction) || 1
  for (let i = 0; i < direction.length; i += 1) to.x[i] = (from.x[i] as number) + (size * (direction[i] as number)) / norm
  retract(setting, from, to.x)
}

/**
 * What a slope within the tolerance of rest may still give along the way. Ten times, since a neuron's drive acts through
 * its activation, which may be that much steeper than its value.
 */
function leftover(point: StatePoint, probe: StatePoint): number {
  return point.gradient.reduce((sum, g, i) => sum + 10 * Math.abs(g * ((probe.x[i] as number) - (point.x[i] as number))), 0)
}

function distance(a: Retrieval, b: Retrieval): number {
  let most = 0
  for (const [name, x] of Object.entries(a.coordinates)) {
    x.forEach((value, i) => {
      most = Math.max(most, Math.abs(value - ((b.coordinates[name] as Float64Array)[i] as number)) / (1 + Math.abs(value)))
    })
  }
  for (const [name, { data }] of Object.entries(a.states)) {
    if (name in a.coordinates) continue
    data.forEach((value, i) => {
      if (value !== b.states[name]?.data[i]) most = Infinity
    })
  }
  return most
}
