import { preconditionedStep } from '../../base/preconditioned-step.ts'
import { squared } from '../../base/special/pow.ts'
import { eachMoving, eachSphere, type FlowSetting, retract, tangents } from '../geometry.ts'
import type { Sphere } from '../layout.ts'
import type { StatePoint } from '../point.ts'

/** What a step x - s P g is made of, kept between steps. */
export interface Aim {
  /** P: 0 for what does not move. */
  readonly preconditioner: Float64Array
  /** g: along the surface for unit vectors. */
  readonly gradient: Float64Array
  /** Spheres whose full step goes past the equator, where x - P g cannot reach. */
  readonly over: Map<Sphere, number>
}

export function newAim(length: number): Aim {
  return { preconditioner: new Float64Array(length), gradient: new Float64Array(length), over: new Map() }
}

/**
 * Aims at the minimum of a majoriser of the energy: P is 1/U where a diagonal majoriser U is known, elsewhere 1/guess.
 * `known` false leaves known curvature aside.
 *
 * On a sphere of radius r the minimum of g.(y - x) + U |y - x|^2 / 2 over |y| = r lies along U x - g (for U = 0 and
 * a log-sum-exp energy that is the mean-shift step of a von Mises-Fisher mixture). Up to length this is
 * x - g_t / (U - g.x / r^2), with g_t the part of g along the surface: the same kind of step with its own P.
 */
export function aim(setting: FlowSetting, here: StatePoint, guess: number, known: boolean, into: Aim): void {
  const { moves } = setting
  const { preconditioner: p, gradient } = into
  for (let i = 0; i < p.length; i += 1) {
    const u = here.curvature[i] as number
    p[i] = moves[i] === 0 ? 0 : 1 / (known && u > 0 ? u : guess)
    gradient[i] = moves[i] === 0 ? 0 : (here.gradient[i] as number)
  }
  tangents(setting, here.x, gradient)
  into.over.clear()
  eachSphere(setting.layout, (sphere) => aimOnSphere(sphere, setting, here, guess, known, into))
}

function aimOnSphere(sphere: Sphere, setting: FlowSetting, here: StatePoint, guess: number, known: boolean, into: Aim): void {
  const u = here.curvature[sphere.start] as number
  const curvature = known && u >= 0 ? u : guess
  let along = 0
  let across = 0
  let square = 0
  eachMoving(sphere, setting.moves, (i) => {
    along += (here.gradient[i] as number) * (here.x[i] as number)
    across += squared(into.gradient[i] as number)
    square += squared(here.x[i] as number)
  })
  if (!(square > 0)) return
  const bend = curvature - along / square
  // Shorter steps than the full one then start with an eighth of a turn, still on the way to U x - g.
  const scale = bend > 0 ? bend : Math.sqrt(across / square)
  if (!(bend > 0)) into.over.set(sphere, curvature)
  eachMoving(sphere, setting.moves, (i) => {
    into.preconditioner[i] = scale > 0 ? 1 / scale : 0
  })
}

/** What shakes a step: the temperature (nats) and a standard normal number a coordinate. */
export interface Shake {
  readonly temperature: number
  readonly xi: Float64Array
}

/** Writes the step of size `s` from `here` into `x`; s = 1 is the full step. */
export function advance(setting: FlowSetting, here: StatePoint, s: number, along: Aim, x: Float64Array, shake?: Shake): void {
  const p = along.preconditioner
  preconditionedStep(here.x, along.gradient, p, s, shake?.temperature ?? 0, shake?.xi, x)
  if (s === 1) {
    for (const [sphere, u] of along.over) {
      eachMoving(sphere, setting.moves, (i) => {
        // U x - g is 1/P times as long as the place x - P g that it stands for, and so is the noise there.
        const kick =
          shake === undefined || shake.temperature === 0 || p[i] === 0
            ? 0
            : Math.sqrt((2 * shake.temperature) / (p[i] as number)) * (shake.xi[i] as number)
        x[i] = u * (here.x[i] as number) - (here.gradient[i] as number) + kick
      })
    }
  }
  retract(setting, here, x)
}
