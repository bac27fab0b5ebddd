import { pow } from '../special/pow.ts'
import { dormandPrince } from './dormand-prince.ts'
import { radau } from './radau.ts'
import { errorNorm, type OdeStep, type OdeSystem, type StepMethod, type Tolerances } from './system.ts'

export type IntegratorMethod = 'auto' | 'explicit' | 'stiff'

export interface IntegratorOptions extends Tolerances {
  /** `auto` begins with explicit steps, and goes on with implicit ones once stability holds these back. */
  readonly method: IntegratorMethod
  /** The longest step in time. */
  readonly longest: number
}

/** An initial value problem under way. */
export interface Integrator extends OdeStep {
  /** Goes on from here: at the beginning, and wherever f or y jumps. */
  begin(t: number, y: Float64Array): void
  /** One step, not beyond `until`. `stuck`: no step is short enough for what is asked; `broken`: f is not finite where it starts. */
  step(until: number): 'stepped' | 'stuck' | 'broken'
  readonly t: number
  readonly y: Float64Array
  /** Steps taken, and those that were taken implicitly. */
  readonly steps: { readonly all: number; readonly stiff: number }
}

/** How much of the step that the error estimate asks for is taken, and the shortest one as a part of the last. */
const [SAFETY, SHORTEST] = [0.9, 0.2]

/** Adaptive steps with continuous output (Hairer, Norsett and Wanner 1993, II.4). */
export function integrator(system: OdeSystem, options: IntegratorOptions): Integrator {
  const { method, longest } = options
  const { length } = system
  const { jacobian } = system
  const implicit = (): StepMethod | undefined => (jacobian === undefined ? undefined : radau({ ...system, jacobian }, options))
  let current = (method === 'stiff' ? implicit() : undefined) ?? dormandPrince(system, options)
  let isStiff = method === 'stiff' && jacobian !== undefined
  const y = new Float64Array(length)
  const next = new Float64Array(length)
  const slope = new Float64Array(length)
  const steps = { all: 0, stiff: 0 }
  let [t, from, h] = [0, 0, Number.NaN]

  function begin(at: number, value: Float64Array): void {
    t = at
    from = at
    y.set(value)
    current.begin(t, y)
    system.rate(t, y, slope)
  }

  function step(until: number): 'stepped' | 'stuck' | 'broken' {
    if (!slope.every(Number.isFinite) && steps.all === 0) return 'broken'
    if (!(h > 0)) h = firstStep(system, t, y, until - t, options)
    let isRejected = false
    for (;;) {
      const least = 10 * spacing(t)
      const wanted = Math.min(h, longest)
      // A step that would leave less than a part of itself behind goes all the way.
      const rest = until - t
      const size = rest <= wanted * (1 + 1e-9) ? rest : wanted
      if (size < least && rest > least) return steps.all === 0 && !Number.isFinite(h) ? 'broken' : 'stuck'
      const { error, stiff } = current.attempt(t, y, size, next)
      const factor = SAFETY * pow(error, -1 / (current.order + 1))
      if (error <= 1 && next.every(Number.isFinite)) {
        current.accept()
        from = t
        t = size === rest ? until : t + size
        y.set(next)
        steps.all += 1
        if (isStiff) steps.stiff += 1
        const grown = size * Math.min(isRejected ? 1 : current.growth, Math.max(SHORTEST, error === 0 ? current.growth : factor))
        // A step that was cut off by `until` says nothing against the longer one that was wanted.
        h = size < wanted ? Math.max(h, grown) : grown
        if (stiff === true && method === 'auto' && !isStiff) switchOver()
        return 'stepped'
      }
      isRejected = true
      h = size * (Number.isFinite(error) ? Math.max(SHORTEST, Math.min(SAFETY, factor)) : SHORTEST)
    }
  }

  /** The interpolant of the step that was just taken is kept, since whoever asked for it looks at it now. */
  function switchOver(): void {
    const other = implicit()
    if (other === undefined) return
    const last = current
    const boundary = t
    isStiff = true
    other.begin(t, y)
    current = { ...other, at: (time, out) => (time <= boundary ? last.at(time, out) : other.at(time, out)) }
  }

  return {
    begin,
    step,
    y,
    steps,
    get t() {
      return t
    },
    get from() {
      return from
    },
    get to() {
      return t
    },
    at: (time, out) => current.at(time, out),
  }
}

/** The distance from t to the next number. */
function spacing(t: number): number {
  return Math.max(Math.abs(t) * Number.EPSILON, Number.MIN_VALUE)
}

/** A first step that is neither much too long nor too short (Hairer, Norsett and Wanner 1993, II.4). */
function firstStep(system: OdeSystem, t: number, y: Float64Array, most: number, tolerances: Tolerances): number {
  const [one, two, place] = [new Float64Array(y.length), new Float64Array(y.length), new Float64Array(y.length)]
  system.rate(t, y, one)
  const [size, speed] = [errorNorm(y, y, y, tolerances), errorNorm(one, y, y, tolerances)]
  const guess = Math.min(most, size < 1e-5 || speed < 1e-5 ? 1e-6 : (0.01 * size) / speed)
  for (let i = 0; i < y.length; i += 1) place[i] = (y[i] as number) + guess * (one[i] as number)
  system.rate(t + guess, place, two)
  for (let i = 0; i < y.length; i += 1) two[i] = ((two[i] as number) - (one[i] as number)) / guess
  const bend = errorNorm(two, y, y, tolerances)
  const steepest = Math.max(speed, bend)
  const other = steepest <= 1e-15 ? Math.max(1e-6, guess * 1e-3) : pow(0.01 / steepest, 1 / 5)
  const first = Math.min(100 * guess, other, most)
  return Number.isFinite(first) ? first : guess
}
