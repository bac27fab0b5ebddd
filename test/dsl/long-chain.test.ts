import { expect, test } from 'vitest'
import { longestInOrder } from '../../src/dsl/check/long-chain.ts'
import { energyOf, total } from '../compile/models.ts'
import { pointed } from './checking.ts'

const count = 2 * longestInOrder + 37
/** 1 to 97 in no simple order. */
const value = (i: number): number => ((i * 61) % 97) + 1
const atX = (energy: string): number => total(energyOf(`state x\nenergy ${energy}\n`), {}, { x: [1] })

test('a long sum adds what is added and subtracts what is subtracted', () => {
  const away = (i: number): boolean => i > 0 && (i * i) % 7 < 3
  const text = Array.from({ length: count }, (_, i) => `${i === 0 ? '' : away(i) ? ' - ' : ' + '}${value(i)} * x`).join('')
  const expected = Array.from({ length: count }, (_, i) => (away(i) ? -value(i) : value(i))).reduce((a, b) => a + b)
  // Whole numbers: exact in any order.
  expect(atX(text)).toBe(expected)
})

test('a long product multiplies and divides', () => {
  const power = (i: number): number => [4, 2, 0.5, 8][i % 4] as number
  const over = (i: number): boolean => i > 0 && i % 5 === 2
  const text = Array.from({ length: count }, (_, i) => `${i === 0 ? '' : over(i) ? ' / ' : ' * '}(${power(i)} * x)`).join('')
  const exponent = Array.from({ length: count }, (_, i) => (over(i) ? -1 : 1) * Math.log2(power(i))).reduce((a, b) => a + b)
  // Powers of two: exact in any order, while they are within the range of numbers.
  expect(Math.abs(exponent)).toBeLessThan(900)
  expect(atX(text)).toBe(2 ** exponent)
})

test.each([
  { word: 'and', usual: 'x > 0', other: 'x > 2', result: [1, 0] },
  { word: 'or', usual: 'x > 2', other: 'x > 0', result: [0, 1] },
])('a long chain of $word sees the one condition that is otherwise', ({ word, usual, other, result }) => {
  const conditions = Array.from({ length: count }, () => usual)
  const chain = (all: readonly string[]): string => `where(${all.join(` ${word} `)}, x, 0)`
  expect(atX(chain(conditions))).toBe(result[0])
  for (const at of [0, 700, count - 1]) expect(atX(chain(conditions.with(at, other)))).toBe(result[1])
})

test('what is wrong in a long chain is said where it stands', () => {
  const text = `state x\nenergy ${'x^2 + '.repeat(count)}wrong - ${'x^2 + '.repeat(count)}x^2\n`
  expect(pointed(text)).toEqual(['AMP201 wrong'])
})
