import { describe, expect, it } from 'vitest'
import { askedOf } from '../../src/compile/infer.ts'
import { treatments } from '../../src/compile/treat/table.ts'
import { treat } from '../../src/compile/treat.ts'
import { type Asked, situationOf, type Treatment, treatmentKinds, treatmentsIn } from '../../src/middle/situation.ts'
import { energyOf } from './models.ts'

const rbm = energyOf(`
param W[hidden, visible]
state v[visible] : bit
state h[hidden] : bit
energy -sum[hidden, visible](h * W * v)
`)
const mixed = energyOf('param w ~ normal(0, 1)\ndata y\nparam m[k]\nstate z : k\nstate x\ny ~ normal(w + x + m[z], 1)')
const said = (energy: typeof rbm, asked: Asked, reading: Parameters<typeof askedOf>[1] = 'retrieve') =>
  askedOf(energy, reading, asked).diagnostics.map((d) => `${d.code} ${d.message}`)

describe('treatments', () => {
  it('are done in the order of the list, then by name, each once', () => {
    const list: readonly Treatment[] = [
      { kind: 'integrate', name: 'x' },
      { kind: 'sum-out', name: 'z' },
    ]
    const asked = { treatments: list, keep: ['b'], sumOut: ['z', 'a'], minimise: ['c'], relax: ['d'], integrate: ['e'] }
    expect(treatmentsIn(asked).map((t) => `${t.kind} ${t.name}`)).toEqual([
      'integrate x',
      'sum-out z',
      'sum-out a',
      'integrate e',
      'minimise c',
      'relax d',
      'keep b',
    ])
  })

  it('come before what is summed out by default', () => {
    const names = (asked: Asked) => treat(rbm, situationOf(rbm, asked)).value?.marginalised.map((s) => s.name)
    expect(names({})).toEqual(['h'])
    expect(names({ treatments: [{ kind: 'sum-out', name: 'v' }] })).toEqual(['v'])
    expect(names({ keep: ['h'] })).toEqual(['v'])
  })

  it('let params and memories that they eliminate move', () => {
    expect([...situationOf(mixed, { integrate: ['w', 'y'] }).moving].sort()).toEqual(['w', 'x', 'z'])
  })

  it.each(treatmentKinds)('have a row that says what it is of: %s', (kind) => {
    const [wrong, param] = treatments[kind].eliminates ? ['z', 'm'] : ['x', 'w']
    const ask = (name: string) => said(mixed, { treatments: [{ kind, name }] }, 'energy')
    expect(ask(wrong)).toEqual([
      expect.stringMatching(/^AMP716 "[zx]" is not a (discrete state|continuous variable|param or memory with a prior) of the model.$/),
    ])
    expect(ask(param)).toEqual([expect.stringMatching(/^AMP716 "[mw]" is (a param without a prior|not a discrete state of the model)\.$/)])
    expect(ask('y')).toEqual([
      expect.stringMatching(/^AMP716 "y" is (data, which is given|not a (discrete state|param or memory with a prior))/),
    ])
  })

  it('are refused together: unknown, doubled, observed, without meaning in the reading', () => {
    const asked = { sumOut: ['z'], keep: ['z', 'nil'], integrate: ['x'], observed: ['x'], relax: ['z'] }
    expect(said(mixed, asked, 'sample')).toEqual([
      'AMP716 "z" cannot be relaxed by sample: exp(-F/T) over distributions is not the density of the model.',
      'AMP716 "x" is observed, so it cannot be integrated out.',
      'AMP716 "nil" is not a discrete state of the model.',
      'AMP716 "z" cannot be both summed out and relaxed.',
      'AMP716 "z" cannot be both summed out and kept.',
    ])
  })
})
