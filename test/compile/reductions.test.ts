import { describe, expect, test } from 'vitest'
import { expressionOf } from '../../src/compile/outputs.ts'
import * as ports from '../../src/middle/ports.ts'
import { codesOf, energyOf, run, sizesOf, total } from './models.ts'

const at = (expression: string, x: readonly number[]): number =>
  total(energyOf(`model t\ndata mu[k]\nstate x[k]\nenergy ${expression}\n`), { k: x.length }, { x, mu: [10, 20, 30].slice(0, x.length) })

describe('entropy and argmax', () => {
  test('entropy is in nats, and 0 at a corner', () => {
    expect(at('entropy[k](x)', [0.5, 0.25, 0.25])).toBeCloseTo(1.5 * Math.LN2, 15)
    expect(at('entropy[k](x)', [0, 1, 0])).toBe(0)
    expect(at('entropy[k](x)', [1 / 3, 1 / 3, 1 / 3])).toBeCloseTo(Math.log(3), 15)
  })

  test('argmax is the first of the largest, as an element to pick by and to compare', () => {
    expect(at('mu[argmax[k](x)]', [1, 3, 2])).toBe(20)
    expect(at('mu[argmax[k](x)]', [1, 3, 3])).toBe(20)
    expect(at('mu[argmax[k](x)]', [-Infinity, -Infinity, -1])).toBe(30)
    expect(at('mu[argmax[k](x)]', [-Infinity, -Infinity, -Infinity])).toBe(10)
    expect(codesOf('model t\ndata z : k\ndata mu[k]\nstate x[k]\nenergy mu[z] + where(argmax[k](x) == z, 1, 0)\n')).toEqual([])
  })

  test('a let that is an element counts from 1', () => {
    const energy = energyOf('model t\nstate x[k]\nlet best = argmax[k](x)\nenergy sum[k](x^2)\n')
    const out = run(expressionOf(energy, ports.quantity('best')), sizesOf(energy.axes, { k: 3 }), { x: [1, 5, 2] })
    expect(Object.values(out)[0]?.[0]).toBe(2)
  })

  test('a definition of the same name takes its place', () => {
    expect(total(energyOf('model t\nstate x\ndef entropy(a) = a + 1\nenergy entropy(x)\n'), {}, { x: [3] })).toBe(4)
  })
})
