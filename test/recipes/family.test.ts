import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Copy } from './copy.ts'

/** |x| for a logistic x: log(2) - log(sigma) + log of the density of the logistic at x / sigma. */
const file = `import type { NodeId } from '../ir/graph.ts'
import type { Formulas } from '../ir/maths.ts'
import { guarded, isNonnegative, tailsAbove, tailsFromUpper } from './formulas/guards.ts'
import type { Aliases } from './parts/aliases.ts'
import type { Density } from './parts/density.ts'
import type { Distribution } from './parts/distribution.ts'
import type { NumberDraw } from './parts/draw.ts'
import type { TailMasses } from './parts/masses.ts'
import type { NumberMoments } from './parts/moments.ts'
import type { Power } from './parts/power.ts'
import type { WrittenSignature } from './parts/signature.ts'

export const signature = {
  parameters: ['sigma: positive'],
  support: { interval: [0, Infinity] },
  over: 0,
  doc: 'absolute value of logistic(0, sigma)',
} as const satisfies WrittenSignature

export const density: Density<typeof signature> = {
  source: 'Balakrishnan (1985), Journal of Statistical Computation and Simulation 20',
  logDensity: (m, x, [sigma], context) =>
    guarded(m, context, x, isNonnegative(m, x), m.k(0), (y) => {
      const half = m.mul(m.k(0.5), m.div(y, sigma))
      return m.neg(m.plus(m.mul(m.k(2), m.logcosh(half)), m.log(sigma), m.k(Math.LN2)))
    }),
}

/** P(X > x) = 2 / (1 + exp(x / sigma)). */
const logUpper = (m: Formulas, x: NodeId, sigma: NodeId): NodeId => m.sub(m.k(Math.LN2), m.softplus(m.div(x, sigma)))

export const masses: TailMasses<typeof signature> = {
  tails: (m, x, [sigma]) => tailsAbove(m, m.k(0), x, (y) => tailsFromUpper(m, logUpper(m, y, sigma))),
}

export const distribution: Distribution<typeof signature> = {
  cdf: (x, [sigma]) => (x <= 0 ? 0 : Math.tanh(x / (2 * sigma))),
  quantile: (p, [sigma]) => 2 * sigma * Math.atanh(p),
}

export const moments: NumberMoments<typeof signature> = {
  mean: ([sigma]) => sigma * Math.log(4),
  variance: ([sigma]) => sigma * sigma * ((Math.PI * Math.PI) / 3 - Math.log(4) * Math.log(4)),
}

export const draw: NumberDraw<typeof signature> = {
  number: (stream, [sigma]) => 2 * sigma * Math.atanh(stream.uniform()),
}

export const power: Power<typeof signature> = {
  never: 'the power of a half logistic density is no density of a family here',
}

export const aliases: Aliases = { names: ['HalfLogistic'] }
`

/** The tables that want a row, by the part of the family that they hold. */
const tables = {
  densities: 'density',
  masses: 'masses',
  distributions: 'distribution',
  moments: 'moments',
  draws: 'draw',
  powers: 'power',
} as const

/** Behind another family of single numbers, in the imports and in the table itself. */
function addRow(copy: Copy, table: string, part: string): void {
  const path = `src/families/tables/${table}.ts`
  copy.insertAfter(path, `import { ${part} as half_normal }`, `import { ${part} as half_logistic } from '../half_logistic.ts'`)
  copy.insertAfter(path, '  half_normal,', '  half_logistic,')
}

const testTables = [
  ['/** Arguments that are not special', 'export const numbers'],
  ['/** Arguments by which samplers', 'export const drawnNumbers'],
] as const

/** The same that the tests of all families ask, of this one. */
const laws = `
  import { GraphBuilder } from './src/ir/builder.ts'
  import { evaluate } from './src/ir/evaluate.ts'
  import { gradient } from './src/ir/gradient.ts'
  import { maths } from './src/ir/maths.ts'
  import { densities } from './src/families/tables/densities.ts'
  import { distributions } from './src/families/tables/distributions.ts'
  import { numberMoments } from './src/families/tables/moments.ts'
  import { givenOf, hasErrors, load, sample, series } from './src/index.ts'
  const sigma = 1.3
  const builder = new GraphBuilder()
  const [x, s] = [builder.input('x', []), builder.input('s', [])]
  const value = densities.half_logistic.logDensity(maths(builder), x, [s], { over: [] })
  builder.output('value', value)
  gradient(builder, value, [x, s]).forEach((g, i) => builder.output('g' + i, g, []))
  const graph = builder.finish()
  const at = (x, s) => {
    const out = evaluate(graph, {}, { x: Float64Array.of(x), s: Float64Array.of(s) })
    return { value: out.value[0], gradient: [out.g0[0], out.g1[0]] }
  }
  const steps = 40000
  const width = 60 / steps
  const mid = (k) => (k + 0.5) * width
  const moment = (f) => Array.from({ length: steps }, (_, k) => f(mid(k)) * Math.exp(at(mid(k), sigma).value) * width).reduce((a, b) => a + b, 0)
  const differences = [0.2, 1.9].map((x) => [
    (at(x + 1e-5, sigma).value - at(x - 1e-5, sigma).value) / 2e-5 - at(x, sigma).gradient[0],
    (at(x, sigma + 1e-5).value - at(x, sigma - 1e-5).value) / 2e-5 - at(x, sigma).gradient[1],
  ])
  const { cdf } = distributions.half_logistic
  const loaded = (text) => load({ name: 'm.amp', text: 'model m\\n' + text + '\\n' })
  /** The largest distance of draws from a distribution function. */
  const distance = async (text, cdf) => {
    const made = await sample(loaded(text).value, givenOf({}).value, { seed: 7, chains: 1, draws: 4000 })
    if (hasErrors(made.diagnostics)) throw new Error(JSON.stringify(made.diagnostics))
    const draws = [...series(made.value.draws, 'x')[0]].sort((a, b) => a - b)
    if (made.value.sampler !== 'exact') throw new Error(made.value.sampler)
    return Math.max(...draws.map((v, i) => Math.abs(cdf(v, [sigma]) - (i + 0.5) / draws.length)))
  }
  const part = (v) => (cdf(v, [sigma]) - cdf(0.5, [sigma])) / (cdf(3, [sigma]) - cdf(0.5, [sigma]))
  console.log(JSON.stringify({
    total: moment(() => 1),
    mean: moment((x) => x) - numberMoments.half_logistic.mean([sigma]),
    variance: moment((x) => (x - numberMoments.half_logistic.mean([sigma])) ** 2) - numberMoments.half_logistic.variance([sigma]),
    outside: at(-0.1, sigma).value === -Infinity,
    differences: differences.flat(),
    wide: loaded('state x ~ half_logistic(1)').diagnostics.map((d) => d.code),
    wrong: loaded('state x : nonnegative ~ half_logistic(-1)').diagnostics.map((d) => d.code),
    hint: loaded('state x : nonnegative ~ HalfLogistic(1)').diagnostics.map((d) => d.hint),
    whole: await distance('state x : nonnegative ~ half_logistic(1.3)', cdf),
    cut: await distance('state x : real(lower = 0.5, upper = 3) ~ half_logistic(1.3) in (0.5, 3)', part),
  }))`

describe('a family that the recipe adds to a copy of the sources', () => {
  let copy: Copy
  let lacking: readonly string[]
  let untested: readonly string[]
  let left: readonly string[]
  beforeAll(() => {
    copy = new Copy()
    copy.write('src/families/half_logistic.ts', file)
    const path = 'src/families/tables/signatures.ts'
    copy.insertAfter(path, 'import { signature as half_normal }', `import { signature as half_logistic } from '../half_logistic.ts'`)
    copy.insertAfter(path, '  half_normal,', '  half_logistic,')
    copy.write('test/families/cases.ts', readFileSync('test/families/cases.ts', 'utf8'))
    const room = ['src/families', 'test/families/cases.ts']
    const all = copy.typeErrors(room)
    lacking = all.filter((line) => line.startsWith('src/'))
    untested = all.filter((line) => line.startsWith('test/'))
    for (const [table, part] of Object.entries(tables)) addRow(copy, table, part)
    addRow(copy, 'aliases', 'aliases')
    for (const [, table] of testTables) copy.insertAfter('test/families/cases.ts', table, '  half_logistic: [[1.3]],')
    const edited = [...Object.keys(tables), 'aliases', 'signatures'].map((table) => `src/families/tables/${table}.ts`)
    left = copy.typeErrors(room, [...edited, 'src/families/half_logistic.ts', 'test/families/cases.ts'])
  })
  afterAll(() => copy.remove())

  it('does not compile before each of its parts is in its table', () => {
    const files = Object.keys(tables).map((table) => `src/families/tables/${table}.ts`)
    expect(lacking.map((line) => line.split('(')[0]).sort()).toEqual([...files].sort())
    for (const line of lacking) expect(line).toContain('half_logistic')
  })

  it('does not compile before tests have arguments for it', () => {
    expect(untested.length).toBe(testTables.length)
    for (const line of untested) expect(line).toContain('half_logistic')
  })

  it('compiles with them', () => expect(left).toEqual([]))

  it('is in the recipe as it was followed', () => {
    const recipe = readFileSync('docs/recipes.md', 'utf8').split('\n## A family\n')[1]?.split('\n## ')[0] ?? ''
    for (const part of ['signature', ...Object.values(tables), 'aliases']) expect(recipe).toContain(`\`${part}\``)
    for (const table of ['signatures', ...Object.keys(tables), 'aliases']) expect(recipe).toContain(`\`${table}.ts\``)
  })

  it('has total probability 1, its moments and its gradients; checks; and draws what it says', () => {
    const found = JSON.parse(copy.run(laws))
    // The midpoint rule at a step of 0.0015 is off by less than 1e-6 here.
    expect(found.total).toBeCloseTo(1, 6)
    expect(found.mean).toBeCloseTo(0, 6)
    expect(found.variance).toBeCloseTo(0, 6)
    expect(found.outside).toBe(true)
    // h^2 = 1e-10 times a third derivative, and 1e-15 / h of rounding.
    for (const d of found.differences) expect(Math.abs(d)).toBeLessThan(1e-8)
    expect(found.wide).toEqual(['AMP406'])
    expect(found.wrong).toEqual(['AMP404'])
    expect(found.hint).toEqual(["it is called 'half_logistic' here"])
    // Kolmogorov: beyond 2.75 / sqrt(4000) once in 3.7e6 runs.
    expect(found.whole).toBeLessThan(2.75 / Math.sqrt(4000))
    expect(found.cut).toBeLessThan(2.75 / Math.sqrt(4000))
  })
})
