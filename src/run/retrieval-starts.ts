import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { fold, Stream } from '../base/random.ts'
import type { Cue } from '../memory/retrieve.ts'
import { defaults } from '../middle/options.ts'
import type { DiscreteState, RetrievalState } from '../middle/program.ts'
import type { RetrievalParts, RunRetrieveOptions } from './retrieval.ts'
import type { Run } from './run.ts'
import { observedInPart, row, type StartingPoint, startingPoint, type Which, whyWhole } from './start.ts'
import { type BoxWalls, wallReader } from './walls.ts'

export interface RetrievalStart {
  readonly cue: Cue
  readonly clamp: Record<string, Uint8Array>
  /** Some state starts at the neutral point of its type, where many an energy is balanced. */
  readonly unsaid: boolean
  /** Which of the starts of its cue it is, from 0. */
  readonly number: number
}

type Starting = Pick<RunRetrieveOptions, 'starts' | 'initRadius' | 'order' | 'noise'>

/**
 * All starts of the first cue, then those of the next. `perCue`: what is fixed, and differs from cue to cue.
 */
export function retrievalStarts(
  run: Run<RetrievalParts>,
  perCue: readonly string[],
  options: Starting,
  diagnostics: Diagnostic[],
): readonly RetrievalStart[] {
  const { starts: wanted = defaults.starts, initRadius: radius = defaults.initRadius } = options
  const boxes = run.parts.program.states.some((s) => s.move.kind === 'box')
  const reader = wanted > 1 && boxes ? wallReader(run, perCue) : undefined
  const starts: RetrievalStart[] = []
  let drawn = false
  for (let i = 0; i < run.bound.count && !diagnostics.some((d) => d.severity === 'error'); i += 1) {
    const own = Object.fromEntries(perCue.map((name) => [name, row(must(run.bound.observed[name], name), i)]))
    const walls = reader?.at(own) ?? (() => undefined)
    for (let n = 0; n < wanted; n += 1) {
      const which = { cue: i, draw: i + n * run.bound.count }
      const { varied, cue, ...rest } = startOf(run, which, n === 0 ? undefined : { radius, walls }, diagnostics)
      starts.push({ ...rest, cue: { ...cue, ...own }, number: n })
      drawn ||= varied
    }
  }
  reader?.dispose()
  if (wanted > 1 && !drawn && options.order !== 'random' && options.noise === undefined) diagnostics.push(alike())
  return starts
}

function alike(): Diagnostic {
  return diagnostic('AMP727', 'The option starts has no effect: where every state starts is given.', {
    hint: 'Leave what is to be drawn out of the cue (null in JSON, an empty cell in CSV), or let discrete states flip in a random order (--order random).',
  })
}

/** How far apart starts are drawn. */
interface Spread {
  readonly radius: number
  readonly walls: (state: RetrievalState) => BoxWalls | undefined
}

/** Where the states start, in the coordinates they move in, and what of them is held; what nobody says is drawn if it is to be spread. */
function startOf(
  run: Run<RetrievalParts>,
  which: Which,
  spread: Spread | undefined,
  diagnostics: Diagnostic[],
): Omit<RetrievalStart, 'number'> & { readonly varied: boolean } {
  const { parts } = run
  // Without inherited names, since states are named by the user.
  const cue: Record<string, Float64Array> = Object.create(null)
  const clamp: Record<string, Uint8Array> = Object.create(null)
  let unsaid = false
  let varied = false
  for (const state of [...parts.program.states, ...parts.program.discrete]) {
    const point = startingPoint(run, state, which)
    const free = freeOf(run, state, point)
    if (spread !== undefined && 'move' in state) scatter(run, state, { ...spread, point, free, which })
    varied ||= spread !== undefined && (free.includes(1) || point.drawn)
    cue[state.name] = point.coordinates
    unsaid ||= point.untouched
    const why = 'move' in state && point.held.includes(1) ? whyWhole(parts, state) : undefined
    if (why !== undefined) diagnostics.push(observedInPart(state.name, why))
    else if (!('move' in state) || state.coordinateAxes.join() === state.axes.join()) clamp[state.name] = point.held
  }
  return { cue, clamp, unsaid, varied }
}

/** 1 for the coordinates of which neither a cue nor an observation says anything; discrete states stay at their defaults, too. */
function freeOf(
  { parts }: Run<RetrievalParts>,
  state: RetrievalState | DiscreteState,
  { cued, held, coordinates }: StartingPoint,
): Uint8Array {
  if (!('move' in state) && parts.starts.some((d) => d.name === state.name)) return new Uint8Array(coordinates.length)
  if (held.length === coordinates.length) return held.map((h, i) => (h === 1 || cued[i] === 1 ? 0 : 1))
  return new Uint8Array(coordinates.length).fill(held.includes(1) || cued.includes(1) ? 0 : 1)
}

interface Scattered extends Spread {
  readonly point: StartingPoint
  readonly free: Uint8Array
  readonly which: Which
}

/** Draws what is free: between the walls of a box, in all directions of a sphere, else around where it starts. */
function scatter(run: Run<RetrievalParts>, state: RetrievalState, { point, free, radius, walls, which }: Scattered): void {
  const stream = new Stream(fold(fold(run.key, `another start of ${state.name}`), which.draw))
  const { kind } = state.move
  const box = walls(state)
  const wall = (numbers: Float64Array | undefined, i: number, unless: number): number => numbers?.[numbers.length === 1 ? 0 : i] ?? unless
  for (let i = 0; i < free.length; i += 1) {
    if (free[i] === 0) continue
    const [lower, upper] = [wall(box?.lower, i, -Infinity), wall(box?.upper, i, Infinity)]
    const centre = point.coordinates[i] as number
    const from = Number.isFinite(lower) ? lower : Number.isFinite(upper) ? upper - 2 * radius : centre - radius
    const to = Number.isFinite(upper) ? upper : from + 2 * radius
    point.coordinates[i] = kind === 'sphere' ? stream.normal() : from + (to - from) * stream.uniform()
  }
}
