import { describe, expect, it } from 'vitest'
import { logDensity } from '../../src/api/density.ts'
import { emit } from '../../src/api/emit.ts'
import { energies } from '../../src/api/energy.ts'
import { load } from '../../src/api/load.ts'
import { retrieve } from '../../src/api/retrieve.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import type { UnconstrainedDensity } from '../../src/run/density.ts'
import type { KeptPoint } from '../../src/run/energy.ts'
import { givenOf, type Inputs } from '../../src/run/inputs.ts'
import type { Retrieved } from '../../src/run/retrieval.ts'
import type { Sampled } from '../../src/run/sample.ts'

const text =
  'model m\ndata y[r]\nstate m : positive ~ gamma(2, 1)\nstate x[r] : real(lower = 0)\nenergy sum[r](cosh(x - m - y) + 0.1 * (x - 2)^4)'
const loaded = must(load({ name: 'm.amp', text }).value, 'model')
const inputs: Inputs = { data: { y: [0.5, -3] } }
const given = must(givenOf(inputs).value, 'values')
const asked = { minimise: ['x'] }

async function moduleOf<T>(reading: 'retrieve' | 'sample' | 'energy' | 'density'): Promise<T> {
  const { module } = must((await emit(loaded, reading, asked)).value, 'module')
  return (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as T
}

describe('a module with a minimum that is found step by step does what the library does, bit for bit', () => {
  it('retrieval', async () => {
    const made = await moduleOf<{ retrieve(inputs: Inputs): readonly Retrieved[] }>('retrieve')
    const own = must(made.retrieve(inputs)[0], 'retrieval')
    const library = must((await retrieve(loaded, given, { ...asked, backend: 'kernel' })).value?.retrievals[0], 'retrieval')
    expect(own).toMatchObject({ energy: library.energy, steps: library.steps, outcome: { kind: 'converged' } })
    expect(own.eliminated).toEqual(library.eliminated)
  })

  it('draws', async () => {
    const run = { chains: 1, draws: 20, warmup: 30, seed: 5 }
    const made = await moduleOf<{ sample(inputs: Inputs, options: object): Sampled }>('sample')
    const { value } = await sample(loaded, given, { ...asked, ...run })
    expect(made.sample(inputs, run).draws.chains).toEqual(value?.draws.chains)
  })

  it('energy', async () => {
    const made = await moduleOf<{ energies(inputs: Inputs): readonly KeptPoint[] }>('energy')
    const cue = { m: [0.4, 2] }
    const points = energies(loaded, must(givenOf({ ...inputs, cue }).value, 'values'), asked).value?.points
    expect(made.energies({ ...inputs, cue })).toEqual(points)
    expect(points?.[1]?.energy).not.toBe(points?.[0]?.energy)
  })

  it('density', async () => {
    const made = await moduleOf<{ logDensity(inputs: Inputs): UnconstrainedDensity }>('density')
    const [own, library] = [made.logDensity(inputs), must(logDensity(loaded, given, asked).value, 'density')]
    for (const q of [-1, 0, 2]) {
      const [a, b] = [new Float64Array(1), new Float64Array(1)]
      expect(own.gradient([q], a)).toBe(library.gradient([q], b))
      expect(a).toEqual(b)
    }
  })
})

it('each cue of a retrieval has a minimum of its own, whatever was retrieved before', async () => {
  const many: Inputs = { ...inputs, observed: { m: [0.4, 2, 0.4] } }
  const { value } = await retrieve(loaded, must(givenOf(many).value, 'values'), asked)
  const [first, second, third] = (value?.retrievals ?? []).map((r) => must(r.eliminated.x?.value, 'x').data)
  expect(third).toEqual(first)
  const alone = energies(loaded, must(givenOf({ ...inputs, observed: { m: 2 } }).value, 'values'), asked).value?.points[0]
  expect(second).toEqual(alone?.eliminated.x?.value?.data)
})
