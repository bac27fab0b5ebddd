import { expect, it } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import type { Retrieved } from '../../src/run/retrieval.ts'

const y = [1, 2, 3, 4]
const A = [[1, 2], [0, 1], [1, 1], [2, 0]] // biome-ignore format: a matrix

it.each<readonly [string, string, Inputs, { readonly minimise?: readonly string[] }, readonly string[]]>([
  ['a quadratic', 'data A[r, i]\ndata y[r]\nstate x[i] ~ normal(0, 1)\ny ~ normal(sum[i](A * x), 0.5)', { data: { A, y } }, {}, ['exact']],
  ['a formula', 'data y[r]\nstate v : positive ~ inverse_gamma(2, 1)\ny ~ normal(0, sqrt(v))', { data: { y } }, {}, ['exact']],
  [
    'a profile',
    'data y[r]\nstate m ~ normal(0, 1)\nstate x ~ normal(m, 1)\ny ~ normal(x, 0.5)',
    { data: { y } },
    { minimise: ['x'] },
    ['exact'],
  ],
])('a module takes exact steps as the library does: %s', async (_, lines, inputs, options, flows) => {
  const loaded = must(load({ name: 'm.amp', text: `model m\n${lines}` }).value, 'model')
  const { module } = must((await emit(loaded, 'retrieve', options)).value, 'module')
  const made = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as { retrieve(inputs: Inputs): readonly Retrieved[] }
  const [own] = made.retrieve(inputs)
  const { value } = await retrieve(loaded, must(givenOf(inputs).value, 'values'), { ...options, backend: 'kernel' })
  const library = must(value?.retrievals[0], 'retrieval')
  expect(own).toMatchObject({ energy: library.energy, flows: library.flows, outcome: { kind: 'converged' } })
  expect(own).toMatchObject({ steps: library.steps, flows })
  expect(own?.states).toEqual(library.states)
  expect(own?.eliminated).toEqual(library.eliminated)
})

it('takes one step where the diagonal bound is looser than the second derivatives', async () => {
  const lines = 'data x[r]\ndata y[r]\nstate a ~ normal(0, 10)\nstate b ~ normal(0, 10)\ny ~ normal(a + b * x, 0.5)'
  const loaded = must(load({ name: 'm.amp', text: `model m\n${lines}` }).value, 'model')
  const given = must(givenOf({ data: { x: [1, 2, 3, 4, 5], y: [1.1, 2.3, 2.9, 4.2, 5.1] } }).value, 'values')
  const of = async (options: { readonly integrate?: readonly string[] }) =>
    must((await retrieve(loaded, given, options)).value?.retrievals[0], 'retrieval')
  const whole = await of({})
  for (const [gone, left] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    // biome-ignore format: pairs
    const found = await of({ integrate: [gone] })
    expect(found).toMatchObject({ steps: 1, flows: ['exact'], outcome: { kind: 'converged' } })
    expect(found.states[left]?.data[0]).toBeCloseTo(whole.states[left]?.data[0] as number, 9)
  }
})
