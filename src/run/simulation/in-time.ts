import { integrator } from '../../base/integrate/adaptive.ts'
import type { OdeSystem } from '../../base/integrate/system.ts'
import { defaults, type OptionsOf } from '../../middle/options.ts'
import type { SimulationProgram } from '../../middle/simulation-program.ts'
import type { MotionField } from './field.ts'
import type { JumpEvent, Jumping } from './jumping.ts'
import { endings, type SimulationOutcome } from './outcome.ts'
import type { Recorder } from './recorder.ts'
import { exactLongest, exactStepper, openAffine, type Stepper } from './stepper.ts'

/** What a simulation is made of once everything is open. */
export interface Scene {
  readonly program: SimulationProgram
  readonly field: MotionField
  readonly system: OdeSystem
  readonly jumping: Jumping | undefined
  readonly recorder: Recorder
  /** Called at every place that a step comes to, by time, while signals stay as they are. */
  readonly watch: (t: number) => void
  /** The next places belong to other signals, or come after a jump. */
  readonly anew: () => void
}

/** From when to when, at which times rows are written, in rising order, and where signals change. */
export interface TimeSpan {
  readonly from: number
  readonly until: number
  readonly asked: Float64Array
  readonly changes: Float64Array
}

/** What moved the numbers of y. */
export type StepKind = 'exact' | 'explicit' | 'implicit' | 'random'

export type TimeOptions = Pick<OptionsOf<'simulate'>, 'integrator' | 'accuracy' | 'longestStep'>

/** A step is looked at in so many places for jumps. */
const LOOKS = 4

/** Flows from start to end, exactly where they are affine and else by adaptive steps, through jumps and changes of signals. */
export function* inTime(
  scene: Scene,
  span: TimeSpan,
  options: TimeOptions,
): Generator<number, { outcome: SimulationOutcome; by: ReadonlySet<StepKind> }> {
  const { program, field, system, jumping, recorder, watch, anew } = scene
  const { y, signals } = field
  const { integrator: method = defaults.integrator, accuracy = defaults.accuracy, longestStep = defaults.longestStep } = options
  const by = new Set<StepKind>()
  const adaptive = integrator(system, {
    relative: accuracy,
    absolute: accuracy,
    longest: longestStep,
    method: method === 'exact' ? 'auto' : method,
  })
  const place = new Float64Array(field.length)
  let next = 0

  /** Rows that were asked for before `t`, by what is known of the step. */
  function writeRows(stepper: Stepper, t: number, inclusive: boolean): void {
    while (next < span.asked.length) {
      const at = span.asked[next] as number
      if (at > t || (at === t && !inclusive)) return
      enter(stepper, at)
      recorder.record(at)
      watch(at)
      next += 1
    }
  }

  function enter(stepper: Stepper, t: number): void {
    stepper.at(t, place)
    y.set(place)
    if (signals.isLinear) signals.write(t)
  }

  /** The first moment of a step at which a jump is due. */
  function due(stepper: Stepper): number | undefined {
    if (jumping === undefined) return undefined
    const { from, t } = stepper
    let [left, low] = [from, -1]
    for (let k = 1; k <= LOOKS; k += 1) {
      const at = k === LOOKS ? t : from + ((t - from) * k) / LOOKS
      enter(stepper, at)
      const high = jumping.excess()
      if (high > 0) return crossing(stepper, jumping, [left, low], [at, high])
      left = at
      low = high
    }
    return undefined
  }

  function crossing(stepper: Stepper, { excess }: Jumping, before: readonly [number, number], after: readonly [number, number]): number {
    let [[left, low], [right, high]] = [[...before], [...after]] as [[number, number], [number, number]]
    const width = Math.max(1, Math.abs(right)) * 4 * Number.EPSILON
    // The Illinois variant of the false position, which keeps the crossing between its ends.
    for (let side = 0; right - left > width; ) {
      const guess = Number.isFinite(low) && low < 0 ? left + ((right - left) * -low) / (high - low) : (left + right) / 2
      const middle = guess > left && guess < right ? guess : (left + right) / 2
      if (middle <= left || middle >= right) break
      enter(stepper, middle)
      const value = excess()
      if (value > 0) {
        right = middle
        high = value
        if (side === 1) low /= 2
        side = 1
      } else {
        left = middle
        low = value
        if (side === -1) high /= 2
        side = -1
      }
    }
    return right
  }

  function stepperFor(t: number, until: number): Stepper {
    const wanted = method === 'auto' || method === 'exact'
    const flow = wanted ? openAffine(field, system, program, [t, until]) : undefined
    if (flow === undefined) return adaptive
    by.add('exact')
    return exactStepper(
      flow,
      jumping === undefined ? Number.POSITIVE_INFINITY : Math.min(longestStep, exactLongest(system, t, field.length)),
    )
  }

  const ends = [...span.changes].filter((t) => t < span.until)
  const pacing = openPacing(jumping?.events ?? [])
  let t = span.from
  for (const end of [...ends, span.until]) {
    signals.seek(t, 'after')
    signals.write(t)
    if (jumping?.jump(t) === 'endless') return { outcome: endings.endless(t, jumping.events.length), by }
    const here = y.slice()
    const stepper = stepperFor(t, end)
    y.set(here)
    if (signals.isLinear) signals.write(t)
    if (t === span.from || end > t) recorder.record(t)
    if (span.asked[next] === t) next += 1
    anew()
    watch(t)
    stepper.begin(t, here)
    while (t < end) {
      const status = stepper.step(Math.min(end, t + pacing.reach()))
      if (status === 'stuck') return { outcome: endings.stuck(t), by }
      const at = status === 'stepped' ? due(stepper) : undefined
      const reached = at ?? stepper.t
      enter(stepper, reached)
      const broken = status === 'broken' ? (unfinite(field) ?? field.slots[0]?.name) : unfinite(field)
      if (broken !== undefined) return { outcome: endings.notFinite(t, broken), by }
      // Rows of the very moment of a jump, or of a change, come after it.
      writeRows(stepper, reached, at === undefined && reached !== end)
      enter(stepper, reached)
      watch(reached)
      t = reached
      if (at === undefined || jumping === undefined) {
        pacing.passed()
        yield t
        continue
      }
      const before = jumping.events.length
      if (jumping.jump(t) === 'endless' || pacing.jumped(t, before) === 'endless')
        return { outcome: endings.endless(t, jumping.events.length), by }
      anew()
      stepper.begin(t, y.slice())
      yield t
    }
    // Where it ends as it begins there is no step to look at.
    if (end === span.from) break
    enter(stepper, end)
    recorder.record(end)
    if (span.asked[next] === end) next += 1
  }
  const { all, stiff } = adaptive.steps
  if (all > stiff) by.add('explicit')
  if (stiff > 0) by.add('implicit')
  return { outcome: endings.ended(t), by }
}

/** So many jumps of one element, each no later after the last than this part of 1 + |t|, are taken to have no end. */
const [AT_ONCE, CLOSE] = [15, 1e-9]

/**
 * How far steps go after a jump: the next one may come sooner than the last one did, so a step is first a part of the time between
 * the two, and then longer and longer.
 */
function openPacing(events: readonly JumpEvent[]) {
  let [last, reach, first] = [Number.NaN, Number.POSITIVE_INFINITY, 0]
  return {
    reach: () => reach,
    passed(): void {
      reach *= 2
    },
    /** `before`: how many jumps there were until now. */
    jumped(t: number, before: number): 'endless' | undefined {
      const gap = t - last
      if (!(gap < CLOSE * (1 + Math.abs(t)))) first = before
      if (!Number.isNaN(gap)) reach = Math.max(gap / 4, Math.max(1, Math.abs(t)) * 16 * Number.EPSILON)
      last = t
      const { condition, element } = events.at(-1) ?? { condition: 0, element: 0 }
      const own = events.slice(first).filter((e) => e.condition === condition && e.element === element)
      return own.length > AT_ONCE ? 'endless' : undefined
    },
  }
}

/** A state that is not finite any more. */
export function unfinite({ slots, y }: MotionField): string | undefined {
  return slots.find(({ offset, length }) => !y.subarray(offset, offset + length).every(Number.isFinite))?.name
}
