import { describe, expect, it } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { type Loaded, load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf, type Inputs, type Value } from '../../src/run/inputs.ts'
import { outOfMemory } from '../../src/run/within-memory.ts'

const loaded = (text: string): Loaded => must(load({ name: 'm.amp', text }).value, 'model')
const given = (inputs: Inputs) => must(givenOf(inputs).value, 'inputs')
const said = (checked: { readonly diagnostics: readonly { readonly code: string; readonly message: string }[] }) =>
  checked.diagnostics.map((d) => `${d.code} ${d.message}`)

describe('sizes that cannot fit are refused by name', () => {
  const large = 'axis n = 1000000000\nstate x[n] ~ normal(0, 1)'

  it.each([sample, retrieve])('by the library: %o', async (read) => {
    expect(said(await read(loaded(large), given({})))).toEqual(['AMP510 "x" would hold 1,000,000,000 numbers (n = 1,000,000,000).'])
    const two = 'axis n = 200000000\nstate x[n] ~ normal(0, 1)\nstate y[n] ~ normal(0, 1)'
    expect(said(await read(loaded(two), given({})))).toEqual(['AMP510 The variables of the model would hold 400,000,000 numbers together.'])
    const pairs = 'axis a = 100000\naxis b = size(a)\nstate x[a] ~ normal(0, 1)\nenergy sum[a, b](exp(-(x - x[a -> b])^2))'
    expect(said(await read(loaded(pairs), given({})))).toEqual([
      'AMP510 A part of the energy varies over 10,000,000,000 combinations of elements (a = 100,000, b = 100,000).',
    ])
  })

  it('by the library, for draws', async () => {
    const one = loaded('state x ~ normal(0, 1)')
    const start = 'AMP510 The draws of all chains do not fit in memory:'
    for (const prior of [false, true]) {
      expect(said(await sample(one, given({}), { draws: 1e11, prior }))).toEqual([
        `${start} 4 chains, 100,000,000,000 draws a chain, 1 number a draw.`,
      ])
      expect(said(await sample(one, given({}), { chains: 1e8, prior }))).toEqual([
        `${start} 100,000,000 chains, 1,000 draws a chain, 1 number a draw.`,
      ])
      expect(said(await sample(one, given({}), { chains: 1e8, draws: 1, prior }))).toEqual([
        `${start} 100,000,000 chains, 1 draw a chain, 1 number a draw.`,
      ])
    }
    const wide = loaded('axis n = 1000000\nstate x[n] ~ normal(0, 1)\nstate z[n] : bit\nz ~ bernoulli(0.5)')
    expect(said(await sample(wide, given({}), { chains: 3 }))).toEqual([
      `${start} 3 chains, 1,000 draws a chain, 2,000,000 numbers a draw.`,
    ])
  })

  it('by an emitted module, for draws', async () => {
    const { module } = must((await emit(loaded('state x ~ normal(0, 1)'), 'sample')).value, 'module')
    const made = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as Record<string, (a: Inputs, b: object) => unknown>
    expect(() => made.sample?.({}, { chains: 1e8 })).toThrow('The draws of all chains do not fit in memory: 100,000,000 chains,')
  })

  it.each(['sample', 'retrieve'] as const)('by an emitted module: %s', async (reading) => {
    const { module } = must((await emit(loaded(large), reading)).value, 'module')
    const made = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as Record<string, (inputs: Inputs) => unknown>
    expect(() => made[reading]?.({})).toThrow('"x" would hold 1,000,000,000 numbers (n = 1,000,000,000).')
  })

  it('and no other exception is taken for one of these', () => {
    expect(() => outOfMemory(new RangeError('Maximum call stack size exceeded'), {})).toThrow('call stack')
    expect(() => outOfMemory(new TypeError('Invalid array length'), {})).toThrow('array length')
    expect(outOfMemory(new RangeError('Array buffer allocation failed'), { a: 2e4, b: 3e4 })[0]?.message).toBe(
      'This run does not fit in memory: b = 30,000, a = 20,000.',
    )
  })
})

describe('an array with a shape', () => {
  it('holds as many numbers as its shape says', () => {
    expect(givenOf({ data: { y: { shape: [2, 3], data: [1, 2, 3, 4, 5] } } }).diagnostics.map((d) => d.message)).toEqual([
      'data.y has the shape 2 x 3, but holds 5 numbers.',
    ])
    expect(givenOf({ data: { y: { shape: [], data: [1] } } }).diagnostics).toEqual([])
  })

  it('is reported where it is nothing at all', () => {
    expect(givenOf({ data: { y: null as unknown as Value } }).diagnostics).toEqual([])
    expect(givenOf({ data: { y: undefined as unknown as Value } }).diagnostics.map((d) => d.code)).toEqual(['AMP506'])
  })
})
