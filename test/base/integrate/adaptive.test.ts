import { describe, expect, it, test } from 'vitest'
import { type IntegratorMethod, integrator } from '../../../src/base/integrate/adaptive.ts'
import type { OdeSystem } from '../../../src/base/integrate/system.ts'

/** From start to end, and the largest error against a known solution on the way, at places between steps too. */
function run(
  system: OdeSystem,
  start: readonly number[],
  until: number,
  { method, accuracy, exact }: { method: IntegratorMethod; accuracy: number; exact?: (t: number) => readonly number[] },
) {
  const steps = integrator(system, { method, relative: accuracy, absolute: accuracy, longest: Number.POSITIVE_INFINITY })
  steps.begin(0, Float64Array.from(start))
  const place = new Float64Array(system.length)
  let worst = 0
  let status = 'stepped'
  while (steps.t < until && status === 'stepped') {
    status = steps.step(until)
    for (const part of [0.1, 0.5, 0.9, 1]) {
      const t = steps.from + part * (steps.t - steps.from)
      steps.at(t, place)
      exact?.(t).forEach((v, i) => {
        worst = Math.max(worst, Math.abs(v - (place[i] as number)))
      })
    }
  }
  return { end: [...steps.y], worst, status, steps: { ...steps.steps }, t: steps.t }
}

const circle: OdeSystem = {
  length: 2,
  rate(_, y, out) {
    out[0] = y[1] as number
    out[1] = -(y[0] as number)
  },
  jacobian(_, __, out) {
    out.set([0, 1, -1, 0])
  },
}

/** Depends on time: dy/dt = -2 t y, so y = exp(-t^2). */
const bell: OdeSystem = {
  length: 1,
  rate(t, y, out) {
    out[0] = -2 * t * (y[0] as number)
  },
  jacobian(t, _, out) {
    out[0] = -2 * t
  },
}

function vanDerPol(mu: number): OdeSystem {
  return {
    length: 2,
    rate(_, y, out) {
      const [a, b] = [y[0] as number, y[1] as number]
      out[0] = b
      out[1] = mu * (1 - a * a) * b - a
    },
    jacobian(_, y, out) {
      const [a, b] = [y[0] as number, y[1] as number]
      out.set([0, 1, -2 * mu * a * b - 1, mu * (1 - a * a)])
    },
  }
}

describe.each(['explicit', 'stiff'] as const)('%s steps', (method) => {
  it.each([1e-4, 1e-7, 1e-10])('follow closed forms at every time, to about the accuracy %d', (accuracy) => {
    const turning = run(circle, [1, 0], 12, { method, accuracy, exact: (t) => [Math.cos(t), -Math.sin(t)] })
    const falling = run(bell, [1], 3, { method, accuracy, exact: (t) => [Math.exp(-t * t)] })
    expect(turning.worst).toBeLessThan(60 * accuracy)
    expect(falling.worst).toBeLessThan(60 * accuracy)
  })

  // Van der Pol's oscillator with mu = 1: computed with 60 digits by Taylor series (mpmath odefun).
  test('follow a nonlinear oscillator', () => {
    const { end } = run(vanDerPol(1), [2, 0], 10, { method, accuracy: 1e-10 })
    expect(end[0]).toBeCloseTo(REFERENCE[0], 8)
    expect(end[1]).toBeCloseTo(REFERENCE[1], 8)
  })
})

const REFERENCE = [-2.008340782579712, 0.032907065863324064] as const

test('a stiff system is noticed, and goes on by implicit steps', () => {
  // The test set of initial value problems has the solution at 2000 to 16 digits (Mazzia and Magherini 2008, II-vdpol).
  const { end, steps } = run(vanDerPol(1000), [2, 0], 2000, { method: 'auto', accuracy: 1e-9 })
  expect(end[0]).toBeCloseTo(1.706167732170469, 7)
  expect(end[1]).toBeCloseTo(-8.928097010248125e-4, 9)
  expect(steps.stiff).toBeGreaterThan(0.9 * steps.all)
  expect(run(circle, [1, 0], 12, { method: 'auto', accuracy: 1e-6 }).steps.stiff).toBe(0)
})

test('a solution that leaves every bound is stuck before it does', () => {
  const blowUp: OdeSystem = { length: 1, rate: (_, y, out) => out.set([(y[0] as number) ** 2]) }
  const { status, t } = run(blowUp, [1], 2, { method: 'auto', accuracy: 1e-8 })
  expect(status).toBe('stuck')
  expect(t).toBeCloseTo(1, 6)
})

test('a rate that is no number is said at once', () => {
  const broken: OdeSystem = { length: 1, rate: (_, __, out) => out.set([Number.NaN]) }
  expect(run(broken, [1], 2, { method: 'auto', accuracy: 1e-8 }).status).toBe('broken')
})

// Only a rate that depends on time asks at which times its stages stand.
it.each<IntegratorMethod>(['explicit', 'stiff'])('follows a rate that changes in time, by %s steps', (method) => {
  const driven: OdeSystem = {
    length: 1,
    rate(t, y, out) {
      out[0] = Math.cos(3 * t) - (y[0] as number)
    },
    jacobian(_, __, out) {
      out[0] = -1
    },
  }
  const exact = (t: number): readonly number[] => [(Math.cos(3 * t) + 3 * Math.sin(3 * t)) / 10 - Math.exp(-t) / 10]
  const { worst, steps } = run(driven, [0], 10, { method, accuracy: 1e-8, exact })
  expect(worst).toBeLessThan(2e-7)
  // 110 and 540; with a stage at another time the order is lower, and steps are several times as many.
  expect(steps.all).toBeLessThan(method === 'explicit' ? 200 : 700)
})
