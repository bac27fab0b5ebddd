import { describe, expect, test } from 'vitest'
import { givenOf, type InputsInTime as Inputs } from '../../../src/api/given.ts'
import { type SimulateOptions, simulate } from '../../../src/api/simulate.ts'
import { must } from '../../../src/base/internal-error.ts'
import { close, loadedFrom } from '../../api/points.ts'

function run(text: string, inputs: Inputs, options: SimulateOptions) {
  const { value, diagnostics } = simulate(loadedFrom(text), must(givenOf(inputs).value, 'inputs'), options)
  return must(value, JSON.stringify(diagnostics))
}

function codes(text: string, inputs: Inputs, options: SimulateOptions = {}): readonly string[] {
  return simulate(loadedFrom(text), must(givenOf(inputs).value, 'inputs'), options).diagnostics.map((d) => d.code)
}

/** The values of a trace by time, of one number; the later row where there are two. */
function traceOf({ trajectories }: ReturnType<typeof run>, name: string, which = 0) {
  const { recording } = must(trajectories[which], 'trajectory')
  const trace = must(
    recording.traces.find((t) => t.name === name),
    name,
  )
  const rows = [...recording.time].map((t, r) => [t, [...trace.values.subarray(r * trace.width, (r + 1) * trace.width)]] as const)
  return { rows, at: (t: number) => must(rows.findLast(([time]) => Math.abs(time - t) < 1e-9)?.[1], `t = ${t}`) }
}

const leaky = `
input u
param alpha : positive = 0.1
param beta : positive = 0.5
state x : nonnegative = 0
flow x = beta * u - alpha * x
let response = u / (1 + x^2)
`

/** Pulses of width 0.1 and height 10 at the end of each unit of time. */
function pulses(count: number): { time: number[]; values: number[] } {
  const rows = Array.from({ length: count }, (_, k) => [[k + 0.9, 10], [k + 1, 0]]).flat() // biome-ignore format: pairs
  return { time: [0, ...rows.map((r) => r[0] as number)], values: [0, ...rows.map((r) => r[1] as number)] }
}

describe('a leaky memory of pulses', () => {
  // x after the k-th pulse: Qp (1 - q^k) / (1 - q), with q = exp(-alpha T), Qp = beta a (1 - q^d) / (alpha T d).
  const q = Math.exp(-0.1)
  const high = (k: number): number => (((0.5 * (1 - q ** 0.1)) / (0.1 * 0.1)) * (1 - q ** k)) / (1 - q)

  test('is the closed form at the ends of pulses, and before each', () => {
    const result = run(leaky, { input: { u: pulses(10) } }, { until: 12, interval: 0.5 })
    const { at } = traceOf(result, 'x')
    for (let k = 1; k <= 10; k += 1) close(at(k)[0] as number, high(k), 1, 1e-12)
    close(at(4.9)[0] as number, high(4) * q ** 0.9, 1, 1e-12)
    expect([...must(result.trajectories[0], 'one').by]).toEqual(['exact'])
  })

  test('has rows before and after each change of its input', () => {
    const { rows } = traceOf(run(leaky, { input: { u: pulses(3) } }, { until: 3, interval: 1 }), 'response')
    const at = rows.filter(([t]) => t === 1.9).map(([, v]) => v[0] as number)
    expect(at).toHaveLength(2)
    expect(at[0]).toBe(0)
    close(at[1] as number, 10 / (1 + (high(1) * q ** 0.9) ** 2), 1, 1e-12)
  })

  test.each(['explicit', 'stiff'] as const)('%s steps come to the same', (method) => {
    const exact = traceOf(run(leaky, { input: { u: pulses(5) } }, { until: 6, interval: 0.25 }), 'x')
    const stepped = traceOf(run(leaky, { input: { u: pulses(5) } }, { until: 6, interval: 0.25, integrator: method, accuracy: 1e-10 }), 'x')
    expect(stepped.rows.map(([t]) => t)).toEqual(exact.rows.map(([t]) => t))
    stepped.rows.forEach(([, [v]], r) => {
      close(v as number, exact.rows[r]?.[1][0] as number, 1, 1e-8)
    })
  })

  test('is linear in its input: superposition', () => {
    const one = { time: [0, 1, 2], values: [0, 3, 1] }
    const two = { time: [0, 1, 2], values: [2, -1, 4] }
    const both = { time: [0, 1, 2], values: [2, 2, 5] }
    const [a, b, c] = [one, two, both].map(
      (u) => traceOf(run(leaky.replace(': nonnegative', ''), { input: { u } }, { until: 4, interval: 0.5 }), 'x').rows,
    )
    c?.forEach(([, [v]], r) => {
      close(v as number, (a?.[r]?.[1][0] as number) + (b?.[r]?.[1][0] as number), 1, 1e-12)
    })
  })

  test('straight lines between rows are followed exactly', () => {
    const u = { time: [0, 2, 3], values: [0, 4, 1] }
    const options = { until: 4, interval: 0.5, interpolate: 'linear' } as const
    const exact = run(leaky, { input: { u } }, options)
    const stepped = traceOf(run(leaky, { input: { u } }, { ...options, integrator: 'explicit', accuracy: 1e-11 }), 'x')
    traceOf(exact, 'x').rows.forEach(([, [v]], r) => {
      close(v as number, stepped.rows[r]?.[1][0] as number, 1, 1e-9)
    })
    expect([...must(exact.trajectories[0], 'one').by]).toEqual(['exact'])
    // u^2 is not straight between rows, so that nothing is exact there.
    const squared = run(leaky.replace('beta * u', 'beta * u^2'), { input: { u } }, options)
    expect([...must(squared.trajectories[0], 'one').by]).toEqual(['explicit'])
  })
})

test('slopes that inputs change, and states that meet', () => {
  // dx/dt = -(a + v) x + y, dy/dt = 1 - y: with v constant, in closed form.
  const text = 'input v\nstate x = 2\nstate y = 0\nflow x = y - (1 + v) * x\nflow y = 1 - y\n'
  const { at } = traceOf(run(text, { input: { v: 2 } }, { until: 2, interval: 0.5 }), 'x')
  const x = (t: number): number => 1 / 3 - Math.exp(-t) / 2 + (2 - 1 / 3 + 1 / 2) * Math.exp(-3 * t)
  for (const t of [0.5, 1, 2]) close(at(t)[0] as number, x(t), 1, 1e-12)
})

test('a kink is no affine flow', () => {
  const result = run('state x = -1\nflow x = 1 + abs(x)\n', {}, { until: 1, interval: 0.5, accuracy: 1e-11 })
  // Up to ln 2 it is 1 - x, then 1 + x: 1 - 2 exp(-t), and exp(t - ln 2) - 1.
  close(traceOf(result, 'x').at(0.5)[0] as number, 1 - 2 * Math.exp(-0.5), 1, 1e-9)
  close(traceOf(result, 'x').at(1)[0] as number, Math.exp(1 - Math.log(2)) - 1, 1, 1e-7)
  expect(must(result.trajectories[0], 'one').by.has('exact')).toBe(false)
})

describe('jumps', () => {
  const ball = (jump: string): string => `state h = 1\nstate v = 0\nstate n : count = 0\nflow h = v\nflow v = -10\n${jump}`
  const bounce = 'jump v = -0.5 * v where h < 0\njump n = n + 1 where h < 0\n'

  test('happen when their condition comes to hold: a ball that bounces', () => {
    const result = run(ball(bounce), {}, { until: 1, interval: 0.25 })
    const [first, second] = must(result.trajectories[0], 'one').events
    const fall = Math.sqrt(0.2)
    close(first?.time as number, fall, 1, 1e-13)
    // Up at half the speed of 10 * fall, and down again after 2 * speed / 10.
    close(second?.time as number, 2 * fall, 1, 1e-12)
    const t = 0.5 - fall
    close(traceOf(result, 'h').at(0.5)[0] as number, 5 * fall * t - 5 * t * t, 1, 1e-12)
    expect(traceOf(result, 'n').at(1)).toEqual([2])
  })

  test('that come closer and closer without end are an outcome', () => {
    const { outcome } = must(run(ball(bounce), {}, { until: 3 }).trajectories[0], 'one')
    expect(outcome.kind).toBe('endless jumps')
    // fall * (1 + 2 * (1/2 + 1/4 + ...)) = 3 fall
    close(outcome.time, 3 * Math.sqrt(0.2), 1, 1e-9)
  })

  test('one that leaves its condition true waits until it has been false', () => {
    const { at } = traceOf(run(ball('jump n = n + 1 where h < 0.5\n'), {}, { until: 2, interval: 1 }), 'n')
    expect(at(2)).toEqual([1])
  })

  test('one element at a time, the largest excess first, looked at again after each', () => {
    const start = 'axis other = size(i)\ndata start[i]\nstate v[i] from start\nstate n[i] : count = 0\nflow v = 0 * v\n'
    const data = { start: [1.2, 1.5] }
    const counted = run(`${start}jump n = n + 1 where v > 1\n`, { data }, { until: 1 }).trajectories[0]
    expect(counted?.events.map((e) => e.element)).toEqual([1, 0])
    // The larger one takes 1 from all, so that the other is below when it is looked at.
    const taken = run(`${start}jump v = v - 1 where v[i -> other] > 1\n`, { data }, { until: 1 })
    expect(taken.trajectories[0]?.events.map((e) => e.element)).toEqual([1])
    expect(traceOf(taken, 'v').at(1)).toEqual([0.19999999999999996, 0.5])
  })

  test('conditions may be joined', () => {
    const text = 'state t = 0\nstate a = 0\nflow t = 1\njump a = t where t > 0.5 and t > 0.75\n'
    close(traceOf(run(text, {}, { until: 1, interval: 1 }), 'a').at(1)[0] as number, 0.75, 1, 1e-12)
    close(traceOf(run(text.replace('and', 'or'), {}, { until: 1, interval: 1 }), 'a').at(1)[0] as number, 0.5, 1, 1e-12)
  })

  test('neurons that reset: as often as the closed form says', () => {
    // v = d (1 - exp(-t)) reaches 1 after ln(d / (d - 1)).
    const text = 'data d[i]\nstate v[i] = 0\nstate n[i] : count = 0\nflow v = d - v\njump v = 0 where v > 1\njump n = n + 1 where v > 1\n'
    const d = [1.5, 2, 1.01]
    const { at } = traceOf(run(text, { data: { d } }, { until: 20, interval: 20 }), 'n')
    expect(at(20)).toEqual(d.map((x) => Math.floor(20 / Math.log(x / (x - 1)))))
    const stepped = traceOf(run(text, { data: { d } }, { until: 20, interval: 20, integrator: 'explicit', accuracy: 1e-9 }), 'n')
    expect(stepped.at(20)).toEqual(at(20))
  })
})

describe('steps', () => {
  test('make all new values of the old ones', () => {
    const { at } = traceOf(run('state a = 1\nstate b = 2\nstep a = b\nstep b = a + b\n', {}, { until: 4 }), 'b')
    expect([0, 1, 2, 3, 4].map((t) => at(t)[0])).toEqual([2, 3, 5, 8, 13])
  })

  test('of spins and elements, with inputs by the number of the step', () => {
    const text = 'axis k = 3\ninput u\nstate s : spin = 1\nstate z : k = 3\nstep s = -s\nstep z = z\nstate w = 0\nstep w = w + u\n'
    const result = run(text, { input: { u: { time: [0, 2], values: [1, 10] } } }, { until: 3 })
    expect(traceOf(result, 's').at(3)).toEqual([-1])
    expect(traceOf(result, 'z').at(3)).toEqual([3])
    expect(traceOf(result, 'w').at(3)).toEqual([12])
  })
})

describe('noise', () => {
  // Six standard errors: a false alarm has a probability below 1e-8.
  const SIX = 6

  test('an Ornstein-Uhlenbeck process is drawn from its exact law', () => {
    const text = 'param T = 0.5\nstate x = 3\nflow x = 2 - 0.7 * x with noise sqrt(2 * T)\n'
    const paths = 4000
    const { trajectories } = run(text, {}, { until: 1.3, interval: 1.3, paths, seed: 7 })
    const ends = trajectories.map((t) => t.recording.traces[0]?.values.at(-1) as number)
    const e = Math.exp(-0.7 * 1.3)
    const [mean, variance] = [3 * e + (2 / 0.7) * (1 - e), (1 / 1.4) * (1 - e * e)]
    const got = ends.reduce((a, b) => a + b, 0) / paths
    const spread = ends.reduce((a, b) => a + (b - got) ** 2, 0) / (paths - 1)
    expect(Math.abs(got - mean)).toBeLessThan(SIX * Math.sqrt(variance / paths))
    expect(Math.abs(spread / variance - 1)).toBeLessThan(SIX * Math.sqrt(2 / paths))
  })

  test('noise that is multiplied is of Ito: the mean of a geometric Brownian motion', () => {
    const text = 'state s : positive = 1\nflow s = 0.4 * s with noise 0.5 * s\n'
    const paths = 4000
    const { trajectories } = run(text, {}, { until: 1, interval: 1, dt: 0.01, paths, seed: 3 })
    const ends = trajectories.map((t) => t.recording.traces[0]?.values.at(-1) as number)
    const got = ends.reduce((a, b) => a + b, 0) / paths
    // Stratonovich's would have exp(0.4 + 0.125); an Euler step has (1 + 0.4 h)^(1/h).
    const sd = Math.exp(0.4) * Math.sqrt(Math.exp(0.25) - 1)
    expect(Math.abs(got - 1.004 ** 100)).toBeLessThan((SIX * sd) / Math.sqrt(paths))
  })

  test('minus the gradient with noise sqrt(2 T) has exp(-E/T) as its law', () => {
    // E = x^4/4: the second moment at T is sqrt(T) 2 Gamma(3/4) / Gamma(1/4), sqrt(0.25) * 0.675978.
    const text = 'param T = 0.25\nstate x = 0\nenergy x^4 / 4\nflow x = -x^3 with noise sqrt(2 * T)\n'
    const { trajectories } = run(text, {}, { until: 4000, interval: 2, dt: 0.05, seed: 5 })
    const values = [...must(trajectories[0]?.recording.traces[0], 'x').values.slice(10)]
    const second = values.reduce((a, b) => a + b * b, 0) / values.length
    // About 2000 rows with a correlation time of a few units; Heun's bias is of order dt^2.
    expect(Math.abs(second - 0.5 * 2 * (1.2254167024651776 / 3.625609908221908))).toBeLessThan(0.06)
  })

  test('paths differ, and a seed gives the same ones', () => {
    const text = 'state x = 0\nflow x = -x with noise 1\n'
    const ends = (seed: number) =>
      run(text, {}, { until: 1, interval: 1, paths: 2, seed }).trajectories.map((t) => t.recording.traces[0]?.values.at(-1))
    expect(ends(1)).toEqual(ends(1))
    expect(new Set([...ends(1), ...ends(2)]).size).toBe(4)
  })
})

describe('an energy beside a flow', () => {
  const riseOf = (text: string, inputs: Inputs = {}) =>
    must(run(text, inputs, { until: 3, accuracy: 1e-9 }).trajectories[0]?.rise, 'rise').by

  test('does not rise where the flow descends it, whatever leads the way', () => {
    expect(riseOf('state x = 2\nstate y = 1\nenergy x^4 / 4 + x^2 * y^2\nflow x = -x^3 - 2 * x * y^2\nflow y = -5 * x^2 * y\n')).toBe(0)
  })

  test('and its rise is told where it does not: half a turn against it', () => {
    close(riseOf('state x = 1\nstate y = 0\nenergy x^2 / 2\nflow x = y\nflow y = -x\n'), 0.5 * Math.cos(3) ** 2, 1, 1e-4)
  })

  test('is another one after an input has changed', () => {
    const text = 'input u\nstate x = 0\nenergy (x - u)^2 / 2\nflow x = u - x\n'
    expect(riseOf(text, { input: { u: { time: [0, 1, 2], values: [1, 5, -3] } } })).toBe(0)
  })

  test('neurons follow -dE/d(activation) over tau', () => {
    // One linear neuron with E = -v^2/2 + (3 v... the Legendre term v^2/2 of its Lagrangian: tau dv/dt = 3 - v.
    const result = run('state v with lagrangian v^2 / 2, tau 0.5\nenergy -3 * act(v)\n', { cue: { v: 1 } }, { until: 1, interval: 0.5 })
    close(traceOf(result, 'v').at(1)[0] as number, 3 - 2 * Math.exp(-2), 1, 1e-9)
  })
})

test('a model of data and lets alone reports its lets', () => {
  const result = run('data a[t]\nlet twice = 2 * a\nlet all = sum[t](a)\n', { data: { a: [1, 2, 4] } }, {})
  expect(traceOf(result, 'twice').rows).toEqual([[0, [2, 4, 8]]])
  expect(traceOf(result, 'all').rows).toEqual([[0, [7]]])
})

test.each(['-x', '-x^3', '-x with noise 1'])('one that ends as it begins has its start alone: %s', (rate) => {
  const { rows } = traceOf(run(`state x = 2\nflow x = ${rate}\n`, {}, { until: 0 }), 'x')
  expect(rows).toEqual([[0, [2]]])
})

test('each start has a trajectory', () => {
  const { trajectories } = run('state x\nflow x = -x\n', { cue: { x: [1, 2, 3] } }, { until: 1, interval: 1 })
  expect(trajectories.map((t) => [t.start, t.recording.traces[0]?.values[0]])).toEqual([[0, 1], [1, 2], [2, 3]]) // biome-ignore format: pairs
})

describe('what cannot be run is said', () => {
  test.each([
    ['nothing moves', 'state x ~ normal(0, 1)\n', {}, {}, 'AMP625'],
    ['no start', 'state x\nflow x = -x\n', {}, { until: 1 }, 'AMP501'],
    ['no end', 'state x = 1\nflow x = -x\n', {}, {}, 'AMP734'],
    ['the end before the beginning', 'state x = 1\nflow x = -x\n', {}, { begin: 2, until: 1 }, 'AMP734'],
    ['half a step', 'state x = 1\nstep x = -x\n', {}, { until: 1.5 }, 'AMP734'],
    ['noise without steps', 'state x = 1\nflow x = -x^3 with noise 1\n', {}, { until: 1 }, 'AMP734'],
    ['no exact solution', 'state x = 1\nflow x = -x^3\n', {}, { until: 1, integrator: 'exact' }, 'AMP734'],
    ['an input that begins late', leaky, { input: { u: { time: [1], values: [1] } } }, { until: 2 }, 'AMP735'],
    ['times that fall', leaky, { input: { u: { time: [0, 2, 1], values: [1, 2, 3] } } }, { until: 2 }, 'AMP735'],
    ['a number that is missing', leaky, { input: { u: { time: [0, 1], values: [1, null] } } }, { until: 2 }, 'AMP735'],
    ['no such input', leaky, { input: { u: 1, w: { time: [0], values: [1] } } }, { until: 2 }, 'AMP735'],
    ['an input without a value', leaky, {}, { until: 2 }, 'AMP501'],
  ] as const)('%s', (_, text, inputs, options, code) => {
    expect(codes(text, inputs, options)).toContain(code)
  })

  test('a value that leaves its type, and a rate that is not finite', () => {
    expect(run('state x : nonnegative = 1\nflow x = -1\n', {}, { until: 2 }).trajectories[0]?.outcome).toMatchObject({ kind: 'outside' })
    expect(run('state x = 1\nflow x = x^2\n', {}, { until: 2 }).trajectories[0]?.outcome.kind).toBe('stuck')
    expect(run('state x = 1\nstep x = x^2 * 10\n', {}, { until: 20 }).trajectories[0]?.outcome).toMatchObject({ kind: 'not finite' })
  })
})
