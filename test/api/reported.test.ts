import { expect, it, test } from 'vitest'
import { emit } from '../../src/api/emit.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { must } from '../../src/base/internal-error.ts'
import type { Inputs } from '../../src/run/inputs.ts'
import type { Retrieved } from '../../src/run/retrieval.ts'
import { given, loadedFrom } from './points.ts'

const text =
  'memory xi[pattern, i]\nstate x[i] : spin\nlet overlap = mean[i](xi * x)\nlet best = argmax[pattern](overlap)\n' +
  'energy -sum[pattern](overlap^2)\n'
const xi = [
  [1, 1, 1, -1, -1, -1],
  [1, -1, 1, -1, 1, -1],
]
const loaded = loadedFrom(text)
const inputs = {
  memory: { xi },
  cue: {
    x: [
      [1, 1, 1, -1, -1, 1],
      [1, -1, 1, -1, 1, 1],
    ],
  },
}

it('evaluates lets where each cue ended; elements count from 1', async () => {
  const found = must((await retrieve(loaded, given(inputs), { report: ['overlap', 'best'] })).value, 'result').retrievals
  const overlaps = found.map(({ states }) => xi.map((row) => row.reduce((sum, m, i) => sum + m * (states.x?.data[i] as number), 0) / 6))
  expect(found.map((r) => [...must(r.reported.overlap, 'overlap').data])).toEqual(overlaps)
  expect(found.map((r) => r.reported.best?.data[0])).toEqual([1, 2])
})

it('reports the same from a module', async () => {
  const { module, declarations } = must((await emit(loaded, 'retrieve', { report: ['overlap'] })).value, 'module')
  expect(declarations).toContain('readonly reported: { readonly "overlap": Tensor<readonly ["pattern"]> }')
  const made = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)
  const there = made.retrieve as (inputs: Inputs) => readonly Retrieved[]
  const here = must((await retrieve(loaded, given(inputs), { report: ['overlap'] })).value, 'result').retrievals
  expect(there(inputs).map((r) => r.reported)).toEqual(here.map((r) => r.reported))
})

it('evaluates lets of a state that each cue observes anew', async () => {
  const model = loadedFrom('state x\nstate y\nlet d = x - y\nenergy (x - 2 * y)^2\n')
  const values = given({ observed: { y: [1, 3] } })
  const found = must((await retrieve(model, values, { report: ['d'] })).value, 'result').retrievals
  for (const [k, y] of [1, 3].entries()) expect(found[k]?.reported.d?.data[0]).toBeCloseTo(y, 7)
})

test('a let of a state that is summed out has no value', async () => {
  const model = loadedFrom('memory xi[pattern]\nstate which : pattern\nstate x ~ normal(xi[which], 1)\nlet mu = xi[which]\n')
  const values = given({ memory: { xi: [0, 5] }, cue: { x: 4 } })
  const { diagnostics } = await retrieve(model, values, { report: ['mu'] })
  expect(diagnostics.map((d) => [d.code, d.message])).toEqual([
    ['AMP713', 'The let "mu" reads "which", which is summed out and so has no value.'],
  ])
  expect((await retrieve(model, values, { report: ['mu'], keep: ['which'] })).value?.retrievals[0]?.reported.mu?.data[0]).toBe(5)
})
