import type { Diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import { squared } from '../base/special/pow.ts'
import type { InitialOptions } from '../inference/chains/initial.ts'
import { freePart, type Restriction } from '../inference/density/restrict.ts'
import { offsets, sizeOf, stridesOver } from '../ir/layout.ts'
import { ownAxes } from '../middle/kinds.ts'
import type { NearMemory } from '../middle/parts.ts'
import type { SamplingState } from '../middle/program.ts'
import type { Run } from './run.ts'
import type { SamplingParts } from './sampling.ts'
import { observedInPart, type StartingPoint, startingPoint, whyWhole } from './start.ts'

/** Where a chain starts and what of it is held. */
export interface ChainStart {
  readonly restriction: Restriction
  /** Of the free coordinates: where a cue says, else drawn around a default or a row of a memory, else around 0. */
  readonly initial: Pick<InitialOptions, 'at' | 'around'>
  /** Values of the discrete states, one after the other, where a cue or an observation says some of them. */
  readonly discrete: Float64Array | undefined
  /** 1 for the elements of each discrete state that are observed, and so stay, by its name; absent where none are. */
  readonly discreteHeld: ReadonlyMap<string, Uint8Array>
}

/** Where chain number `chain` starts. */
export function chainStart(run: Run<SamplingParts>, chain: number, diagnostics: Diagnostic[]): ChainStart {
  const { parts, bound } = run
  const which = { cue: chain % Math.max(1, bound.count), draw: chain }
  const near = new Map(parts.near.map((n) => [n.state, rowFor(run, n, chain)]))
  const points = parts.program.states.map((state) => ({ state, ...startingPoint(run, state, { ...which, near }) }))
  for (const { state, held } of points) {
    const why = held.includes(1) ? whyWhole(parts, state) : undefined
    if (why !== undefined) diagnostics.push(observedInPart(state.name, why))
  }
  const centre = Float64Array.from(points.flatMap((p) => [...p.coordinates]))
  const held = Uint8Array.from(
    points.flatMap((p) => (p.held.length === p.coordinates.length ? [...p.held] : new Array<number>(p.coordinates.length).fill(0))),
  )
  const said = points.flatMap((p) => saidOf(p.state, p))
  const at = freePart(
    centre.map((v, i) => (said[i] === 1 ? v : Number.NaN)),
    held,
  )
  // A row that is outside the state's bounds has no coordinates: then around 0.
  const around = freePart(
    centre.map((v) => (Number.isFinite(v) ? v : 0)),
    held,
  )
  const jumping = parts.program.discrete.map((state) => ({ state, ...startingPoint(run, state, which) }))
  const known = jumping.filter((p) => p.held.includes(1))
  const placed = known.length > 0 || jumping.some((p) => p.cued.includes(1))
  return {
    restriction: { held, at: centre },
    initial: { at, around },
    discrete: placed ? Float64Array.from(jumping.flatMap((p) => [...p.values])) : undefined,
    discreteHeld: new Map(known.map((p) => [p.state.name, p.held])),
  }
}

/** 1 for the coordinates that a cue says: element by element, or all of a state whose elements depend on each other. */
function saidOf({ type }: SamplingState, { cued, coordinates }: StartingPoint): readonly number[] {
  if (ownAxes(type).length === 0) return [...cued]
  return new Array<number>(coordinates.length).fill(cued.includes(1) ? 1 : 0)
}

/**
 * The row of the memory that a chain starts near: no two chains share one while there are rows left, and states that
 * have the same axis of rows take the same one. Where a part of such a state is observed the nearest rows come first: those
 * are the modes among which the chains have to decide.
 */
function rowFor(run: Run<SamplingParts>, near: NearMemory, chain: number): Float64Array {
  const { axis } = near
  const size = sizeOf(axis, run.sizes)
  const nearest = byDistance(
    run,
    run.parts.near.filter((n) => n.axis === axis),
    size,
  )
  return valuesAt(run, near, nearest?.[chain % size] ?? shuffled(size, chain, new Stream(fold(run.key, `rows along ${axis}`))))
}

function valuesAt({ sizes, fixed }: Run<SamplingParts>, { memory, axes, axis, own }: NearMemory, row: number): Float64Array {
  const values = must(fixed.get(memory), memory)
  const strides = stridesOver(axes, sizes)
  const start = row * must(strides.get(axis), axis)
  return Float64Array.from(offsets(own, sizes, strides), (i) => values[start + i] as number)
}

/** Rows in order of their squared distance from what is observed of the states; undefined where nothing is. */
function byDistance(run: Run<SamplingParts>, near: readonly NearMemory[], size: number): readonly number[] | undefined {
  const { bound } = run
  const known = near.flatMap((n) => {
    const numbers = bound.observed[n.state]?.data
    return numbers?.some((v) => !Number.isNaN(v)) ? [{ n, numbers }] : []
  })
  if (known.length === 0) return undefined
  const distances = Array.from({ length: size }, (_, row) =>
    known.reduce((sum, { n, numbers }) => {
      const values = valuesAt(run, n, row)
      return numbers.reduce((d, v, i) => (Number.isNaN(v) ? d : d + squared((values[i] as number) - v)), sum)
    }, 0),
  )
  return distances.map((_, row) => row).sort((a, b) => (distances[a] as number) - (distances[b] as number))
}

/** The number at a place of a random order of 0 .. n - 1 (taken again from its front when it ends). */
function shuffled(n: number, place: number, stream: Stream): number {
  const moved = new Map<number, number>()
  const at = (i: number): number => moved.get(i) ?? i
  for (let i = 0; ; i += 1) {
    const j = i + stream.integer(n - i)
    const taken = at(j)
    if (i === place % n) return taken
    moved.set(j, at(i))
  }
}
