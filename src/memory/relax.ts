import { leaveInfinity } from './leave-infinity.ts'
import { isAtRest, outcome, type RetrievalOutcome, shown, stepsInWords } from './outcome.ts'
import { rounding, type StatePoint } from './point.ts'
import { type Recent, recent } from './recent.ts'
import type { Relaxation } from './relaxation.ts'
import { magnitude, remedy, runaway } from './runaway.ts'

/** What a relaxation leaves; `here` is the last place and was looked at last. */
export interface RelaxEnd {
  readonly here: StatePoint
  readonly outcome: RetrievalOutcome
  /** The energy at the cue and after every step, nats. */
  readonly trace: readonly number[]
  readonly steps: number
  /** Points looked at. */
  readonly evaluations: number
  readonly time: number
}

/** Where a relaxation is; changes as it goes. */
interface Track {
  here: StatePoint
  next: StatePoint
  steps: number
  time: number
  readonly trace: number[]
  /** Size of the cue. */
  readonly size: number
  readonly past: Recent
  /** What holds the states where no flow moves them, if it is a kink. */
  kink: string | undefined
}

/**
 * The loop of retrieval: steps of every flow in turn and a sweep over the discrete states, until all are at rest. Points
 * to look at are yielded. `start.x` is the cue; `cued` is called when it has been looked at.
 */
export function* relax(work: Relaxation, start: StatePoint, spare: StatePoint, cued: () => void): Generator<StatePoint, RelaxEnd, void> {
  const path = follow(work, start, spare, cued)
  let evaluations = 0
  let last: StatePoint | undefined
  let next = path.next()
  for (; !next.done; next = path.next()) {
    evaluations += 1
    last = next.value
    yield next.value
  }
  // Everything else the graph says (values, responsibilities) is to be about the last place, too, which flips may have left since.
  if (last !== next.value.here || work.flips !== undefined) {
    evaluations += 1
    yield next.value.here
  }
  return { ...next.value, evaluations }
}

function* follow(
  work: Relaxation,
  start: StatePoint,
  spare: StatePoint,
  cued: () => void,
): Generator<StatePoint, Omit<RelaxEnd, 'evaluations'>, void> {
  yield start
  if (work.admit(start)) yield start
  cued()
  const track: Track = {
    here: start,
    next: spare,
    steps: 0,
    time: 0,
    trace: [start.energy],
    size: magnitude(start.x),
    past: recent(work.flips?.values ?? []),
    kink: undefined,
  }
  tell(work, track)
  work.path?.arrive(0, 0, start.energy)
  if (yield* leaveInfinity(work, start)) {
    work.path?.arrive(1, 0, start.energy)
    arrive(work, track)
  }
  let end = faultAt(track) ?? limits(work, track)
  while (end === undefined) end = yield* round(work, track)
  if (isAtRest(end) && work.flows.length > 0 && (work.options.probe || track.steps === 0)) end = yield* probe(work, track, end)
  return { here: track.here, outcome: end, trace: track.trace, steps: track.steps, time: track.time }
}

/** One step of everything; an outcome when it was the last. */
function* round(work: Relaxation, track: Track): Generator<StatePoint, RetrievalOutcome | undefined, void> {
  const flowed = yield* flowAll(work, track)
  if (typeof flowed === 'object') return flowed
  const flipped = yield* flipAll(work, track)
  if (typeof flipped === 'object') return flipped
  if (!flowed && !flipped) return rest(track)
  arrive(work, track)
  return faultAt(track) ?? circling(work, track) ?? limits(work, track)
}

function rest({ steps, kink }: Track): RetrievalOutcome {
  const after = `At rest after ${stepsInWords(steps)}`
  return kink === undefined ? outcome('converged', `${after}.`) : outcome('at a kink', `${after}, ${kink}.`)
}

function arrive(work: Relaxation, track: Track): void {
  track.steps += 1
  track.trace.push(track.here.energy)
  tell(work, track)
}

/**
 * Whether a place of rest is one: nudged from a saddle or a maximum, the states roll down, and retrieval goes on from there. From
 * a minimum they come back, and nothing is changed.
 */
function* probe(work: Relaxation, track: Track, rested: RetrievalOutcome): Generator<StatePoint, RetrievalOutcome, void> {
  for (let end = rested; ; ) {
    const { here, steps, time } = track
    const rest = {
      x: here.x.slice(),
      energy: here.energy,
      length: track.trace.length,
      levels: work.flips?.values.map((v) => v.slice()),
      moments: work.path?.moments.length ?? 0,
    }
    work.nudge(here, track.next.x)
    yield track.next
    const left = track.here
    track.here = track.next
    track.next = left
    let again = faultAt(track)
    while (again === undefined) again = yield* round(work, track)
    // Coming closer to the same minimum than the tolerance asks gains about its square; a way down gains far more.
    if (track.here.energy < rest.energy - 1e-6 * Math.max(1, Math.abs(rest.energy)) * Math.sqrt(work.options.tolerance)) {
      const lower = track.trace.splice(rest.length).filter((energy) => energy <= rest.energy)
      track.trace.push(...lower)
      track.steps = steps + lower.length
      work.path?.keepLower(rest.moments, steps, rest.energy)
      end = {
        ...again,
        sentence: `${again.sentence} A small push led away from a stationary point that is not a minimum, after ${stepsInWords(steps)}.`,
      }
      if (isAtRest(again)) continue
      return end
    }
    track.here.x.set(rest.x)
    rest.levels?.forEach((values, k) => {
      work.flips?.values[k]?.set(values)
    })
    track.trace.length = rest.length
    work.path?.forget(rest.moments)
    Object.assign(track, { steps, time })
    yield track.here
    return end
  }
}

/** Whether any flow moved, or how it ended. */
function* flowAll(work: Relaxation, track: Track): Generator<StatePoint, boolean | RetrievalOutcome, void> {
  let any = false
  let passed = 0
  track.kink = undefined
  for (const flow of work.flows) {
    const stride = yield* flow.step(track.here, track.next)
    if (stride.kind === 'settled') {
      track.kink ??= stride.kink
      continue
    }
    if (stride.kind === 'ended') return { ...stride.outcome, sentence: `After ${stepsInWords(track.steps)}. ${stride.outcome.sentence}` }
    any = true
    passed = Math.max(passed, stride.time ?? 0)
    const left = track.here
    track.here = track.next
    track.next = left
    const away = runaway(work.layout, track.here, track.size, track.trace, track.steps + 1)
    if (away !== undefined) {
      yield* writeDown(work, track)
      arrive(work, track)
      return away
    }
  }
  track.time += passed
  if (any) yield* writeDown(work, track)
  return any
}

function* flipAll(work: Relaxation, track: Track): Generator<StatePoint, boolean | RetrievalOutcome, void> {
  if (work.flips === undefined) return false
  // Flips read continuous values where the last look left them, which may have been elsewhere.
  if (work.flows.length > 0) yield track.here
  const told = work.options.update === 'synchronous' ? undefined : work.path?.flip
  work.path?.begin(track.steps + 1, track.time, track.here.energy)
  if (work.flips.sweep(rounding(track.here), told) === 0) return false
  yield track.here
  if (told === undefined) work.path?.arrive(track.steps + 1, track.time, track.here.energy)
  return true
}

/** Where the flows of a step led. */
function* writeDown({ path }: Relaxation, { here, steps, time }: Track): Generator<StatePoint, void, void> {
  if (path === undefined) return
  // Values are those of the last point that was looked at, which may be another.
  if (path.values) yield here
  path.arrive(steps + 1, time, here.energy)
}

function faultAt(track: Track): RetrievalOutcome | undefined {
  const { here, steps } = track
  const where = steps === 0 ? 'at the cue' : `at step ${steps}`
  if (here.fault !== undefined) return outcome('not finite', `${capital(here.fault)} ${where}.`)
  if (here.energy === Infinity) return outcome('not finite', `The energy is infinite ${where}: it lies outside the support.`)
  if (here.energy === -Infinity)
    return outcome('unbounded', `The energy is minus infinity ${where}: nothing bounds it from below. ${remedy}`)
  return undefined
}

/** Only synchronous updates can come back to where they were. */
function circling(work: Relaxation, track: Track): RetrievalOutcome | undefined {
  if (work.flows.length > 0 || work.options.update !== 'synchronous') return undefined
  const period = track.past.seenBefore()
  if (period === undefined) return undefined
  return outcome('cycle', `Synchronous updates repeat a cycle of ${period} states since step ${track.steps - period}.`)
}

function limits(work: Relaxation, track: Track): RetrievalOutcome | undefined {
  const { maxSteps, maxTime } = work.options
  // Times are sums of steps: 1e-12 is the rounding of a long sum.
  if (track.time >= maxTime * (1 - 1e-12)) return outcome('step limit', `Still moving at time ${shown(track.time)}, the time limit.`)
  if (track.steps >= maxSteps) return outcome('step limit', `Still moving after ${stepsInWords(maxSteps)}.`)
  return undefined
}

function tell(work: Relaxation, track: Track): void {
  const { steps, time, here } = track
  work.options.observe?.({ step: steps, time, energy: here.energy, x: here.x, discrete: work.flips?.values ?? [] })
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
