import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { dataCodes } from '../../src/base/codes/data.ts'
import { learningCodes } from '../../src/base/codes/learning.ts'
import { optionsCodes } from '../../src/base/codes/options.ts'
import { readingsCodes } from '../../src/base/codes/readings.ts'
import { amp, codesOf, folderWith } from './amp.ts'

/**
 * Each file is a command, the files it meets, and what it says on standard error. Run with UPDATE_GOLDEN=1 to write the
 * last part anew, and then read it: it is what people see.
 */
const folder = new URL('../golden/data/', import.meta.url)
const cases = readdirSync(folder)
const update = process.env.UPDATE_GOLDEN === '1'

interface Case {
  /** Environment variables before the command, as in a shell. */
  readonly variables: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly files: Readonly<Record<string, string>>
  /** Everything before what is said. */
  readonly given: string
  readonly said: string
}

function read(file: string): Case {
  const text = readFileSync(new URL(file, folder), 'utf8')
  const end = text.lastIndexOf('=== said')
  const given = text.slice(0, end)
  const [first = '', ...sections] = given.split(/^=== /m)
  const files = sections.map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 1)] as const)
  const words = first.trim().split(' ').slice(1)
  const start = words.indexOf('amp')
  const variables = Object.fromEntries(words.slice(0, start).map((word) => word.split('=') as [string, string]))
  return { variables, command: words.slice(start + 1), files: Object.fromEntries(files), given, said: text.slice(end) }
}

describe('what the command line says of data, readings and options', () => {
  test.each(cases)('%s', (file) => {
    const { variables, command, files, given, said } = read(file)
    const ran = amp(folderWith(files), command, '', variables)
    const found = `=== said, exit ${ran.code}\n${ran.err}`
    if (update) writeFileSync(new URL(file, folder), given + found)
    expect(codesOf(ran)).toContain(file.slice(0, 6))
    expect(found).toBe(update ? found : said)
  })

  test('every code has a case', () => {
    const seen = new Set(cases.map((file) => file.slice(0, 6)))
    const codes = Object.keys({ ...dataCodes, ...readingsCodes, ...learningCodes, ...optionsCodes })
    expect(codes.filter((code) => !seen.has(code))).toEqual([])
  })
})
