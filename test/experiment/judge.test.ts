import { describe, expect, test } from 'vitest'
import type { Claim, ClaimBound, Measured } from '../../src/experiment/experiment.ts'
import { boundInWords, judge } from '../../src/experiment/judge.ts'

const claim = (bound: ClaimBound, source?: number): Claim => ({
  what: 'a number',
  where: 'page 1',
  bound,
  ...(source === undefined ? {} : { source }),
})

describe('a claim', () => {
  test.each<[string, ClaimBound, number | undefined, Measured | undefined, string]>([
    ['holds at the ends of its interval', { least: 1, most: 2 }, undefined, 2, 'holds'],
    ['misses beyond them', { least: 1, most: 2 }, undefined, 2.001, 'misses'],
    ['misses below', { least: 1 }, undefined, 0.999, 'misses'],
    ['takes the value of an estimate', { most: 1 }, undefined, { value: 0.9, error: 5 }, 'holds'],
    ['misses where there is no number', { most: 1 }, undefined, Number.NaN, 'misses'],
    ['holds within standard errors of the source', { standardErrors: 3 }, 10, { value: 10.59, error: 0.2 }, 'holds'],
    ['misses outside of them', { standardErrors: 3 }, 10, { value: 10.61, error: 0.2 }, 'misses'],
    ['misses where the standard error is unknown', { standardErrors: 3 }, 10, 10, 'misses'],
    ['misses where the standard error is no number', { standardErrors: 3 }, 10, { value: 10, error: Number.NaN }, 'misses'],
    ['is left out where it was not measured', { most: 1 }, undefined, undefined, 'left out'],
  ])('%s', (_, bound, source, measured, verdict) => {
    expect(judge(claim(bound, source), measured)).toBe(verdict)
  })

  test('says its bound', () => {
    const say = (bound: ClaimBound): string => boundInWords(bound, String)
    expect([say({ least: 1 }), say({ most: 2 }), say({ least: 1, most: 2 }), say({ standardErrors: 3 })]).toEqual([
      '>= 1',
      '<= 2',
      '1 to 2',
      'within 3 se',
    ])
  })
})
