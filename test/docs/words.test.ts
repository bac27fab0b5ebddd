import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from './pages.ts'

/** Words of our own where the field has one: each with what to write instead. In sources, messages and pages alike. */
const instead: readonly (readonly [RegExp, string])[] = [
  [/\btold of\b/i, 'reported'],
  [/\bwarned of\b/i, 'there is a warning'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\b(un)?heeded\b/i, 'used, ignored'],
  [/\b(drawn?|drawing|sampled?) from the front\b/i, 'ancestral sampling'],
  [/\bneeds? to be told\b/i, 'needs'],
  [/\bwhich nobody\b/i, 'say who, or what, in the active voice'],
  [/\bis what is taken\b/i, 'is used'],
  [/\bgo(es)? round in a circle\b/i, 'circular'],
  [/\bamp is wrong\b/i, 'an error in amp'],
]

const files = execFileSync('git', ['ls-files', 'src', 'docs', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(ts|md)$/.test(file))

function linesWith(word: RegExp): readonly string[] {
  return files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, i) => (word.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  )
}

describe('words that have a plainer one', () => {
  test('files are looked through', () => expect(files.length).toBeGreaterThan(300))
  test.each(instead)('%s: %s', (word) => expect(linesWith(word)).toEqual([]))
})
