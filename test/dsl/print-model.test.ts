import { describe, expect, test } from 'vitest'
import { printModel, printTyped } from '../../src/dsl/print-model.ts'
import { expression, modelOf } from './checking.ts'

describe('printModel', () => {
  test('shows every name with its type, and every expression with its axes', () => {
    const model = modelOf(`model mixture
data  y[row, dim]
axis  cluster = 3 ~ dirichlet(1)
axis  other = size(cluster)
param beta : positive = 2 * 4
state mu[cluster, dim] ~ normal(0, 5)
state z[row] : cluster
state w : real(lower = -beta) ~ normal(0, 1) in (-beta, inf)
state v[dim] with lagrangian sum[dim](v^2) / 2, tau 0.1
let   far = sum[dim]((mu - mu[cluster -> other])^2)
def   half(u) = u / 2
energy pull = half(sum[cluster, other](far)) - w * sum[dim](act(v))
y ~ normal(mu[z], beta) censored (-inf, 9)`)
    expect(printModel(model)).toMatchInlineSnapshot(`
      "model mixture

      axes
        row : size comes with the data
        dim : size comes with the data
        cluster : size 3, weights ~ dirichlet(1)
        other : size of cluster

      variables
        data y[row, dim] : real
        param beta : positive = 2 * 4
        state mu[cluster, dim] : real
        state z[row] : element of cluster
        state w : real(lower = -beta)
        state v[dim] : real with lagrangian sum[dim](v^2) / 2, tau 0.1

      lets
        far = sum[dim]((mu - mu[cluster -> other])^2)   over [cluster, other]

      defs, as called
        half(u) = u / 2   scalar

      terms
        mu ~ normal(0, 5)   over [cluster, dim]
        w ~ normal(0, 1) in (-beta, inf)   scalar
        pull = half(sum[cluster, other](far)) - w * sum[dim](act(v))   scalar
        y ~ normal(mu[cluster = z] over [dim, row], beta) censored (-inf, 9)   over [dim, row]
      "
    `)
  })

  test('parentheses only where the operators need them', () => {
    const data = 'data a\ndata b\ndata c'
    const texts = [
      'a - (b - c)',
      'a - b - c',
      '(a + b) * c',
      'a^b^c',
      '(a^b)^c',
      '-a^2',
      '(-a)^2',
      'a / (b * c)',
      'not a and b',
      'not (a and b)',
      '2^(-a)',
    ]
    for (const text of texts) expect(printTyped(expression(data, text))).toBe(text)
  })

  test('what is printed reads back as the same expression', () => {
    const data = 'data a[i]\ndata b[i, j]\ndata z[row] : i\naxis k = size(i)'
    const texts = [
      'a[z] + sum[i, j](b)',
      'a[i -> k] * a',
      'scan[row](first = 0, next = prev / 2 + a[z])',
      'softmax[j](b) < index(j)',
      'where(a > 0, 1, size(j))',
      'a[i = i - 1]',
    ]
    for (const text of texts) {
      const e = expression(data, text)
      expect(printTyped(expression(data, printTyped(e)))).toBe(printTyped(e))
    }
  })
})
