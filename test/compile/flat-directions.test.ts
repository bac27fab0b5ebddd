import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { flatDirections } from '../../src/compile/flat-directions.ts'

const flat = (text: string, ...known: string[]): readonly string[] =>
  flatDirections(must(load({ name: 'm', text }).value, 'model').energy, undefined, new Set(known)).map((d) =>
    [...d.message.matchAll(/"(\w+)"/g)].map((m) => m[1]).join(' '),
  )

describe('a direction in which the density is flat', () => {
  it.each([
    ['differences alone', 'state x[i]\naxis j = size(i)\nenergy sum[i, j](exp(-(x - x[i -> j])^2))', ['x x']],
    ['two levels that only add up', 'data y[row]\nstate a\nstate b\ny ~ normal(a + b, 1)', ['a b']],
    ['two levels of which only the difference is seen', 'data y[row]\nstate a\nstate b\ny ~ normal(a - b, 1)', ['a b']],
    ['weights of a softmax', 'data z[row] : k\nstate eta[k]\nz ~ categorical_logit(eta)', ['eta eta']],
    ['a level per group and one for all', 'data g[row] : k\ndata y[row]\nstate m\nstate u[k]\ny ~ normal(m + u[g], 1)', ['m u']],
    ['steps of a random walk', 'axis t = 5\nstate x[t]\nenergy sum[t]((x - x[t = t - 1])^2)', ['x x']],
    ['the same as densities, of second order', 'axis t = 6\nstate x[t]\nx ~ normal(2 * x[t = t - 1] - x[t = t - 2], 1)', ['x x']],
    ['neurons of a softmax', readFileSync('models/large_associative_memory/large_associative_memory.amp', 'utf8'), ['h h']],
  ])('reports %s', (_, text, expected) => {
    expect(flat(text)).toEqual(expected)
  })

  it.each([
    ['a prior on one', 'data y[row]\nstate a ~ normal(0, 1)\nstate b\ny ~ normal(a + b, 1)'],
    ['unequal scales', 'data y[row]\nstate a\nstate b\ny ~ normal(a + 2 * b, 1)'],
    ['bounds', 'data y[row]\nstate a : real(lower = 0, upper = 1)\nstate b\ny ~ normal(a + b, 1)'],
    ['a slope', 'data x[row]\ndata y[row]\nstate a\nstate b\ny ~ normal(a + b * x, 1)'],
    ['a level that counts', 'state x[i]\naxis j = size(i)\nenergy sum[i, j](exp(-(x - x[i -> j])^2)) + sum[i](x)^2'],
    ['a slope of a softmax', 'data z[row] : k\nstate eta[k]\nz ~ categorical_logit(eta)\nenergy sum[k](eta^2)'],
    ['a walk that starts somewhere', 'axis t = 5\nstate x[t]\nenergy sum[t]((x - x[t = t - 1 else 0])^2)'],
    ['a lag of another axis', 'axis t = 5\nstate x[t]\nenergy sum[t]((x - x[t = t - 1])^2) + sum[t](x[t = t - 2]^2)'],
    ['a lag, which leaves out the first', 'state x[t] ~ normal(0, 1)\nenergy sum[t](exp(x - x[t = t - 1]))'],
  ])('reports nothing where there is %s', (_, text) => {
    expect(flat(text)).toEqual([])
  })

  it('is none where a part is observed', () => {
    expect(flat('data y[row]\nstate a\nstate b\ny ~ normal(a + b, 1)', 'a')).toEqual([])
  })

  it('is in no model of the gallery but one whose softmax has no level, and one in which only a difference is known until y is observed', () => {
    const files = readdirSync('models').flatMap((name) => {
      try {
        return readdirSync(`models/${name}`)
          .filter((f) => f.endsWith('.amp'))
          .map((f) => `models/${name}/${f}`)
      } catch {
        return []
      }
    })
    const told = files.filter((file) => {
      const loaded = load({ name: file, text: readFileSync(file, 'utf8') }).value
      return loaded !== undefined && flatDirections(loaded.energy).length > 0
    })
    expect(told).toEqual(['models/large_associative_memory/large_associative_memory.amp', 'models/sparse_recovery/refit.amp'])
  })
})
