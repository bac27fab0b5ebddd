import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SampleResult } from '../../src/api/sample.ts'
import { cellsOf } from '../../src/cli/files/cells.ts'
import { filesFor, writeSampled } from '../../src/cli/files/sampled.ts'
import { columnNames, type Draws } from '../../src/inference/draws/draws.ts'

const variables = [
  { name: 'mu', axes: [], shape: [] },
  { name: 'beta', axes: ['arm'], shape: [3] },
  { name: 'x', axes: ['k', 'arm'], shape: [2, 3] },
  { name: 'z', axes: ['k'], shape: [2] },
]
const names = variables.flatMap((v) => columnNames(v.name, v.shape))
const draws: Draws = {
  variables,
  names,
  chains: [{ chain: 0, count: 1, values: Float64Array.from(names, (_, i) => i), columns: ['lp__'], statistics: Float64Array.of(-1) }],
}
const labels = { arm: ['treated', 'a, "b" [c]', 'control'] }
const result = { draws, bound: { labels }, tuning: [] } as unknown as SampleResult
const run = { model: 'm', seed: 1, warmup: 0, draws: 1 } as Parameters<typeof writeSampled>[2]
const fileIn = (name: string): string => join(mkdtempSync(join(tmpdir(), 'amp-labelled-')), name)

describe('files of draws', () => {
  it('name columns by label where an axis has labels, so that every name can be taken apart again', async () => {
    const path = fileIn('draws.csv')
    expect(await writeSampled(path, result, run)).toEqual([])
    const [header = '', values = ''] = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
    const odd = '"a, \\"b\\" [c]"'
    const called = ['mu', 'beta[treated]', `beta[${odd}]`, 'beta[control]', 'x[1,treated]', 'x[2,treated]']
    expect(cellsOf(header)).toEqual(['lp__', ...called, `x[1,${odd}]`, `x[2,${odd}]`, 'x[1,control]', 'x[2,control]', 'z.1', 'z.2'])
    // The same order as without labels: the first index fastest.
    expect(values.split(',').map(Number)).toEqual([-1, 0, 1, 2, 3, 4, 7, 5, 8, 6, 9, 10, 11])
  })

  it('say beside an array what its dimensions mean', async () => {
    const path = fileIn('draws.npy')
    expect(await writeSampled(path, result, run)).toEqual([])
    const beside = path.replace('.npy', '.coords.json')
    expect(filesFor(path, 1)).toEqual([path, beside])
    const said = JSON.parse(readFileSync(beside, 'utf8'))
    expect(said.dims).toEqual(['chain', 'draw', 'name'])
    expect(said.coords.name).toHaveLength(names.length)
    expect(said.coords.name.slice(0, 3)).toEqual(['mu', 'beta[treated]', 'beta["a, \\"b\\" [c]"]'])
    expect(said.coords.name.at(-1)).toBe('z[2]')
    expect(said.variables[2]).toEqual({ name: 'x', axes: ['k', 'arm'], shape: [2, 3], columns: [4, 10] })
    expect(said.labels).toEqual(labels)
  })

  it('write nothing beside what is no file', () => {
    expect(filesFor('/dev/null', 1)).toEqual(['/dev/null'])
    expect(existsSync('/dev/null.coords.json')).toBe(false)
  })
})
