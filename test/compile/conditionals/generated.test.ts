import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasForm } from '../../../src/compile/conditionals/conditional.ts'
import { energyOf } from '../models.ts'
import { errorOf, formsOf } from './held.ts'

/**
 * Models composed so that the form of x is known: sums of products of linear expressions of x[i, j], each made by a few
 * linear operations; and statements that are conjugate to a positive x[i]. One kink anywhere, and there must be none.
 */
const sizes = { i: 3, j: 2, r: 4 }
const declared = `axis k = size(i)
data w[i]
data c
data at[r] : i
data flag[i] : bit
data y[i]
data n[r] : count
data t[r] : positive`

interface Expression {
  readonly text: string
  readonly axes: readonly string[]
}

type Step = (e: Expression, name: string) => Expression | undefined

const along = (axis: string, make: (name: string) => Expression['text'], axes: (a: readonly string[]) => readonly string[]): Step => {
  return (e, name) => (e.axes.includes(axis) ? { text: make(name), axes: axes(e.axes) } : undefined)
}
const same = (axes: readonly string[]): readonly string[] => axes
const steps: readonly Step[] = [
  (e, name) => ({ text: `2.5 * ${name}`, axes: e.axes }),
  (e, name) => ({ text: `${name} - 0.7 * c`, axes: e.axes }),
  (e, name) => ({ text: `-${name} / (2 + c^2)`, axes: e.axes }),
  along('i', (name) => `w * ${name}`, same),
  along('i', (name) => `where(flag == 1, ${name}, 0.3)`, same),
  along('i', (name) => `${name}[i = i - 1 else 0]`, same),
  along('i', (name) => `${name}[i = i + 1 else 0.4]`, same),
  along('i', (name) => `cumsum[i](${name})`, same),
  along('i', (name) => `${name}[i = at]`, (axes) => [...axes.filter((a) => a !== 'i'), 'r']), // biome-ignore format: a row each
  along('i', (name) => `${name}[i = 2]`, (axes) => axes.filter((a) => a !== 'i')), // biome-ignore format: a row each
  along('i', (name) => `${name}[i -> k]`, (axes) => [...axes.filter((a) => a !== 'i'), 'k']), // biome-ignore format: a row each
  along('i', (name) => `sum[i](w * ${name})`, (axes) => axes.filter((a) => a !== 'i')), // biome-ignore format: a row each
  along('j', (name) => `sum[j](${name})`, (axes) => axes.filter((a) => a !== 'j')), // biome-ignore format: a row each
]
const kinks = ['abs', 'sign', 'relu', 'floor'] as const

/** `let`s that apply steps to x one after the other; those that do not fit are left out. */
function linear(id: string, chosen: readonly number[], kink?: number): { readonly lets: readonly string[]; readonly last: Expression } {
  const lets: string[] = []
  let last: Expression = { text: 'x', axes: ['i', 'j'] }
  const add = (next: Expression): void => {
    const name = `${id}${lets.length}`
    lets.push(`let ${name} = ${next.text}`)
    last = { text: name, axes: next.axes }
  }
  for (const k of chosen) {
    const next = steps[k % steps.length]?.(last, last.text)
    if (next !== undefined) add(next)
  }
  if (kink !== undefined) add({ text: `${kinks[kink % kinks.length]}(${last.text})`, axes: last.axes })
  return { lets, last }
}

function product(
  id: string,
  [left, right, how]: readonly [readonly number[], readonly number[], number],
  kink?: number,
): readonly string[] {
  const [a, b] = [linear(`a${id}_`, left, kink), linear(`b${id}_`, right)]
  const [over, both] = [[...a.last.axes].sort(), [...new Set([...a.last.axes, ...b.last.axes])].sort()]
  const sum = (axes: readonly string[], e: string): string => (axes.length === 0 ? e : `sum[${axes.join(', ')}](${e})`)
  const energies = [
    sum(over, `(${a.last.text})^2`),
    sum(both, `${a.last.text} * ${b.last.text}`),
    sum(over, `normal_lpdf(${a.last.text}, c, 0.8)`),
  ]
  return [...a.lets, ...b.lets, `energy e${id} = ${energies[how % energies.length]}`]
}

const chosen = fc.array(fc.nat(steps.length - 1), { maxLength: 4 })
const parts = fc.array(fc.tuple(chosen, chosen, fc.nat(2)), { minLength: 1, maxLength: 3 })
const model = (lines: readonly string[]): string => ['model m', declared, ...lines].join('\n')

test('quadratic energies of linear expressions are Gaussian, and the form says how E changes', () => {
  fc.assert(
    fc.property(parts, fc.nat(1000), (all, seed) => {
      const energy = energyOf(model(['state x[i, j] ~ normal(0, 1)', ...all.flatMap((p, i) => product(String(i), p))]))
      const found = formsOf(energy).get('x')
      if (found === undefined || !hasForm(found)) throw new Error(found?.reason ?? 'no x')
      expect(found.form).toBe('gaussian')
      expect(found.dependsOn).not.toContain('x')
      // 1e-9: some hundred terms of size 1 to 100, each with a few roundings.
      expect(errorOf(found, energy, { ...sizes, k: 3 }, seed)).toBeLessThan(1e-9)
    }),
    { seed: 71, numRuns: 150 },
  )
}, 60_000)

// The square of |x| is that of x, so the kinked factor is multiplied by another one.
test('with a kink between x and E there is no form', () => {
  fc.assert(
    fc.property(parts, fc.nat(kinks.length - 1), (all, kink) => {
      const lines = all.flatMap((p, i) => (i === 0 ? product('0', [p[0], p[1], 1], kink) : product(String(i), p)))
      const found = formsOf(energyOf(model(['state x[i, j] ~ normal(0, 1)', ...lines]))).get('x')
      expect(found !== undefined && hasForm(found)).toBe(false)
    }),
    { seed: 72, numRuns: 100 },
  )
}, 60_000)

const conjugate: Readonly<Record<'gamma' | 'inverse_gamma', readonly string[]>> = {
  gamma: [
    'x ~ gamma(2, 1.5)',
    'x ~ exponential(2)',
    'y ~ normal(c, 1 / sqrt(x))',
    'y ~ normal(0.3, 2 / sqrt(4 * x))',
    'n ~ poisson(t * x[i = at])',
    't ~ gamma(2, x[i = at])',
    't ~ exponential(x[i = at] / 3)',
    'energy sum[i](w^2 * x) - 2 * sum[i](log(3 * x))',
    'energy -sum[r](n * log(x[i = at] / 2))',
    'y ~ laplace(c, 1 / x)',
  ],
  inverse_gamma: [
    'x ~ inverse_gamma(2, 1.5)',
    'y ~ normal(c, sqrt(x))',
    'y ~ normal(0.3, 3 * sqrt(x))',
    't ~ exponential(2 / x[i = at])',
    't ~ gamma(2, 1 / x[i = at])',
    'y ~ laplace(c, x)',
    'energy sum[i](w^2 / x) + 3 * sum[i](log(x))',
    't ~ inverse_gamma(2, 1) in (0, inf)',
  ],
}

test.each(Object.entries(conjugate))(
  'statements conjugate to a positive number make it %s together',
  (form, statements) => {
    const some = fc.uniqueArray(fc.nat(statements.length - 1), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(some, fc.nat(1000), (which, seed) => {
        const lines = which.map((k) => statements[k] as string).map((line) => line.replace(/^y ~/, 'y ~'))
        const once = lines.filter(
          (line, i) => lines.findIndex((other) => other[0] === line[0] && /^[ytnx] /.test(line)) === i || line.startsWith('energy'),
        )
        if (!once.some((line) => /\bx\b/.test(line))) return
        const energy = energyOf(model(['state x[i] : positive', ...once]))
        const found = formsOf(energy).get('x')
        if (found === undefined || !hasForm(found)) throw new Error(`${once.join('; ')}: ${found?.reason}`)
        expect(found.form).toBe(form)
        expect(errorOf(found, energy, { ...sizes, k: 3 }, seed)).toBeLessThan(1e-9)
      }),
      { seed: 73, numRuns: 60 },
    )
  },
  60_000,
)
