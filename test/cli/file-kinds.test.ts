import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SampleResult } from '../../src/api/sample.ts'
import { readCsvColumns, readCsvMatrix } from '../../src/cli/files/csv.ts'
import { readJsonObject, readJsonValue } from '../../src/cli/files/json.ts'
import { readNpy } from '../../src/cli/files/npy.ts'
import { writeSampled } from '../../src/cli/files/sampled.ts'
import { columnNames, type Draws } from '../../src/inference/draws/draws.ts'

describe('truth in JSON', () => {
  it('is 1 and its opposite 0, alone, in lists and among numbers', () => {
    const data = (text: string): readonly number[] => {
      const { value } = readJsonValue(text, 'x.json', 'x')
      return value?.kind === 'numbers' ? [...value.data] : []
    }
    expect(data('true')).toEqual([1])
    expect(data('false')).toEqual([0])
    expect(data('[true, false, false]')).toEqual([1, 0, 0])
    expect(data('[[true, 0], [2.5, false]]')).toEqual([1, 0, 2.5, 0])
    const named = readJsonObject('{"y": [false, true], "z": true}', 'd.json').value
    expect(named?.map((g) => (g.value.kind === 'numbers' ? [...g.value.data] : []))).toEqual([[0, 1], [1]])
  })
})

describe('infinities in CSV', () => {
  const words = ['inf', '-inf', '+inf', 'Infinity', '-INFINITY', '+Infinity', '-Inf']
  const values = words.map((w) => (w.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY))

  it('keep their sign, in columns and in tables', () => {
    const column = readCsvColumns(`x,y\n${words.map((w, i) => `${w},${i}`).join('\n')}\n`, 'd.csv').value?.[0]?.value
    expect(column).toEqual({ kind: 'numbers', shape: [words.length], data: Float64Array.from(values) })
    expect(readCsvMatrix(`${words.join(',')}\n`, 'd.csv').value).toMatchObject({ data: Float64Array.from(values) })
  })
  it('are not what only begins like them', () => {
    for (const word of ['in', 'info', 'infinite', '- inf', '--inf']) {
      expect(readCsvColumns(`x\n${word}\n`, 'd.csv').value?.[0]?.value.kind, word).toBe('labels')
    }
  })
})

describe('an array of chains of unequal length', () => {
  it('holds each from its own start, and NaN after a shorter one', async () => {
    const names = ['a', ...columnNames('b', [2])]
    const chain = (number: number, count: number): Draws['chains'][number] => ({
      chain: number,
      count,
      values: Float64Array.from({ length: 3 * count }, (_, i) => 100 * number + i),
      columns: [],
      statistics: new Float64Array(0),
    })
    const draws: Draws = {
      variables: [
        { name: 'a', axes: [], shape: [] },
        { name: 'b', axes: ['i'], shape: [2] },
      ],
      names,
      chains: [chain(1, 2), chain(2, 4), chain(3, 3)],
    }
    const path = join(mkdtempSync(join(tmpdir(), 'amp-npy-')), 'draws.npy')
    expect(
      await writeSampled(path, { draws, bound: { labels: {} } } as unknown as SampleResult, {} as Parameters<typeof writeSampled>[2]),
    ).toEqual([])
    const { value } = readNpy(readFileSync(path), path)
    if (value?.kind !== 'numbers') throw new Error('no numbers')
    expect(value.shape).toEqual([3, 4, 3])
    const expected = [1, 2, 3].flatMap((c, k) =>
      Array.from({ length: 12 }, (_, i) => (i < 3 * ([2, 4, 3][k] as number) ? 100 * c + i : Number.NaN)),
    )
    expect([...value.data]).toEqual(expected)
  })
})
