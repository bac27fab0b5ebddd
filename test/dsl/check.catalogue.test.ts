import { describe, expect, test } from 'vitest'
import { axesCodes } from '../../src/base/codes/axes.ts'
import type { CodeEntry } from '../../src/base/codes/entry.ts'
import { namesCodes } from '../../src/base/codes/names.ts'
import { typesCodes } from '../../src/base/codes/types.ts'
import { codes, diagnose } from './checking.ts'

const rows: readonly (readonly [string, CodeEntry])[] = Object.entries({ ...namesCodes, ...axesCodes, ...typesCodes })
/** Too deep to show: a program of a thousand brackets explains nothing. */
const withoutExample = ['AMP221']

describe('the catalogue shows what each code means', () => {
  test('every row has an example and its fix', () => {
    expect(rows.filter(([, row]) => row.example === undefined || row.fix === undefined).map(([code]) => code)).toEqual(withoutExample)
  })

  test.each(
    rows.filter(([code]) => !withoutExample.includes(code)),
  )('%s: the example has just this wrong, the fix nothing', (code, row) => {
    expect(codes(row.example ?? '')).toEqual([code])
    expect(codes(row.fix ?? '')).toEqual([])
  })

  test.each(rows.filter(([, row]) => row.example !== undefined))('%s: the caret lies within the text, on something', (_, row) => {
    for (const d of diagnose(row.example ?? '')) {
      expect(d.span?.start).toBeLessThan(d.span?.end ?? 0)
      expect(d.span?.end).toBeLessThanOrEqual(row.example?.length ?? 0)
      expect(d.severity).toBe(row.severity)
    }
  })
})
