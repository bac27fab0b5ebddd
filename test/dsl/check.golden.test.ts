import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { axesCodes } from '../../src/base/codes/axes.ts'
import { namesCodes } from '../../src/base/codes/names.ts'
import { typesCodes } from '../../src/base/codes/types.ts'
import { render } from '../../src/base/render.ts'
import { analyse } from '../../src/dsl/analyse.ts'

/**
 * `CODE-what.amp` and beside it what the checker says of it. Run with UPDATE_GOLDEN=1 to write the texts anew, and then
 * read them: they are what people see.
 */
const folder = new URL('../golden/check/', import.meta.url)
const cases = readdirSync(folder).filter((f) => f.endsWith('.amp'))
const update = process.env.UPDATE_GOLDEN === '1'

describe('what the checker says', () => {
  test.each(cases)('%s', (file) => {
    const source = { name: file, text: readFileSync(new URL(file, folder), 'utf8') }
    const { diagnostics } = analyse(source)
    const text = render(diagnostics, source)
    const golden = new URL(file.replace(/\.amp$/, '.txt'), folder)
    if (update) writeFileSync(golden, text)
    expect(diagnostics.map((d) => d.code)).toContain(file.slice(0, 6))
    expect(text).toBe(readFileSync(golden, 'utf8'))
  })

  test('every code of the checker has a case', () => {
    const seen = new Set(cases.map((f) => f.slice(0, 6)))
    const codes = Object.keys({ ...namesCodes, ...axesCodes, ...typesCodes })
    expect(codes.filter((code) => !seen.has(code))).toEqual([])
  })

  test('no text lies about without its program', () => {
    const texts = readdirSync(folder).filter((f) => f.endsWith('.txt'))
    expect(texts.filter((f) => !existsSync(new URL(f.replace(/\.txt$/, '.amp'), folder)))).toEqual([])
  })
})
