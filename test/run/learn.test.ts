import { describe, expect, it } from 'vitest'
import { hiddenIn, perPattern, rowsAndStarts, takesRows } from '../../src/api/learn/patterns.ts'
import { load } from '../../src/api/load.ts'
import { learnParts } from '../../src/api/pipeline.ts'
import { must } from '../../src/base/internal-error.ts'
import { bind } from '../../src/bind/bind.ts'
import { lossOf } from '../../src/compile/learn/losses.ts'
import { learnedOf } from '../../src/compile/learn/moving.ts'
import { drawPrior } from '../../src/inference/draws/prior-draw.ts'
import { madeSizes } from '../../src/middle/derived-sizes.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import { type LearnScene, type LearnSceneOptions, openLearnScene } from '../../src/run/learn-scene.ts'
import { beginRun } from '../../src/run/run.ts'
import { kernel } from '../../src/targets/kernel.ts'

interface Asked {
  readonly by?: string
  readonly params?: readonly string[]
  readonly batch: number
  readonly options?: LearnSceneOptions
}

function scene(text: string, inputs: Inputs, { by = 'map', params: names, batch, options }: Asked): LearnScene {
  const { energy, model } = must(load({ name: 'm.amp', text }).value, 'model')
  const { params } = must(learnedOf(energy, names).value, 'params')
  const given = rowsAndStarts(energy, must(givenOf(inputs).value, 'values'), params)
  const bound = must(bind(energy, given, takesRows(energy, params)).value, 'bound')
  const loss = must(lossOf(by, model.objectives.map((o) => o.name)).value, by) // biome-ignore format: one thought
  const situation = hiddenIn(energy, params, bound, {})
  const parts = learnParts(energy, { loss, params, perPattern: perPattern(energy, bound), situation })
  const made = must(parts.value, parts.diagnostics.map((d) => d.message).join(' '))
  const sizes = { ...madeSizes(made.learn.axes, bound.sizes), [made.learn.patterns]: batch }
  return openLearnScene(
    must(beginRun(made, made.learn.fixed, { target: kernel, bound: { ...bound, sizes }, draw: drawPrior }, {}).value, 'run'),
    batch,
    options,
  )
}

/** A prior on the weights is shared; a spin and a number of each pattern, one of them hidden. */
const text = `
data  x[i]
state z : spin
state y
param W[i] ~ normal(0, 1)
param t : positive ~ gamma(2, 1)
z ~ bernoulli_logit(1)
y ~ normal(z * sum[i](W * x), t)`.replace('z ~ bernoulli_logit(1)\n', 'energy 0.3 * z\n')
const inputs = {
  data: { x: [[1, 2], [0.5, -1], [-0.3, 0.2], [2, 0.1], [1, 1], [0.4, 3]] }, // biome-ignore format: rows
  observed: { y: [1, -2, 0.3, 0.7, 2, -1] },
  param: { W: [0.3, -0.6], t: 0.8 },
}

describe('the loss of many patterns', () => {
  it('falls as its slope says', () => {
    const { x, slope, look } = scene(text, inputs, { batch: 6 })
    look()
    const found = slope.slice()
    for (let i = 0; i < x.length; i += 1) {
      const at = x[i] as number
      x[i] = at + 1e-5
      const above = look()
      x[i] = at - 1e-5
      const below = look()
      x[i] = at
      // Central differences of 1e-5: an error of 1e-10 by the third derivative, and of 1e-11 by rounding.
      expect(found[i]).toBeCloseTo((above - below) / 2e-5, 7)
    }
  })

  it('has the mean of the slopes of all batches for its slope', () => {
    const whole = scene(text, inputs, { batch: 6 })
    const loss = whole.look()
    const parts = scene(text, inputs, { batch: 2 })
    let [losses, slopes] = [0, new Float64Array(parts.x.length)]
    for (let step = 0; step < 3; step += 1) {
      parts.batches.fill(step)
      losses += parts.look() / 3
      slopes = slopes.map((s, i) => s + (parts.slope[i] as number) / 3)
    }
    expect(losses).toBeCloseTo(loss, 12)
    for (const [i, s] of slopes.entries()) expect(s).toBeCloseTo(whole.slope[i] as number, 12)
  })

  it('is the sum of the losses of single patterns, with what is shared once', () => {
    const whole = scene(text, inputs, { batch: 6 }).look()
    const alone = inputs.observed.y.map((y, n) =>
      scene(text, { ...inputs, data: { x: inputs.data.x[n] as number[] }, observed: { y } }, { batch: 1 }).look(),
    )
    // Two standard normals, and a gamma(2, 1).
    const shared = (0.3 ** 2 + 0.6 ** 2) / 2 + Math.log(2 * Math.PI) - Math.log(0.8) + 0.8
    expect(whole).toBeCloseTo((alone.reduce((a, b) => a + b, 0) - 5 * shared) / 6, 10)
  })
})

/** Minus the mean log probability of rows of spins, by enumeration of exp(-E). */
function enumerated(energyOf: (s: readonly number[]) => number, rows: readonly (readonly number[])[], values: readonly number[]): number {
  const n = rows[0]?.length ?? 0
  const all = Array.from({ length: values.length ** n }, (_, k) =>
    Array.from({ length: n }, (_, i) => values[Math.floor(k / values.length ** i) % values.length] as number),
  )
  const z = all.reduce((sum, s) => sum + Math.exp(-energyOf(s)), 0)
  return rows.reduce((sum, s) => sum + energyOf(s) + Math.log(z), 0) / rows.length
}

describe('likelihood', () => {
  const rows = [
    [1, 1, -1, 1],
    [-1, -1, -1, 1],
    [1, 1, 1, 1],
  ]

  it('of a chain of spins has its log Z', () => {
    const chain = 'param J = 0.4\nparam h = -0.2\nstate s[t] : spin\nenergy -J * sum[t](s[t = t - 1 else 0] * s) - h * sum[t](s)'
    const { look } = scene(chain, { observed: { s: rows } }, { by: 'likelihood', params: ['J', 'h'], batch: 3 })
    const energyOf = (s: readonly number[]): number => s.reduce((e, v, i) => e - 0.4 * v * (s[i - 1] ?? 0) + 0.2 * v, 0)
    expect(look()).toBeCloseTo(enumerated(energyOf, rows, [-1, 1]), 10)
  })

  it('of a Gaussian network has its determinant', () => {
    const network = 'param a = 2\nparam k = 0.7\nstate x\nstate y\nenergy a * (x^2 + y^2) / 2 - k * x * y'
    const { look, x, slope } = scene(
      network,
      { observed: { x: [1, -0.5], y: [0.3, 2] } },
      { by: 'likelihood', params: ['a', 'k'], batch: 2 },
    )
    const density = (a: number, k: number): number => {
      const energies = [a * (1 + 0.09) / 2 - k * 0.3, a * (0.25 + 4) / 2 + k] // biome-ignore format: rows
      return (energies[0] as number) / 2 + (energies[1] as number) / 2 + Math.log(2 * Math.PI) - Math.log(a * a - k * k) / 2
    }
    expect(look()).toBeCloseTo(density(2, 0.7), 10)
    expect(slope[0]).toBeCloseTo((density(2 + 1e-5, 0.7) - density(2 - 1e-5, 0.7)) / 2e-5, 7)
    expect(x.length).toBe(2)
  })

  it('of statements is the energy, hidden levels summed out', () => {
    const mixture = 'axis k = 2\nparam mu[k]\nstate z : k\nstate x ~ normal(mu[z], 1)'
    const { look } = scene(mixture, { observed: { x: [0.5, -1] }, param: { mu: [1, -2] } }, { by: 'likelihood', batch: 2 })
    const normal = (x: number, m: number): number => Math.exp(-((x - m) ** 2) / 2) / Math.sqrt(2 * Math.PI)
    const log = (x: number): number => Math.log((normal(x, 1) + normal(x, -2)) / 2)
    expect(look()).toBeCloseTo(-(log(0.5) + log(-1)) / 2, 12)
  })

  it.each<[string, string, Inputs]>([
    [
      '"energy" is an energy, which nothing normalises',
      'param w[i]\nstate x[i]\nenergy sum[i](x^4 + w * x)',
      { observed: { x: [[1, 2]] } },
    ],
    [
      '"x" has two densities, whose product is none',
      'param w[i]\nstate x[i] : positive ~ gamma(2, exp(w))\nx ~ lognormal(w, 1)',
      { observed: { x: [[1, 2]] } },
    ],
    ['the type of "x" cuts off a part of its density', 'param w[i]\nstate x[i] : positive ~ normal(w, 1)', { observed: { x: [[1, 2]] } }],
    [
      'nothing is a density of "x"',
      'param w[i]\nstate x[i] : positive\nstate y[i] ~ normal(w * x, 1)',
      { observed: { x: [[1, 2]], y: [[1, 2]] } },
    ],
    ['is not a variable, and it speaks of "x"', 'param w[i]\nstate x[i] : positive\nx^2 + x ~ normal(w, 1)', { observed: { x: [[1, 2]] } }],
    [
      'the densities of "x" and "y" depend on each other in a circle',
      'param w[i] from normal(0, 1)\nstate x[i] ~ cauchy(w * y, 1)\nstate y[i] ~ cauchy(w * x, 1)',
      { observed: { x: [[1, 2]], y: [[1, 2]] } },
    ],
  ])('is refused where %s', (why, model, given) => {
    expect(() => scene(model, given, { by: 'likelihood', batch: 1 })).toThrow(why)
  })

  it('of a recursion is its energy', () => {
    const recursion = 'param w ~ normal(0, 1)\nstate y[t]\ny ~ normal(w * y[t = t - 1 else 0], 1)'
    const given = { observed: { y: [[1, 2, 0.5]] }, param: { w: 0.5 } }
    expect(scene(recursion, given, { by: 'likelihood', batch: 1 }).look()).toBe(scene(recursion, given, { by: 'map', batch: 1 }).look())
  })
})

it('goes down an objective of the model, which says what it moves', () => {
  const text =
    'data x[i]\nparam W[i] from normal(0, 1)\nparam V[i] from normal(0, 1)\nenergy sum[i](W^2)\nobjective spread over V = sum[i]((V - x)^2)'
  const { energy, model } = must(load({ name: 'm.amp', text }).value, 'model')
  expect(model.objectives[0]?.over).toEqual(['V'])
  expect(energy.terms.map((t) => t.name)).toEqual(['energy'])
  const { look, slope } = scene(text, { data: { x: [[1, 2], [3, 4]] }, param: { V: [0, 1], W: [1, 1] } }, { by: 'spread', params: ['V'], batch: 2 }) // biome-ignore format: one thought
  expect(look()).toBe((1 + 1 + 9 + 9) / 2)
  expect([...slope]).toEqual([-4, -4])
})

/** More chains for the same patterns. */
const tenfold = <T>(rows: readonly T[]): readonly T[] => Array.from({ length: 10 }, () => rows).flat()

/** The mean of the slopes of many steps, and its standard error. */
function meanSlope({ prepare, look, slope }: LearnScene, steps: number): readonly (readonly [number, number])[] {
  const sum = new Float64Array(slope.length)
  const squares = new Float64Array(slope.length)
  for (let step = 0; step < steps; step += 1) {
    prepare(step)
    look()
    slope.forEach((s, i) => {
      sum[i] = (sum[i] as number) + s
      squares[i] = (squares[i] as number) + s * s
    })
  }
  return Array.from(sum, (s, i) => [s / steps, Math.sqrt(((squares[i] as number) / steps - (s / steps) ** 2) / steps)])
}

describe('contrastive divergence whose chains forget where they began has the slope of the likelihood', () => {
  /** Six standard errors: false alarms in 2e-9 of numbers. Chains of `inner` sweeps forget down to what is said beside each model. */
  const expectSlope = (found: readonly (readonly [number, number])[], wanted: ArrayLike<number>, bias: number): void => {
    for (const [i, [mean, error]] of found.entries()) {
      expect(Math.abs(mean - (wanted[i] as number))).toBeLessThan(6 * error + bias)
      expect(error).toBeLessThan(0.01)
    }
  }

  it('of a machine with hidden bits, by blocks', () => {
    const rbm = 'axis j = 2\nstate v[i] : bit\nstate h[j] : bit\nparam W[i, j]\nparam b[i]\nenergy -sum[i, j](v * W * h) - sum[i](b * v)'
    const rows = [[1, 1, 0], [0, 1, 0], [1, 1, 1], [0, 0, 1], [1, 0, 0]] // biome-ignore format: rows
    const [W, b] = [[[1.5, -1.4], [2, 1.2], [-1.7, 2.9]], [0.3, -0.5, 0.1]] // biome-ignore format: rows
    const given = { observed: { v: tenfold(rows) }, param: { W, b } }
    const freeEnergy = (w: readonly (readonly number[])[], c: readonly number[], v: readonly number[]): number =>
      [0, 1].reduce(
        (e, j) => e - Math.log1p(Math.exp(v.reduce((s, x, i) => s + x * (w[i]?.[j] as number), 0))),
        -v.reduce((s, x, i) => s + x * (c[i] as number), 0),
      )
    const loss = (w: readonly (readonly number[])[], c: readonly number[]): number => enumerated((v) => freeEnergy(w, c, v), rows, [0, 1])
    const bent = (k: number, d: number): number => {
      const w = W.map((row, i) => row.map((x, j) => (i * 2 + j === k ? x + d : x)))
      return loss(w, b.map((x, i) => (6 + i === k ? x + d : x))) // biome-ignore format: one thought
    }
    const wanted = Array.from({ length: 9 }, (_, k) => (bent(k, 1e-5) - bent(k, -1e-5)) / 2e-5)
    const cd = scene(rbm, given, { by: 'cd', batch: 50, options: { inner: 12 } })
    expectSlope(meanSlope(cd, 600), wanted, 1e-3)
    const pcd = scene(rbm, given, { by: 'pcd', batch: 50, options: { inner: 3 } })
    // Steps are not independent: three times as many standard errors.
    expectSlope(meanSlope(pcd, 2000).map(([m, e]) => [m, 3 * e]), wanted, 1e-3) // biome-ignore format: one thought
  })

  it('of spins that meet, one after the other', () => {
    const ising = 'axis other = size(i)\nstate s[i] : spin\nparam W[i, other]\nenergy -sum[i, other](W * s * s[i -> other]) / 2'
    const W = [[0, 0.9, -0.6], [0.4, 0, 1.2], [-0.8, 0.2, 0]] // biome-ignore format: rows
    const rows = [[1, 1, -1], [1, -1, -1], [-1, 1, 1], [1, 1, 1]] // biome-ignore format: rows
    const energyOf =
      (w: readonly (readonly number[])[]) =>
      (s: readonly number[]): number =>
        s.reduce((e, a, i) => e - s.reduce((x, b, j) => x + (w[i]?.[j] as number) * a * b, 0) / 2, 0)
    const bent = (k: number, d: number): number =>
      enumerated(energyOf(W.map((row, i) => row.map((x, j) => (i * 3 + j === k ? x + d : x)))), rows, [-1, 1])
    const wanted = Array.from({ length: 9 }, (_, k) => (bent(k, 1e-5) - bent(k, -1e-5)) / 2e-5)
    const cd = scene(ising, { observed: { s: tenfold(rows) }, param: { W } }, { by: 'cd', batch: 40, options: { inner: 15 } })
    expectSlope(meanSlope(cd, 600), wanted, 1e-3)
  })

  it('of elements, and of normal units behind them', () => {
    const potts = 'axis k = 3\nstate z[i] : k\nstate u[i]\nparam a[k]\nparam m[k]\nenergy sum[i](u^2 / 2 - a[k = z] - u * m[k = z])'
    const given = { observed: { z: tenfold([[1, 3], [2, 2], [1, 1]]), u: tenfold([[0.4, -1], [0.2, 2], [1, 0]]) }, param: { a: [0.3, -0.2, 0], m: [1, -0.5, 0.2] } } // biome-ignore format: rows
    const exact = scene(potts, given, { by: 'likelihood', batch: 30 })
    exact.look()
    const cd = scene(potts, given, { by: 'cd', batch: 30, options: { inner: 15 } })
    expectSlope(meanSlope(cd, 600), exact.slope, 1e-3)
  })

  it('of numbers, by small Langevin steps', () => {
    const quartic = 'state x[i]\nparam a ~ normal(0, 1)\nenergy sum[i](x^2 / 2 + exp(a) * x^4 / 4)'
    const pairs = [[0.5, 1], [-1, 0.2]] // biome-ignore format: rows
    const given = { observed: { x: tenfold(pairs) }, param: { a: 0.1 } } // biome-ignore format: rows
    const density = (a: number): number => {
      const energyOf = (x: number): number => (x * x) / 2 + (Math.exp(a) * x ** 4) / 4
      let z = 0
      for (let x = -6; x <= 6; x += 0.001) z += Math.exp(-energyOf(x)) * 0.001
      const rows = pairs.map((row) => row.reduce((s, x) => s + energyOf(x), 0) + 2 * Math.log(z))
      // The prior counts once, and the loss is of one pattern.
      return ((rows[0] as number) + (rows[1] as number) + (a * a) / 20) / 2
    }
    const cd = scene(quartic, given, { by: 'cd', batch: 20, options: { inner: 120, chainStep: 0.02 } })
    // Steps of 0.02 draw from a density that is off by a part of 0.02 in its moments.
    expectSlope(meanSlope(cd, 500), [(density(0.1 + 1e-4) - density(0.1 - 1e-4)) / 2e-4], 0.02)
  })
})

it('chains start from new draws of what a state is from at every step, or from the value that it is from', () => {
  const text =
    'data c = 0.5\nstate x[i] from uniform(2, 3)\nstate y from 2 * c\nstate s : spin from uniform\nparam a from normal(0, 1)\nenergy a + y + 10 * s + 100 * sum[i](x)'
  const rows = { x: [[0, 0], [0, 0], [0, 0], [0, 0]], y: [0, 0, 0, 0], s: [1, 1, 1, 1] } // biome-ignore format: rows
  const losses = (by: string, ...steps: readonly number[]): readonly number[] => {
    const one = scene(text, { observed: rows, param: { a: 0 } }, { by, batch: 2, options: { inner: 0, chainsFrom: 'start' } })
    return steps.map((step) => {
      one.prepare(step)
      return one.look()
    })
  }
  // Of each pattern 10, of each chain 1, 10 or -10, and 100 times two numbers in 2 to 3, which fill that range.
  const found = losses('cd', ...Array.from({ length: 200 }, (_, step) => step))
  const spinless = (loss: number): readonly number[] => [0, 1, 2].map((minus) => (10 - loss - 1 - 10 * (1 - minus)) / 100)
  for (const loss of found) expect(spinless(loss).some((sum) => sum > 4 && sum < 6)).toBe(true)
  // The mean is 500 + 1 - 10, with an error of sqrt((2 * 100^2 / 12 + 100) / 400) = 2.1: 6 of these.
  expect(Math.abs(found.reduce((a, b) => a + b, 0) / 200 + 491)).toBeLessThan(12.6)
  expect(new Set(found).size).toBe(200)
  expect(losses('cd', 7, 3)).toEqual([found[7], found[3]])
  // Chains that persist start there once.
  expect(new Set(losses('pcd', 0, 1, 2)).size).toBe(1)
})

it('chains of one step start from draws of their own', () => {
  const text = 'state s : spin from uniform\nparam a from normal(0, 1)\nenergy a + s'
  const one = scene(text, { observed: { s: [1, 1] }, param: { a: 0 } }, { by: 'cd', batch: 2, options: { inner: 0, chainsFrom: 'start' } })
  const losses = Array.from({ length: 64 }, (_, step) => {
    one.prepare(step)
    return one.look()
  })
  // Both up, both down, or one of each, which does not come in 64 steps once in 2^64.
  expect([...new Set(losses)].sort()).toEqual([0, 1, 2])
})

it('chains go by the params and the data of the step that they are in', () => {
  const text = 'data c\nstate x\nparam a from normal(0, 1)\nenergy exp(a) * (x - exp(c))^4 / 4'
  const cs = [0.3, -0.4, 1.1, 0.7]
  const given = { observed: { x: [1, 1, 1, 1] }, data: { c: cs }, param: { a: 0.2 } }
  const one = scene(text, given, { by: 'cd', batch: 1, options: { inner: 2, chainStep: 0.1, chainNoise: 0 } })
  const lossAt = (a: number, c: number): number => {
    const slope = (x: number): number => Math.exp(a) * (x - Math.exp(c)) ** 3
    const energy = (x: number): number => (slope(x) * (x - Math.exp(c))) / 4
    const there = 1 - 0.1 * slope(1)
    return energy(1) - energy(there - 0.1 * slope(there))
  }
  const seen = new Set<number>()
  for (const [step, a] of [0.2, 0.9, -0.5, 0.1].entries()) {
    one.x[0] = a
    one.prepare(step)
    const loss = one.look()
    const which = cs.findIndex((c) => Math.abs(lossAt(a, c) - loss) < 1e-12)
    expect(which).toBeGreaterThanOrEqual(0)
    seen.add(which)
  }
  expect(seen.size).toBe(4)
})

describe('pseudo-likelihood', () => {
  it('is the product of the conditional probabilities of spins that meet', () => {
    const ising =
      'axis other = size(i)\nstate s[i] : spin\nparam W[i, other] ~ normal(0, 1)\nenergy -sum[i, other](W * s * s[i -> other]) / 2'
    const W = [[0.3, 0.9, -0.6], [0.4, 0, 1.2], [-0.8, 0.2, 0]] // biome-ignore format: rows
    const rows = [[1, 1, -1], [1, -1, -1]] // biome-ignore format: rows
    const { look, slope, x } = scene(ising, { observed: { s: rows }, param: { W } }, { by: 'pseudo', batch: 2 })
    const field = (s: readonly number[], i: number): number =>
      s.reduce((sum, b, j) => sum + (i === j ? 0 : (((W[i]?.[j] as number) + (W[j]?.[i] as number)) / 2) * b), 0)
    const each = rows.reduce((sum, s) => sum + s.reduce((t, a, i) => t + Math.log1p(Math.exp(-2 * a * field(s, i))), 0), 0) / 2
    const prior = W.flat().reduce((sum, w) => sum + (w * w) / 2 + Math.log(2 * Math.PI) / 2, 0) / 2
    expect(look()).toBeCloseTo(each + prior, 12)
    const found = slope.slice()
    x[1] = (x[1] as number) + 1e-5
    const above = look()
    x[1] = (x[1] as number) - 2e-5
    expect(found[1]).toBeCloseTo((above - look()) / 2e-5, 7)
  })

  it('is that of elements, and of bits whose hidden partners are summed out', () => {
    const potts =
      'axis k = 3\nstate z[i] : k\nparam a[k]\nparam J = 0.7\nenergy -sum[i](a[k = z]) - J * sum[i](where(z == z[i = i - 1 else z], 1, 0))'
    const a = [0.3, -0.2, 0.5]
    const { look } = scene(potts, { observed: { z: [[1, 3, 3]] }, param: { a } }, { by: 'pseudo', params: ['a'], batch: 1 })
    const energyOf = (z: readonly number[]): number =>
      z.reduce((e, v, i) => e - (a[v] as number) - 0.7 * (v === (z[i - 1] ?? v) ? 1 : 0), 0)
    const z = [0, 2, 2]
    const wanted = z.reduce(
      (sum, _, i) =>
        sum + Math.log([0, 1, 2].reduce((t, l) => t + Math.exp(energyOf(z) - energyOf(z.map((v, k) => (k === i ? l : v)))), 0)),
      0,
    )
    expect(look()).toBeCloseTo(wanted, 10)
  })

  it('is of spins, bits and elements', () => {
    const normal = 'state x[i]\nparam m ~ normal(0, 1)\nenergy sum[i]((x - m)^2)'
    expect(() => scene(normal, { observed: { x: [[1, 2]] } }, { by: 'pseudo', batch: 1 })).toThrow('"x" varies continuously')
  })
})

describe('score matching', () => {
  const quartic = 'state x[i]\nparam a\nparam c\nenergy a * sum[i](x^2) / 2 + sum[i](x^4) / 4 - c * sum[i](x * x[i = i - 1 else 0])'
  const rows = [[0.5, -1.2, 0.3], [1.5, 0.2, -0.4]] // biome-ignore format: rows
  const [a, c] = [0.7, 0.4]
  const slopeOf = (x: readonly number[], i: number): number =>
    a * (x[i] as number) + (x[i] as number) ** 3 - c * ((x[i - 1] ?? 0) + (x[i + 1] ?? 0))

  it('is half the squared slope less the curvature, summed over numbers', () => {
    const { look, slope, x } = scene(quartic, { observed: { x: rows }, param: { a, c } }, { by: 'score', params: ['a', 'c'], batch: 2 })
    const wanted = rows.reduce((sum, row) => sum + row.reduce((t, v, i) => t + slopeOf(row, i) ** 2 / 2 - (a + 3 * v * v), 0), 0) / 2
    expect(look()).toBeCloseTo(wanted, 12)
    const [found] = slope
    x[0] = a + 1e-5
    const above = look()
    x[0] = a - 1e-5
    expect(found).toBeCloseTo((above - look()) / 2e-5, 6)
  })

  it('is at rest at what made the patterns: a normal distribution with the moments of the rows', () => {
    // Of normal densities the score's minimum is the inverse of the second moments.
    const moments = rows.reduce((sum, row) => sum + row.reduce((t, v) => t + v * v, 0), 0) / 6
    const normal = 'state x[i]\nparam k\nenergy k * sum[i](x^2) / 2'
    const { look, slope } = scene(normal, { observed: { x: rows }, param: { k: 1 / moments } }, { by: 'score', params: ['k'], batch: 2 })
    look()
    expect(slope[0]).toBeCloseTo(0, 12)
  })

  it('is by noise what a step back from it leaves', () => {
    const { look, prepare, run } = scene(
      quartic,
      { observed: { x: rows }, param: { a, c } },
      { by: 'denoising', params: ['a', 'c'], batch: 2, options: { sigma: 0.3 } },
    )
    let [sum, squares] = [0, 0]
    for (let step = 0; step < 4000; step += 1) {
      prepare(step)
      const loss = look()
      sum += loss / 4000
      squares += (loss * loss) / 4000
    }
    expect(run.parts.learn.noise.map((v) => v.name)).toEqual(['x'])
    // By quadrature over the noise of each number would be three dimensions: Gauss-Hermite of five points, exact for polynomials up to degree 9.
    const nodes = [-2.856970013872806, -1.355626179974266, 0, 1.355626179974266, 2.856970013872806]
    const weights = [0.011257411327721, 0.222075922005613, 0.533333333333333, 0.222075922005613, 0.011257411327721]
    let wanted = 0
    for (const row of rows)
      for (let k = 0; k < 125; k += 1) {
        const at = [k % 5, Math.floor(k / 5) % 5, Math.floor(k / 25)]
        const y = row.map((v, i) => v + 0.3 * (nodes[at[i] as number] as number))
        const weight = at.reduce((w, n) => w * (weights[n] as number), 1)
        wanted += (weight / 2) * y.reduce((t, _, i) => t + (0.3 * slopeOf(y, i) - (nodes[at[i] as number] as number)) ** 2 / 2, 0)
      }
    // Six standard errors: a false alarm in 2e-9.
    expect(Math.abs(sum - wanted)).toBeLessThan(6 * Math.sqrt((squares - sum * sum) / 4000))
  })
})
