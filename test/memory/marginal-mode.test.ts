import { expect, it } from 'vitest'
import { tensor } from '../../src/base/tensor.ts'
import { marginalMode } from '../../src/memory/marginal-mode.ts'
import type { Marginalised } from '../../src/middle/energy.ts'

const posterior = tensor(['unit', 'level of s'], [3, 2], Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.5, 0.5))
const state = (type: Marginalised['type']): Marginalised => ({ name: 's', axes: ['unit'], level: 'level of s', type })

it('gives the likeliest spin, bit or element (from 0) of each, of equal ones the first', () => {
  expect([...marginalMode(state({ kind: 'spin' }), posterior).data]).toEqual([-1, 1, -1])
  expect([...marginalMode(state({ kind: 'bit' }), posterior).data]).toEqual([0, 1, 0])
  expect(marginalMode(state({ kind: 'element', axis: 'k' }), posterior)).toEqual(tensor(['unit'], [3], Float64Array.of(0, 1, 0)))
  const single = tensor(['k'], [4], Float64Array.of(0.1, 0.2, 0.1, 0.6))
  expect(marginalMode({ name: 'z', axes: [], level: 'k', type: { kind: 'element', axis: 'k' } }, single)).toEqual(
    tensor([], [], Float64Array.of(3)),
  )
})
