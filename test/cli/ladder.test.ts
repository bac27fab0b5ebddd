import { expect, test } from 'vitest'
import { ladder } from '../../src/cli/ladder.ts'

test.each<[string, string, readonly number[]]>([
  ['s = 3 .. 0.5 in 3 linear', 's', [3, 1.75, 0.5]],
  ['s=8..1 in 4', 's', [8, 4, 2, 1]],
  ['beta = 1 .. 100 in 3 geometric', 'beta', [1, 10, 100]],
  ['h = -1 .. 1 in 5', 'h', [-1, -0.5, 0, 0.5, 1]],
  ['s = 3, 1, .5', 's', [3, 1, 0.5]],
  ['s = 1e-2', 's', [0.01]],
])('%s', (text, name, values) => {
  const found = ladder(text)
  expect(Object.keys(found)).toEqual([name])
  found[name]?.forEach((v, k) => {
    expect(v).toBeCloseTo(values[k] as number, 12)
  })
  expect(found[name]).toHaveLength(values.length)
})

test('has ten values unless said, with equal ratios between numbers above 0', () => {
  const { s = [] } = ladder('s = 5 .. 0.1')
  expect(s).toHaveLength(10)
  expect([s[0], s[9]]).toEqual([5, 0.1])
  for (let k = 2; k < 10; k += 1) expect((s[k] as number) / (s[k - 1] as number)).toBeCloseTo((s[1] as number) / 5, 12)
})

test('adds to the ladders before it, of other names', () => {
  expect(ladder('b = 1, 2', ladder('a = 3, 4'))).toEqual({ a: [3, 4], b: [1, 2] })
  expect(() => ladder('a = 1, 2', ladder('a = 3, 4'))).toThrow('"a" has a ladder already.')
})

test.each([
  '',
  's',
  's =',
  's = 1 ..',
  's = 1 .. x',
  's = 1 .. 2 in 1',
  's = 1 .. 2 in',
  's = 0 .. 2 geometric',
  '= 1',
  's = 1 .. 2 cubic',
  's = 1,,2',
])('"%s" is refused', (text) => {
  expect(() => ladder(text)).toThrow()
})
