import type { Integrator } from '../../base/integrate/adaptive.ts'
import { type AffineFlow, affineFlow, coupled } from '../../base/integrate/affine.ts'
import type { OdeSystem } from '../../base/integrate/system.ts'
import type { SimulationProgram } from '../../middle/simulation-program.ts'
import type { MotionField } from './field.ts'

/** What goes on from one place in time to the next: the solution is known between the two. */
export type Stepper = Pick<Integrator, 'begin' | 'step' | 'at' | 't' | 'from'>

/** So many numbers may move together, and so many in all, for exponentials of matrices to be worth their while. */
const [TOGETHER, ALL] = [200, 1000]
/** Looked at for jumps, an exact step is so long a part of the shortest time in which anything changes. */
const PART = 0.25

/**
 * The flow as it is until signals change next, where it is A x + b; undefined where it is not, or is too large. `noise`: what the
 * increments of Wiener processes are multiplied by.
 */
export function openAffine(
  { length, signals }: MotionField,
  system: OdeSystem,
  program: SimulationProgram,
  [t, until]: readonly [number, number],
  noise?: Float64Array,
): AffineFlow | undefined {
  if (!program.affine || system.jacobian === undefined || length > ALL) return undefined
  if (signals.isLinear && !program.affineInInputs) return undefined
  const zero = new Float64Array(length)
  const matrix = new Float64Array(length * length)
  const [constant, later] = [new Float64Array(length), new Float64Array(length)]
  system.jacobian(t, zero, matrix)
  system.rate(t, zero, constant)
  if (![...matrix, ...constant].every(Number.isFinite)) return undefined
  if (coupled(matrix, length).some((group) => group.length > TOGETHER)) return undefined
  const ramp = signals.isLinear ? rampOf() : undefined
  return affineFlow({ length, matrix, constant, ...(ramp && { ramp }), ...(noise && { noise }) })

  /** By how much b rises in a unit of time: signals are straight, and b is affine in them. */
  function rampOf(): Float64Array {
    system.rate(until, zero, later)
    return later.map((v, i) => (v - (constant[i] as number)) / (until - t))
  }
}

/** Exact steps: without jumps they go all the way. */
export function exactStepper(flow: AffineFlow, longest: number): Stepper {
  const start = { t: 0, y: new Float64Array(0) }
  let [from, t] = [0, 0]
  return {
    begin(at, y) {
      start.t = at
      start.y = y.slice()
      from = at
      t = at
    },
    step(until) {
      from = t
      t = Math.min(until, t + longest)
      return 'stepped'
    },
    at: (time, out) => flow.advance(start.y, time - start.t, out),
    get t() {
      return t
    },
    get from() {
      return from
    },
  }
}

/** How far exact steps go where they are looked at for jumps: a part of the time in which the fastest of the numbers changes. */
export function exactLongest(system: OdeSystem, t: number, length: number): number {
  const matrix = new Float64Array(length * length)
  system.jacobian?.(t, new Float64Array(length), matrix)
  let fastest = 0
  for (let i = 0; i < length; i += 1) {
    let row = 0
    for (let j = 0; j < length; j += 1) row += Math.abs(matrix[i * length + j] as number)
    fastest = Math.max(fastest, row)
  }
  return fastest === 0 ? Number.POSITIVE_INFINITY : PART / fastest
}
