import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasForm } from '../../../src/compile/conditionals/conditional.ts'
import { energyOf } from '../models.ts'
import { errorOf, formsOf } from './held.ts'
import { kinks, model, parts, product, sizes } from './quadratic.ts'

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
