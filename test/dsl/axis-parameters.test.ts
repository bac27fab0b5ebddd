import { describe, expect, it, test } from 'vitest'
import { printModel } from '../../src/dsl/print-model.ts'
import { energyOf, modelOf, total } from '../compile/models.ts'
import { pointed } from './checking.ts'

const declared = 'data K[token, head, key]\ndata V[token, head, value]\nstate q[head, key]\n'
const attend = 'def attend[over, along](q, k, v) = sum[over](softmax[over](sum[along](q * k)) * v)\n'
const values = {
  K: [0.3, -1, 0.2, 0.7, 1.2, 0.1, -0.4, 0.5],
  V: [1, 2, 3, 4],
  q: [0.5, -0.25, 1, 0.75],
}
const sizes = { token: 2, head: 2, key: 2, value: 1 }

describe('axes as parameters of a def', () => {
  const written = 'sum[token](softmax[token](sum[key](q * K)) * V)'
  const at = (expression: string, more = attend): number =>
    total(energyOf(`model t\n${declared}${more}energy sum[head, value](index(head) * (${expression}))\n`), sizes, values)

  it('stand for those of a call, by position or by name', () => {
    const right = at(written)
    for (const call of [
      'attend[token, key]',
      'attend[over = token, along = key]',
      'attend[along = key, over = token]',
      'attend[along = key, token]',
    ])
      expect(at(`${call}(q, K, V)`)).toBe(right)
  })

  it('in sizes, shifts, picks and renamings, and through other defs', () => {
    const more = `${attend}def twice[a, b](q) = attend[a, b](q, K, V) * size(a) + sum[a](K[a = a - 1 else 0][b = 1]) + sum[a](index(a) * V[a -> spare][spare -> a][value = 1])\naxis spare = size(token)\n`
    const right = at(`${written} * 2 + sum[token](K[token = token - 1 else 0][key = 1]) + sum[token](index(token) * V[value = 1])`)
    expect(at('twice[token, key](q)', more)).toBeCloseTo(right, 12)
  })

  it('are other axes at each call, and leave the axes of the model alone that are called so', () => {
    const text = 'data x[over]\ndata y[i]\nstate s\ndef total[over](z) = sum[over](z)\nenergy s * total[over](x) + total[i](y)\n'
    expect(total(energyOf(text), { over: 2, i: 2 }, { x: [1, 2], y: [10, 20], s: [1] })).toBe(33)
    expect(printModel(modelOf(text))).toContain('total[over](x)')
  })

  test.each([
    ['energy sum[value](attend[tok, key](q, K, V))', 'AMP303 tok'],
    ['energy sum[value](attend[token](q, K, V))', 'AMP305 attend'],
    ['energy sum[value](attend(q, K, V))', 'AMP305 attend'],
    ['energy sum[value](attend[token, key, head](q, K, V))', 'AMP306 head'],
    ['energy sum[value](attend[under = token, along = key](q, K, V))', 'AMP306 under'],
    ['energy sum[value](attend[over = token, over = key](q, K, V))', 'AMP210 over'],
    ['energy sum[head, value](attend[value, key](q, K, V))', 'AMP304 value'],
    ['energy sum[head](sum[a = key](q))', 'AMP209 a'],
  ])('what does not fit is said where the call is: %s', (line, said) => {
    const text = `${declared}${attend}${line}\n`
    expect(pointed(text)).toContain(said)
  })

  it('and the body is looked at where it is called', () => {
    expect(pointed('data y[i]\nstate x ~ normal(0, 1)\ndef f[a](z) = sum[a](z) + nothing\nenergy f[i](y) * x\n')).toContain(
      'AMP201 nothing',
    )
  })

  it('and have names of their own', () => {
    expect(pointed('state x ~ normal(0, 1)\ndef f[a, a](z) = z\ndef g[b](b) = b\n')).toEqual(['AMP205 a', 'AMP205 b'])
  })
})
