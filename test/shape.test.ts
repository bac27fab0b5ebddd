import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { familyNames } from '../src/families/tables/signatures.ts'

/** What the shape of the sources promises, counted: a limit is lowered when the count falls, and raised only for a reason. */
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))

/** The files whose text has `pattern`. */
function having(pattern: RegExp): readonly string[] {
  return files.filter((file) => pattern.test(readFileSync(join('src', file), 'utf8')))
}

// Of all structural operations this one has a name that nothing else has.
it('names structural operations in at most 20 files', () => {
  expect(having(/\bsolve_lower\b/).length).toBeLessThanOrEqual(20)
})

it('asks tables about operations, not switches, whose default would be a guess', () => {
  expect(having(/switch \((\w+\.)?op\)/).filter((file) => !file.startsWith('dsl/'))).toEqual([])
})

// The law of attention is about one family: mixtures of normals that differ in nothing but their means.
it('asks for a family by its name in no place but one outside families', () => {
  const asked = new RegExp(`(?:[!=]== |case )'(?:${familyNames.join('|')})'`)
  expect(having(asked).filter((file) => !file.startsWith('families/'))).toEqual(['verify/laws/attention.ts'])
})
