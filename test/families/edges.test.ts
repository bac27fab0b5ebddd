import { describe, expect, test } from 'vitest'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { lgamma, logBesselI } from '../../src/base/special/operations.ts'
import { whereLegal } from '../../src/families/formulas/legal.ts'
import { massesOf } from '../../src/families/formulas/masses.ts'
import { truncatedQuantile } from '../../src/families/numbers/truncated.ts'
import type { FamilyContext } from '../../src/families/parts/density.ts'
import type { FamilySignature } from '../../src/families/parts/signature.ts'
import { hasElements, hasNumbers, isWhole as isWholeSupport } from '../../src/families/parts/support.ts'
import { type FamilyName, signatures } from '../../src/families/tables/signatures.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import { maths } from '../../src/ir/maths.ts'
import * as ports from '../../src/middle/ports.ts'
import { runner, samplingOf } from '../compile/reading.ts'
import { scalarFormula } from './formula.ts'
import type { FamilyRule } from './rules.ts'
import { familyRules, withLimits } from './rules.ts'

/** A family in the words of a textbook: its log density, arguments inside, and numbers that may come. */
interface Textbook {
  readonly log: (x: number, args: readonly number[]) => number
  readonly args: readonly number[]
  readonly xs: readonly number[]
}

const { log, exp } = Math
const logit = (p: number): number => log(p / (1 - p))
const chooses = (n: number, k: number): number => lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
/** a log(b), where nothing is nothing. */
const times = (a: number, logarithm: number): number => (a === 0 ? 0 : a * logarithm)
const gaussian = (z: number): number => -0.5 * z * z - 0.5 * log(2 * Math.PI)
const binomial = (k: number, n: number, logP: number, logQ: number): number => chooses(n, k) + times(k, logP) + times(n - k, logQ)
const logSigmoid = (a: number): number => (a < -30 ? a : -Math.log1p(exp(-a)))
const poisson = (k: number, logRate: number): number => times(k, logRate) - exp(logRate) - lgamma(k + 1)

const textbook: Partial<Record<FamilyName, Textbook>> = {
  normal: { log: (x, [m = 0, s = 1]) => gaussian((x - m) / s) - log(s), args: [0.7, 1.3], xs: [0.7, 0, 2] },
  student_t: {
    log: (x, [nu = 1, m = 0, s = 1]) =>
      lgamma((nu + 1) / 2) - lgamma(nu / 2) - 0.5 * log(nu * Math.PI) - log(s) - ((nu + 1) / 2) * Math.log1p(((x - m) / s) ** 2 / nu),
    args: [3.5, 0.7, 1.3],
    xs: [0.7, 0, 2],
  },
  cauchy: { log: (x, [m = 0, s = 1]) => -log(Math.PI * s) - Math.log1p(((x - m) / s) ** 2), args: [0.7, 1.3], xs: [0.7, 0, 2] },
  laplace: { log: (x, [m = 0, s = 1]) => -log(2 * s) - Math.abs(x - m) / s, args: [0.7, 1.3], xs: [0.7, 0, 2] },
  logistic: {
    log: (x, [m = 0, s = 1]) => -Math.abs(x - m) / s - log(s) - 2 * Math.log1p(exp(-Math.abs(x - m) / s)),
    args: [0.7, 1.3],
    xs: [0.7, 0, 2],
  },
  gumbel: { log: (x, [m = 0, b = 1]) => -(x - m) / b - exp(-(x - m) / b) - log(b), args: [0.7, 1.3], xs: [0.7, 0, 2] },
  half_normal: { log: (x, [s = 1]) => gaussian(x / s) - log(s) + Math.LN2, args: [1.4], xs: [0, 0.5, 2] },
  half_cauchy: { log: (x, [s = 1]) => log(2 / Math.PI) - log(s) - Math.log1p((x / s) ** 2), args: [1.4], xs: [0, 0.5, 2] },
  lognormal: { log: (x, [m = 0, s = 1]) => gaussian((log(x) - m) / s) - log(s * x), args: [0, 0.8], xs: [1, 0.5, 2] },
  exponential: { log: (x, [b = 1]) => log(b) - b * x, args: [2.2], xs: [0, 0.5, 3] },
  gamma: {
    log: (x, [a = 1, b = 1]) => a * log(b) - lgamma(a) + times(a - 1, log(x)) - b * x,
    args: [1.6, 1.9],
    xs: [0, 0.5, 3],
  },
  inverse_gamma: { log: (x, [a = 1, b = 1]) => a * log(b) - lgamma(a) - (a + 1) * log(x) - b / x, args: [1.6, 1.9], xs: [0.5, 3] },
  chi_square: {
    log: (x, [nu = 1]) => times(nu / 2 - 1, log(x)) - x / 2 - (nu / 2) * Math.LN2 - lgamma(nu / 2),
    args: [3.3],
    xs: [0, 0.5, 3],
  },
  weibull: {
    log: (x, [a = 1, s = 1]) => log(a / s) + times(a - 1, log(x / s)) - (x / s) ** a,
    args: [1.7, 2],
    xs: [0, 0.5, 2, 3],
  },
  pareto: {
    log: (x, [least = 1, a = 1]) => (x < least ? -Infinity : log(a) + a * log(least / x) - log(x)),
    args: [1.5, 2.5],
    xs: [1.5, 2, 4],
  },
  beta: {
    log: (x, [a = 1, b = 1]) => lgamma(a + b) - lgamma(a) - lgamma(b) + times(a - 1, log(x)) + times(b - 1, Math.log1p(-x)),
    args: [2.3, 1.6],
    xs: [0, 0.4, 1],
  },
  von_mises: {
    log: (x, [m = 0, k = 1]) => k * Math.cos(x - m) - log(2 * Math.PI) - (k > 500 ? k - 0.5 * log(2 * Math.PI * k) : logBesselI(0, k)),
    args: [0.5, 2.5],
    xs: [0.5, 1, -2],
  },
  bernoulli: { log: (x, [p = 0.5]) => times(x, log(p)) + times(1 - x, Math.log1p(-p)), args: [0.3], xs: [0, 1] },
  bernoulli_logit: { log: (x, [a = 0]) => logSigmoid(x === 1 ? a : -a), args: [-0.8], xs: [0, 1] },
  binomial: { log: (x, [n = 1, p = 0.5]) => (x > n ? -Infinity : binomial(x, n, log(p), Math.log1p(-p))), args: [4, 0.35], xs: [0, 1, 4] },
  binomial_logit: {
    log: (x, [n = 1, a = 0]) => (x > n ? -Infinity : binomial(x, n, logSigmoid(a), logSigmoid(-a))),
    args: [4, logit(0.35)],
    xs: [0, 1, 4],
  },
  poisson: { log: (x, [rate = 1]) => poisson(x, log(rate)), args: [4.2], xs: [0, 1, 5] },
  poisson_log: { log: (x, [a = 0]) => poisson(x, a), args: [1.3], xs: [0, 1, 5] },
  negative_binomial: {
    log: (x, [a = 1, b = 1]) =>
      // Gamma(x + a) / Gamma(a) as a product, which keeps its digits however large or small a is.
      Array.from({ length: x }, (_, i) => log(a + i)).reduce((s, v) => s + v, 0) -
      lgamma(x + 1) -
      a * Math.log1p(1 / b) -
      times(x, Math.log1p(b)),
    args: [2.4, 0.7],
    xs: [0, 1, 5],
  },
  geometric: { log: (x, [p = 0.5]) => log(p) + times(x, Math.log1p(-p)), args: [0.3], xs: [0, 1, 5] },
}

/** Ends that are left out though there is a distribution: infinitely many degrees of freedom are called normal. */
const leftOut = ['student_t nu at Infinity']

interface Edge {
  readonly title: string
  readonly name: FamilyName
  readonly i: number
  readonly at: number
  readonly isIn: boolean
  /** A number that is `by` from the end, or as large as 1 / by. */
  readonly near: (by: number) => number
}

const edges: readonly Edge[] = (Object.keys(textbook) as FamilyName[]).flatMap((name) =>
  (signatures[name] as FamilySignature).parameters.flatMap(({ name: parameter, kind, ends }, i): readonly Edge[] => {
    const edge = (at: number, isIn: boolean, near: Edge['near']): Edge => ({
      title: `${name} ${parameter} at ${at}`,
      name,
      i,
      at,
      isIn,
      near,
    })
    // A number of trials jumps, and an infinite angle has no direction.
    const step = (by: number): number => (kind === 'count' ? 0 : by)
    return [
      edge(ends.low, ends.lowIn, (by) => (ends.low === -Infinity ? -1 / by : ends.low + step(by))),
      edge(ends.high, ends.highIn, (by) => (ends.high === Infinity ? 1 / by : ends.high - step(by))),
    ].filter((e) => !(e.at === Infinity && kind === 'count') && !(Math.abs(e.at) === Infinity && e.title.startsWith('von_mises mu')))
  }),
)

test('every family of numbers is looked at', () => {
  const scalar = (Object.entries(signatures) as [FamilyName, FamilySignature][]).filter(([, { support }]) => hasNumbers(support))
  // The ends of uniform are its parameters: neither has an end of its own.
  expect(Object.keys(textbook).sort()).toEqual(
    scalar
      .map(([name]) => name)
      .filter((name) => name !== 'uniform')
      .sort(),
  )
})

type Limit = number | 'grows'

/** Of a log density as a parameter comes to its end. */
function limitOf({ name, i, near }: Edge, x: number): Limit {
  const { log: f, args } = textbook[name] as Textbook
  const at = (by: number): number => f(x, args.with(i, near(by)))
  const [far, close] = [at(1e-5), at(1e-10)]
  if (close === -Infinity || close < far - 4) return -Infinity
  return close === Infinity || close > far + 4 ? 'grows' : close
}

function ruleOf({ name }: Edge): FamilyRule {
  return familyRules[name]
}

function withLimitsAt(rule: FamilyRule, parameters: FamilySignature['parameters']) {
  return scalarFormula(parameters.length + 1, (m, [x = 0, ...a]) => withLimits(rule, parameters).logDensity(m, x, a, { over: [] }))
}

/** As the compiler guards it: log p and its gradient by (x, ...args). */
function compiled({ name }: Edge) {
  const { parameters } = signatures[name] as FamilySignature
  return scalarFormula(parameters.length + 1, (m, [x = 0, ...args]) =>
    whereLegal(m, args, parameters, [], (safe) => withLimits(familyRules[name], parameters).logDensity(m, x, safe, { over: [] })),
  )
}

const atEnd = (e: Edge): readonly number[] => (textbook[e.name] as Textbook).args.with(e.i, e.at)
const isWhole = (name: FamilyName): boolean => isWholeSupport(signatures[name].support)

describe.each(edges.filter((e) => e.isIn))('$title', (e) => {
  const f = compiled(e)
  const args = atEnd(e)
  const { xs } = textbook[e.name] as Textbook
  const limits = xs.map((x) => [x, limitOf(e, x)] as const)
  const isGone = limits.every(([, limit]) => limit === -Infinity)

  test('has the density that the formula comes to', () => {
    for (const [x, limit] of limits) {
      const { value } = f([x, ...args])
      // 1e-10 from the end, to first order.
      if (limit === -Infinity) expect(value, `${x}`).toBe(-Infinity)
      else expect(Math.abs(value - (limit as number)), `${value} at ${x}, ${limit} close by`).toBeLessThan(1e-8)
    }
  })

  test('has the gradient that the formula comes to', () => {
    for (const [x, limit] of limits) {
      const { gradient } = f([x, ...args])
      for (const g of gradient.slice(1)) expect(g, `${gradient} at ${x}`).not.toBeNaN()
      if (limit === -Infinity || e.near(0) === e.near(1)) continue
      const slope = gradient[e.i + 1] as number
      if (!Number.isFinite(e.at)) expect(slope).toBe(0)
      else {
        const h = e.near(1e-6) - e.at
        const wanted = (f([x, ...args.with(e.i, e.at + h)]).value - f([x, ...args]).value) / h
        expect(Math.abs(slope - wanted), `${slope} at ${x}, ${wanted} by differences`).toBeLessThan(1e-4)
      }
    }
  })

  test('has the masses of that density', () => {
    const { parameters } = signatures[e.name] as FamilySignature
    const { tails } = withLimits(ruleOf(e), parameters)
    if (tails === undefined) return
    const mass = scalarFormula(parameters.length + 2, (m, [from = 0, to = 0, ...a]) => {
      const masses = massesOf(m, signatures[e.name].support, { tails }, a)
      return masses.between({ lower: from, upper: to })
    })
    for (const [from, to] of [
      [-Infinity, 0],
      [-Infinity, 2],
      [1, 3],
      [1, Infinity],
      [5, Infinity],
    ] as const) {
      const { value, gradient } = mass([from, to, ...args])
      const whole = Array.from({ length: 50 }, (_, k) => k).filter((k) => k >= from && k <= to)
      const sum = whole.reduce((s, k) => s + exp(f([k, ...args]).value), 0)
      const wanted = isWhole(e.name) ? (isGone && to === Infinity ? 1 : sum) : to === Infinity ? 1 : 0
      expect(exp(value), `from ${from} to ${to}`).toBeCloseTo(wanted, 12)
      for (const g of gradient.slice(2)) expect(g, `${gradient} from ${from} to ${to}`).not.toBeNaN()
    }
  })

  test('has truncated draws of that density', () => {
    const { parameters } = signatures[e.name] as FamilySignature
    const rule = ruleOf(e)
    if ((rule.tails === undefined && rule.logMass === undefined) || !isWhole(e.name)) return
    const quantile = truncatedQuantile(e.name)
    const p = [1, 2, 3].map((k) => exp(withLimitsAt(rule, parameters)([k, ...args]).value))
    const total = p.reduce((s, q) => s + q, 0)
    let below = 0
    for (const [i, q] of p.entries()) {
      if (q === 0) continue
      expect(quantile((below + 0.5 * q) / total, args, 1, 3)).toBe(i + 1)
      below += q
    }
    if (total === 0) expect(quantile(0.5, args, 1, 3)).toBeNaN()
  })

  test('has draws, moments and a distribution function of that density', () => {
    const { sample, mean, variance, cdf, quantile } = ruleOf(e)
    const stream = new Stream(fold(keyFromSeed(20250301), e.title))
    const draws = Array.from({ length: 200 }, () => sample?.(stream, args) as number)
    if (isGone) {
      for (const x of draws) expect(x).toBe(Infinity)
      for (const x of xs) expect(cdf?.(x, args)).toBe(0)
      return
    }
    for (const x of draws) expect(f([x, ...args]).value, `a draw of ${x}`).toBeGreaterThan(-Infinity)
    if (!isWhole(e.name)) return
    const p = Array.from({ length: 50 }, (_, k) => exp(f([k, ...args]).value))
    const mu = p.reduce((s, q, k) => s + k * q, 0)
    expect(p.reduce((s, q) => s + q, 0)).toBeCloseTo(1, 12)
    expect(mean?.(args)).toBeCloseTo(mu, 10)
    expect(variance?.(args)).toBeCloseTo(
      p.reduce((s, q, k) => s + (k - mu) ** 2 * q, 0),
      10,
    )
    for (const x of xs)
      expect(cdf?.(x, args)).toBeCloseTo(
        p.slice(0, x + 1).reduce((s, q) => s + q, 0),
        12,
      )
    const sure = p.findIndex((q) => Math.abs(q - 1) < 1e-12)
    if (sure < 0) return
    expect(new Set(draws)).toEqual(new Set([sure]))
    expect(quantile?.(0.5, args)).toBe(sure)
  })
})

describe.each(edges.filter((e) => !e.isIn))('$title', (e) => {
  test('is left out: there is no density, or it is 0 everywhere', () => {
    const { xs } = textbook[e.name] as Textbook
    const limits = xs.map((x) => limitOf(e, x))
    const isPoint = limits.includes('grows')
    const isGone = limits.every((limit) => limit === -Infinity)
    expect(isPoint || isGone || leftOut.includes(e.title), `${limits}`).toBe(true)
    for (const x of xs) {
      // A location that is infinite is infinitely far.
      const { value, gradient } = compiled(e)([x, ...atEnd(e)])
      expect(value, `${x}`).toBe(-Infinity)
      if (Number.isFinite(e.at)) expect(gradient[e.i + 1], `${x}`).toBe(0)
    }
  })
})

describe('a parameter times a bit that is 0', () => {
  const masked = edges.filter((e) => e.isIn && e.at === 0 && signatures[e.name].parameters[e.i]?.kind !== 'count')

  test.each(masked)('of $title has the energy of the limit, and no gradient', (e) => {
    const { args, xs } = textbook[e.name] as Textbook
    const { parameters } = signatures[e.name] as FamilySignature
    const kind = parameters[e.i]?.kind === 'probability' ? 'probability' : 'positive'
    const given = args.map((_, i) => (i === e.i ? 'here * p' : `q${i}`)).join(', ')
    const others = args.flatMap((_, i) =>
      i === e.i
        ? []
        : [`data q${i} : ${parameters[i]?.kind === 'count' ? 'count' : parameters[i]?.kind === 'positive' ? 'positive' : 'real'}`],
    )
    const text = `data x\ndata here : bit\n${others.join('\n')}\nstate p : ${kind}\nx ~ ${e.name}(${given})\nenergy flat = p\n`
    const program = samplingOf(text)
    for (const x of xs) {
      const numbers = Object.fromEntries(args.map((a, i) => [`q${i}`, [a]]))
      const out = runner(program, {}, { ...numbers, x: [x], here: [0], [ports.temperature]: [1] })([0.3])
      const limit = limitOf(e, x)
      expect(out['term:x']?.[0], `${x}`).toBeCloseTo(0 - (limit as number), 8)
      if (limit === -Infinity) continue
      // Of the energy p and the Jacobian alone.
      const alone = runner(samplingOf(`state p : ${kind}\nenergy flat = p\n`), {}, { [ports.temperature]: [1] })([0.3])
      expect(out['gradient:p']?.[0]).toBeCloseTo(alone['gradient:p']?.[0] as number, 12)
    }
  })
})

describe('families of elements and over an axis at the ends of their parameters', () => {
  const over =
    (name: FamilyName, own: readonly string[], context: Partial<FamilyContext>) =>
    (x: readonly number[], ...args: readonly (readonly number[])[]) => {
      const { parameters } = signatures[name] as FamilySignature
      const builder = new GraphBuilder()
      const m = maths(builder)
      const isElement = hasElements(signatures[name].support)
      const ids = [x, ...args].map((_, k) =>
        builder.input(`v${k}`, (k === 0 && isElement) || own[k] === undefined || own[k] === '' ? [] : [own[k] as string]),
      )
      const [first = 0, ...rest] = ids
      const value = whereLegal(m, rest, parameters, [], (safe) =>
        withLimits(familyRules[name], parameters).logDensity(m, first, safe, { over: [], ...context }),
      )
      builder.output('value', value, [])
      const slopes = gradient(builder, value, rest)
      slopes.forEach((g, k) => {
        builder.output(`g${k}`, g, builder.axes(rest[k] as number))
      })
      const out = evaluate(
        builder.finish(),
        { k: 3, cut: 2 },
        Object.fromEntries([x, ...args].map((v, k) => [`v${k}`, Float64Array.from(v)])),
      )
      const numbers = Object.entries(out).flatMap(([n, v]) => (n === 'value' ? [] : [...v]))
      return { p: exp((out.value as Float64Array)[0] as number), gradient: numbers }
    }
  const shares = (p: readonly number[], n: number, draw: () => number): void => {
    const counts = p.map(() => 0)
    for (let i = 0; i < n; i += 1) {
      const k = draw()
      counts[k] = (counts[k] as number) + 1
    }
    p.forEach((q, k) => {
      // Five standard errors and more: each of a few shares misses once in 1e7.
      expect(Math.abs((counts[k] as number) / n - q)).toBeLessThanOrEqual(5.5 * Math.sqrt((q * (1 - q)) / n))
    })
  }
  const stream = new Stream(keyFromSeed(20250302))

  test('categorical with probabilities 0', () => {
    const f = over('categorical', ['', 'k'], { element: 'k' })
    const theta = [0, 0.25, 0.75]
    theta.forEach((p, k) => {
      expect(f([k], theta).p).toBeCloseTo(p, 15)
    })
    shares(theta, 2000, () => familyRules.categorical.sampleElement?.(stream, [Float64Array.from(theta)], 3) as number)
  })

  test('categorical_logit with logs of 0', () => {
    const f = over('categorical_logit', ['', 'k'], { element: 'k' })
    const eta = [-Infinity, 0, log(3)]
    ;[0, 0.25, 0.75].forEach((p, k) => {
      const found = f([k], eta)
      expect(found.p).toBeCloseTo(p, 15)
      if (p > 0) expect(found.gradient).toEqual([0, (k === 1 ? 1 : 0) - 0.25, (k === 2 ? 1 : 0) - 0.75].map((v) => expect.closeTo(v, 12)))
    })
    shares([0, 0.25, 0.75], 2000, () => familyRules.categorical_logit.sampleElement?.(stream, [Float64Array.from(eta)], 3) as number)
    expect(f([1], [-Infinity, -Infinity, -Infinity])).toEqual({ p: 0, gradient: [0, 0, 0] })
    expect(f([1], [Infinity, 0, 0])).toEqual({ p: 0, gradient: [0, 0, 0] })
  })

  test('ordered_logistic infinitely far off, and between cutpoints that are not in order', () => {
    const f = over('ordered_logistic', ['', '', 'cut'], { element: 'k' })
    const cuts = [-1, 2]
    for (const [eta, sure] of [
      [-Infinity, 0],
      [Infinity, 2],
    ] as const) {
      expect([0, 1, 2].map((k) => f([k], [eta], cuts).p)).toEqual([0, 1, 2].map((k) => (k === sure ? 1 : 0)))
      expect(f([sure], [eta], cuts).gradient).toEqual([0, 0, 0].map((v) => expect.closeTo(v, 15)))
      shares(
        [0, 1, 2].map((k) => (k === sure ? 1 : 0)),
        50,
        () => familyRules.ordered_logistic.sampleElement?.(stream, [Float64Array.of(eta), Float64Array.from(cuts)], 3) as number,
      )
    }
    for (const k of [
      [1, 1],
      [2, -1],
    ]) {
      const { p, gradient: g } = f([1], [0.3], k)
      expect([p, ...g.filter(Number.isNaN)]).toEqual([0])
    }
  })

  test('multinomial with probabilities 0 and with no draws', () => {
    const f = over('multinomial', ['k', '', 'k'], { over: ['k'] })
    const theta = [0.7, 0.3, 0]
    expect(f([2, 1, 0], [3], theta).p).toBeCloseTo(3 * 0.49 * 0.3, 14)
    expect(f([1, 1, 1], [3], theta).p).toBe(0)
    expect(f([0, 0, 0], [0], [1, 0, 0]).p).toBe(1)
    for (const g of f([2, 1, 0], [3], theta).gradient) expect(g).not.toBeNaN()
    for (const p of [theta, [0, 1, 0], [0.1, 0, 0.9]]) {
      for (let i = 0; i < 200; i += 1) {
        const draw = familyRules.multinomial.sampleVector?.(stream, [Float64Array.of(7), Float64Array.from(p)], 3) as Float64Array
        expect([...draw].reduce((a, b) => a + b, 0)).toBe(7)
        draw.forEach((v, k) => {
          if (p[k] === 0) expect(v).toBe(0)
        })
      }
    }
  })

  test('von_mises_fisher without concentration is the uniform distribution on the sphere', () => {
    const f = over('von_mises_fisher', ['k', 'k', ''], { over: ['k'] })
    const { p, gradient: g } = f([0.6, 0, 0.8], [1, 0, 0], [0])
    expect(p).toBeCloseTo(1 / (4 * Math.PI), 14)
    // By kappa: mu.x, of which nothing is taken off at 0.
    expect(g.at(-1)).toBeCloseTo(0.6, 12)
    const rule = familyRules.von_mises_fisher as FamilyRule
    const args = [Float64Array.of(1, 0, 0), Float64Array.of(0)]
    expect([...(rule.means?.(args, 3, 1) ?? [])].map(Math.abs)).toEqual([0, 0, 0])
    expect([...(rule.variances?.(args, 3, 1) ?? [])]).toEqual([1, 1, 1].map((v) => expect.closeTo(v / 3, 12)))
    const draws = Array.from({ length: 2000 }, () => rule.sampleVector?.(stream, args, 3) as Float64Array)
    // Each coordinate has mean 0 and variance 1/3: 5.5 standard errors.
    for (const k of [0, 1, 2]) {
      expect(Math.abs(draws.reduce((s, d) => s + (d[k] as number), 0) / 2000)).toBeLessThan(5.5 * Math.sqrt(1 / 3 / 2000))
    }
  })

  test('dirichlet at points with zeros: a shape of 1 does not mind, more makes them impossible', () => {
    const f = over('dirichlet', ['k', 'k'], { over: ['k'] })
    expect(f([0, 0.4, 0.6], [1, 1, 1]).p).toBeCloseTo(2, 14)
    expect(f([0, 0.4, 0.6], [2, 1, 1]).p).toBe(0)
    // A concentration of 0 leaves no density.
    expect(f([0, 0.4, 0.6], [0, 1, 1]).p).toBe(0)
  })
})
