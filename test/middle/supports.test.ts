import { describe, expect, test } from 'vitest'
import { signatures } from '../../src/families/tables/signatures.ts'
import type { Kind } from '../../src/middle/kinds/rule.ts'
import { kinds } from '../../src/middle/kinds.ts'
import { isAmong, typeOf } from '../../src/middle/supports.ts'

const every = Object.keys(kinds) as Kind[]

describe('the type that has the values of a support', () => {
  test.each([
    ['normal', { kind: 'real' }],
    ['gamma', { kind: 'positive' }],
    ['exponential', { kind: 'nonnegative' }],
    ['beta', { kind: 'probability' }],
    ['bernoulli', { kind: 'bit' }],
    ['poisson', { kind: 'count' }],
    ['binomial', { kind: 'count' }],
    ['multinomial', { kind: 'count' }],
    ['dirichlet', { kind: 'simplex', axis: 'd' }],
    ['von_mises_fisher', { kind: 'unit', axis: 'd' }],
    ['wishart', { kind: 'covariance', rows: 'd', columns: 'e' }],
    ['lkj_cholesky', { kind: 'cholesky', rows: 'd', columns: 'e', unitRows: true }],
    // No type says where these end, or which of a turn's angles are the same.
    ['uniform', undefined],
    ['pareto', undefined],
    ['von_mises', undefined],
    ['categorical', undefined],
  ] as const)('of %s', (family, type) => expect(typeOf(signatures[family].support, ['d', 'e'])).toEqual(type))

  test('none has spins, which leave out 0, or an interval that no type is named after', () => {
    expect(typeOf({ whole: [-1, 1] }, [])).toBeUndefined()
    expect(typeOf({ interval: [-1, 1] }, [])).toBeUndefined()
  })
})

test.each([
  ['real', ['real', 'positive', 'nonnegative', 'probability', 'spin', 'bit', 'count']],
  ['positive', ['positive']],
  ['nonnegative', ['positive', 'nonnegative', 'probability', 'bit', 'count']],
  ['probability', ['probability', 'bit']],
  ['bit', ['bit']],
  ['count', ['bit', 'count']],
  ['spin', ['spin']],
  ['covariance', ['covariance', 'correlation']],
  ['simplex', ['simplex']],
  ['element', ['element']],
] as const)('all values of these are %s', (other, wanted) => expect(every.filter((kind) => isAmong(kind, other))).toEqual(wanted))
