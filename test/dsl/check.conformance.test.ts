import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/dsl/analyse.ts'
import { modelOf } from './checking.ts'

const folder = new URL('../language/', import.meta.url)
const programs = readdirSync(folder).filter((f) => f.endsWith('.amp'))
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8')

describe('the programs of the charter', () => {
  test('are all there', () => expect(programs.length).toBeGreaterThanOrEqual(16))

  test.each(programs)('%s has nothing wrong with it, and no warning', (file) => {
    const { value, diagnostics } = analyse({ name: file, text: textOf(file) })
    expect(diagnostics).toEqual([])
    expect(value?.name).toBe(file.replace('.amp', ''))
  })

  test('hidden_markov: the chain goes over t, and its matrix has both axes', () => {
    const model = modelOf(textOf('hidden_markov.amp'))
    expect(model.axes.map((a) => [a.name, a.size])).toEqual([
      ['t', { kind: 'open' }],
      ['regime', { kind: 'fixed', size: 2 }],
      ['next', { kind: 'same', as: 'regime' }],
    ])
    expect(model.terms.map((t) => (t.kind === 'density' ? [t.name, t.family, t.over, t.left.axes, t.left.element] : t.name))).toEqual([
      ['move', 'dirichlet', ['next'], ['next', 'regime'], undefined],
      ['mu', 'normal', [], ['regime'], undefined],
      ['sigma', 'half_normal', [], [], undefined],
      ['s', 'markov', ['t'], ['t'], 'regime'],
      ['y', 'normal', [], ['t'], undefined],
    ])
  })

  test('random_feature_memory: each use of phi has its own body and the same axes', () => {
    const model = modelOf(textOf('random_feature_memory.amp'))
    const [write, forget] = model.rules
    expect(write?.value.axes).toEqual(['feature'])
    expect(write?.value).toMatchObject({
      kind: 'apply',
      fn: 'add',
      args: [
        { kind: 'variable', name: 'T' },
        { kind: 'call', def: 'phi' },
      ],
    })
    expect(forget?.value).toMatchObject({ fn: 'sub' })
    expect(model.terms).toMatchObject([{ kind: 'energy', name: 'energy', value: { axes: [] } }])
  })

  test('in_context_energy: a let may be called weight, and the renamed target fits x', () => {
    const model = modelOf(textOf('in_context_energy.amp'))
    expect(model.lets.map((l) => [l.name, l.value.axes])).toEqual([
      ['query', ['head_dim']],
      ['keys', ['head_dim', 'token']],
      ['weight', ['token']],
      ['target', ['other']],
    ])
  })

  test('dp_memory: the axis is unbounded and random', () => {
    const [cluster] = modelOf(textOf('dp_memory.amp')).axes
    expect(cluster).toMatchObject({ size: { kind: 'unbounded' }, weights: { family: 'dp', args: [{ kind: 'variable', name: 'alpha' }] } })
  })
})
