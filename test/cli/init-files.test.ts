import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { readInits } from '../../src/cli/init-files.ts'
import { statesOf } from '../../src/middle/situation.ts'
import { amp, codesOf, folderWith } from './amp.ts'

const model =
  'model m\ndata y[row]\naxis k = 2\nstate mu[k] : ordered[k] ~ normal(0, 3)\nstate s : positive ~ exponential(1)\nstate z[row] : k\nlet gap = s\ny ~ normal(mu[z], s)\n'
const folder = folderWith({
  'm.amp': model,
  'd.json': '{"y": [1.2, 0.3, -1.1, 2.0]}',
  'one.json': '{"mu": [-1, 1], "s": 0.5}',
  'each.json': '[{"mu": [-1, 1], "s": 0.5}, {"mu": [-2, 2]}]',
  'uneven.json': '[{"mu": [-1, 1]}, {"mu": [-2, 2, 3]}]',
  'outside.json': '{"mu": [1, -1]}',
  'shape.json': '{"s": [[1, 2]]}',
  'name.json': '{"nu": 1}',
})
const file = (name: string): string => join(folder, name)
const loaded = must(load({ name: 'm.amp', text: model }).value, 'model')
const read = (name: string) => must(readInits([file(name)], statesOf(loaded.energy)).value, 'values')
const short = ['sample', 'm.amp', '--data', 'd.json', '--chains', '2', '--warmup', '50', '--draws', '40', '--report', 'gap', '--quiet']
const run = (...more: string[]) => amp(folder, [...short, ...more])
const json = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'))

describe('files of starts', () => {
  it('hold values for all chains, or a list with one object a chain', () => {
    expect(read('one.json').map((g) => [g.name, g.value])).toEqual([
      ['mu', { kind: 'numbers', shape: [2], data: Float64Array.of(-1, 1) }],
      ['s', { kind: 'numbers', shape: [], data: Float64Array.of(0.5) }],
    ])
    expect(read('each.json').map((g) => [g.name, g.value])).toEqual([
      ['mu', { kind: 'numbers', shape: [2, 2], data: Float64Array.of(-1, 1, -2, 2) }],
      ['s', { kind: 'numbers', shape: [2], data: Float64Array.of(0.5, Number.NaN) }],
    ])
  })

  it.each([
    ['other shapes', 'uneven.json', 'AMP507'],
    ['what the type does not allow', 'outside.json', 'AMP505'],
    ['too many axes', 'shape.json', 'AMP502'],
    ['a file that is not there', 'nothing.json', 'AMP701'],
  ])('are refused for %s', (_, name, code) => {
    const { code: exit, ...ran } = run('--init', name)
    expect(codesOf({ code: exit, ...ran })).toContain(code)
    expect(exit).toBe(1)
  })

  it('may name what the model does not have, with a word about it; options may not', () => {
    expect(codesOf(run('--init', 'name.json', '--workers', '1'))).toContain('AMP709')
    expect(codesOf(run('--init', 'nu=1'))).toContain('AMP720')
  })
})

describe('amp sample --init', () => {
  it('goes on from the last draws of an earlier run', async () => {
    expect(run('--out', 'first.json').code).not.toBe(1)
    const first = json('first.json')
    const inits = read('first.json')
    expect(inits.map((g) => g.name).sort()).toEqual(['mu', 's', 'z'])
    const mu = must(
      inits.find((g) => g.name === 'mu'),
      'mu',
    ).value
    const width = first.draws.names.length
    const last = first.draws.chains.flatMap((c: { values: number[] }) => c.values.slice(-width).slice(0, 2))
    expect(mu).toEqual({ kind: 'numbers', shape: [2, 2], data: Float64Array.from(last) })
    const { code, err } = run('--init', 'first.json', '--out', 'second.json')
    expect([code, err]).not.toContain(1)
    expect(codesOf({ code, out: '', err })).toEqual([])
    const given = {
      fixed: [{ name: 'y', from: 'd', value: { kind: 'numbers', shape: [4], data: Float64Array.of(1.2, 0.3, -1.1, 2) } as const }],
      observed: [],
      cues: inits,
    }
    const here = must((await sample(loaded, given, { chains: 2, warmup: 50, draws: 40, report: ['gap'], seed: 1 })).value, 'draws')
    expect(json('second.json').draws.chains[1].values).toEqual([...must(here.draws.chains[1], 'chain').values])
  })

  it('gives the same file for any number of workers, and is gone on with bit for bit', () => {
    const starts = ['--init', 'each.json', '--init-radius', '0.5']
    for (const workers of ['1', '2']) run(...starts, '--workers', workers, '--out', `w${workers}.json`)
    expect(readFileSync(file('w2.json'), 'utf8')).toBe(readFileSync(file('w1.json'), 'utf8'))
    run(...starts, '--resume', 'w1.json', '--draws', '70', '--out', 'both.json')
    run(...starts, '--draws', '70', '--out', 'once.json')
    expect(json('both.json').draws).toEqual(json('once.json').draws)
    expect(json('both.json').draws).not.toEqual(json('w1.json').draws)
    const changed = run('--init', 'each.json', '--init-radius', '0.6', '--resume', 'w1.json')
    expect(changed.err).toContain('was drawn with --init-radius 0.5, which cannot change')
    expect(codesOf(run('--resume', 'w1.json'))).toEqual(['AMP715'])
  })

  it('goes on bit for bit where params were drawn from their priors', () => {
    writeFileSync(file('p.amp'), 'model p\nparam tau : positive ~ half_normal(1)\nstate a ~ normal(0, tau)\nstate b ~ normal(a, 1)\n')
    const drawn = (...more: string[]) =>
      amp(folder, ['sample', 'p.amp', '--observed', 'b=1', '--chains', '2', '--warmup', '50', '--quiet', ...more])
    const text = drawn('--draws', '30', '--out', 'p1.json').out
    expect(text).toContain(`drawn with seed 1: tau = ${json('p1.json').drawn.tau}.`)
    drawn('--resume', 'p1.json', '--draws', '60', '--workers', '2', '--out', 'p2.json')
    drawn('--draws', '60', '--out', 'p3.json')
    expect(json('p2.json').draws).toEqual(json('p3.json').draws)
    expect(json('p2.json').drawn).toEqual(json('p3.json').drawn)
    // Given as it was drawn, it comes to the same.
    drawn('--draws', '60', '--param', `tau=${json('p1.json').drawn.tau}`, '--out', 'p4.json')
    expect(json('p4.json').draws).toEqual(json('p3.json').draws)
  })
})
