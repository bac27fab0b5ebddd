import { describe, expect, test } from 'vitest'
import { fold, keyFromSeed } from '../../src/base/random.ts'
import { generativeProgram, readAncestral } from '../../src/compile/ancestral.ts'
import { series } from '../../src/inference/draws/draws.ts'
import { drawAncestral, drawOnce } from '../../src/inference/samplers/ancestral.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import * as ports from '../../src/middle/ports.ts'
import type { AncestralProgram } from '../../src/middle/program.ts'
import { reference } from '../../src/targets/reference.ts'
import { energyOf } from '../compile/models.ts'

const key = fold(keyFromSeed(77), 'ancestral')

function programOf(text: string, names?: readonly string[]): AncestralProgram {
  const energy = energyOf(`model m\n${text}\n`)
  const program = names === undefined ? readAncestral(energy).ancestral : generativeProgram(energy, new Set(names))
  if ('reason' in program) throw new Error(program.reason)
  return program
}

function drawsOf(text: string, sizes: Sizes, given: Readonly<Record<string, readonly number[]>> = {}, draws = 3000) {
  return drawsBy(programOf(text), sizes, given, draws)
}

function warmDraws(text: string, T: number, sizes: Sizes, given: Readonly<Record<string, readonly number[]>> = {}) {
  const program = readAncestral(energyOf(`model m\n${text}\n`)).tempered
  if ('reason' in program) throw new Error(program.reason)
  return drawsBy(program, sizes, { ...given, [ports.temperature]: [T] }, 3000)
}

function drawsBy(program: AncestralProgram, sizes: Sizes, given: Readonly<Record<string, readonly number[]>>, draws: number) {
  const executable = reference(program.graph, sizes)
  for (const [name, values] of Object.entries(given)) executable.inputs.get(name)?.set(values)
  return drawAncestral(program, executable, sizes, key, { chains: 2, draws })
}

const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / x.length
const both = (draws: ReturnType<typeof drawsOf>, name: string): number[] => series(draws, name).flatMap((s) => [...s])

/** 6 standard errors: a false alarm in 5e8. */
function expectMean(x: readonly number[], wanted: number, sd: number): void {
  expect(Math.abs(mean(x) - wanted)).toBeLessThan((6 * sd) / Math.sqrt(x.length))
}

test('a hierarchy has the moments of its marginals', () => {
  const draws = drawsOf('state tau : positive ~ gamma(3, 2)\nstate mu ~ normal(2, 1.5)\nstate x[i, j] ~ normal(mu + 10 * index(j), tau)', {
    i: 2,
    j: 3,
  })
  expect(draws.names).toEqual(['tau', 'mu', 'x[1,1]', 'x[1,2]', 'x[1,3]', 'x[2,1]', 'x[2,2]', 'x[2,3]'])
  // Var x = Var mu + E tau^2 = 2.25 + (3/4 + 9/4).
  const sd = Math.sqrt(2.25 + 3)
  for (const i of [1, 2]) for (const j of [1, 2, 3]) expectMean(both(draws, `x[${i},${j}]`), 2 + 10 * j, sd)
  const [x, y] = [both(draws, 'x[1,1]'), both(draws, 'x[2,1]')]
  // They share mu and nothing else: Cov = 2.25. A product of such deviations has a standard deviation below 8.
  expectMean(
    x.map((v, k) => (v - 12) * ((y[k] as number) - 12)),
    2.25,
    8,
  )
})

test('a mixture draws its elements, numbered from 1, and reads them from 0', () => {
  const draws = drawsOf('axis k = 3\nmemory xi[k]\nstate z[i] : k\nstate x[i] ~ normal(xi[z], 0.001)', { k: 3, i: 2 }, { xi: [-5, 0, 7] })
  for (const i of [1, 2]) {
    const [z, x] = [both(draws, `z[${i}]`), both(draws, `x[${i}]`)]
    expect(new Set(z)).toEqual(new Set([1, 2, 3]))
    z.forEach((level, n) => {
      expect(Math.abs((x[n] as number) - ([-5, 0, 7][level - 1] as number))).toBeLessThan(0.01)
    })
    for (const level of [1, 2, 3])
      expectMean(
        z.map((v) => (v === level ? 1 : 0)),
        1 / 3,
        0.48,
      )
  }
})

test('random weights, simplexes in the middle of axes, and categorical tables', () => {
  const draws = drawsOf(
    'axis k = 3\naxis i = 2\nstate p[k, i] : simplex[k] ~ dirichlet[k](index(k) * index(i))\nstate z[i] : k\nz ~ categorical(p)',
    { k: 3, i: 2 },
  )
  // Dirichlet (1, 2, 3) in the first column and (2, 4, 6) in the second.
  for (const i of [1, 2]) {
    for (const k of [1, 2, 3]) {
      expectMean(both(draws, `p[${k},${i}]`), k / 6, 0.3)
      expectMean(
        both(draws, `z[${i}]`).map((v) => (v === k ? 1 : 0)),
        k / 6,
        0.5,
      )
    }
  }
})

test('a chain starts uniform and moves by its table', () => {
  const draws = drawsOf(
    'axis k = 2\naxis next = size(k)\ndata move[k, next]\nstate s[t] : k ~ markov[t](move)',
    { k: 2, next: 2, t: 3 },
    { move: [0.9, 0.1, 0.4, 0.6] },
  )
  const [a, b, c] = [1, 2, 3].map((t) => both(draws, `s[${t}]`)) as [number[], number[], number[]]
  expectMean(
    a.map((v) => v - 1),
    0.5,
    0.5,
  )
  for (const [before, after] of [
    [a, b],
    [b, c],
  ] as const) {
    expectMean(
      after.filter((_, n) => before[n] === 1).map((v) => v - 1),
      0.1,
      0.3,
    )
    expectMean(
      after.filter((_, n) => before[n] === 2).map((v) => v - 1),
      0.6,
      0.5,
    )
  }
})

describe('a truncated family', () => {
  test('stays in its range and has its mean', () => {
    const x = both(drawsOf('state x : real(lower = 2, upper = 4) ~ normal(1, 2) in (2, 4)', {}), 'x')
    expect(Math.min(...x)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...x)).toBeLessThanOrEqual(4)
    // mu + sigma (phi(a) - phi(b)) / (Phi(b) - Phi(a)) with a = 0.5, b = 1.5.
    expectMean(x, 1 + (2 * (0.3520653267642995 - 0.12951759566589174)) / (0.9331927987311419 - 0.6914624612740131), 0.6)
  })

  test('with one end', () => {
    const x = both(drawsOf('state x : real(lower = 3) ~ exponential(2) in (3, inf)', {}), 'x')
    expectMean(x, 3.5, 0.5)
  })
})

describe('at another temperature', () => {
  test.each([0.4, 3])('a chain of normals has T times its covariances, at T = %d', (T) => {
    const draws = warmDraws('state a ~ normal(2, 1.5)\nstate b ~ normal(3 * a, 0.5)\nstate c ~ normal(b - a, 2)', T, {})
    const [a, b, c] = ['a', 'b', 'c'].map((name) => both(draws, name)) as [number[], number[], number[]]
    // b = 3 a + e, c = 2 a + e + f, of variances 2.25, 0.25 and 4, each times T.
    const wanted = [
      [a, 2, 2.25],
      [b, 6, 9 * 2.25 + 0.25],
      [c, 4, 4 * 2.25 + 0.25 + 4],
    ] as const
    const product = (x: readonly number[], y: readonly number[], at: number, to: number) =>
      x.map((v, n) => (v - at) * ((y[n] as number) - to))
    for (const [x, at, variance] of wanted) {
      expectMean(x, at, Math.sqrt(variance * T))
      // The square of a normal deviation has the standard deviation sqrt(2) times the variance.
      expectMean(product(x, x, at, at), variance * T, Math.SQRT2 * variance * T)
    }
    // A product of two deviations has a variance of s_x s_y + s_xy^2.
    expectMean(product(a, b, 2, 6), 6.75 * T, Math.sqrt(2.25 * 20.5 + 6.75 ** 2) * T)
    expectMean(product(b, c, 6, 4), 13.75 * T, Math.sqrt(20.5 * 13.25 + 13.75 ** 2) * T)
  })

  test.each([0.4, 3])('a mixture of far patterns has powers of its weights, at T = %d', (T) => {
    const weights = [0.7, 0.2, 0.1]
    const text = 'axis k = 3\nmemory xi[k]\nparam p[k]\nstate z : k ~ categorical(p)\nstate x[i] ~ normal(xi[z] * index(i), 0.5)'
    const centres = [-50, 0, 70]
    const draws = warmDraws(text, T, { k: 3, i: 2 }, { xi: centres, p: weights })
    const z = both(draws, 'z')
    const powers = weights.map((w) => w ** (1 / T))
    const total = powers.reduce((a, b) => a + b, 0)
    powers.forEach((w, k) => {
      expectMean(
        z.map((v) => (v === k + 1 ? 1 : 0)),
        w / total,
        Math.sqrt((w / total) * (1 - w / total)),
      )
    })
    for (const i of [1, 2]) {
      const off = both(draws, `x[${i}]`).map((v, n) => v - i * (centres[(z[n] as number) - 1] as number))
      expectMean(off, 0, 0.5 * Math.sqrt(T))
      expectMean(
        off.map((v) => v * v),
        0.25 * T,
        Math.SQRT2 * 0.25 * T,
      )
    }
  })

  test('its numbers are those of temperature 1 there, but for rounding', () => {
    const text = 'state tau : positive ~ gamma(3, 2)\nstate x[i] ~ normal(log(tau), 2)'
    const [warm, plain] = [warmDraws(text, 1, { i: 2 }), drawsOf(text, { i: 2 })]
    for (const name of plain.names) {
      const wanted = both(plain, name)
      both(warm, name).forEach((v, n) => {
        expect(v).toBeCloseTo(wanted[n] as number, 12)
      })
    }
  })
})

test('data made from the prior, once', () => {
  const program = programOf('data y[i] : bit\ndata n\nstate a ~ normal(0, 3)\ny ~ bernoulli_logit(a * n)', ['a', 'y'])
  const sizes = { i: 400 }
  const executable = reference(program.graph, sizes)
  executable.inputs.get('n')?.set([2])
  const { a, y } = drawOnce(program, executable, sizes, key) as { a: Float64Array; y: Float64Array }
  const theta = 1 / (1 + Math.exp(-2 * (a[0] as number)))
  expectMean([...y], theta, 0.5)
  expect(drawOnce(program, executable, sizes, key)).toEqual({ a, y })
})

test('the same key gives the same draws, another variable leaves them as they were', () => {
  const one = drawsOf('state x ~ normal(0, 1)', {}, {}, 5)
  const two = drawsOf('state w ~ normal(0, 1)\nstate x ~ normal(0, 1)', {}, {}, 5)
  expect(series(two, 'x')).toEqual(series(one, 'x'))
  expect(series(two, 'w')).not.toEqual(series(one, 'x'))
  expect(series(one, 'x')[0]).not.toEqual(series(one, 'x')[1])
})
