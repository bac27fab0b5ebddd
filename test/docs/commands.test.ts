import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { amp } from '../cli/amp.ts'
import { root } from './pages.ts'

/**
 * Every `amp` command of the two front pages runs as it stands, from the top of the project: with few draws where it
 * samples, and with its files written elsewhere. Exit code 2 is a warning about what was found, which those pages show.
 */
const scratch = mkdtempSync(join(tmpdir(), 'amp-commands-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const few = ['--warmup', '10', '--draws', '5', '--chains', '1']

function commandsOf(page: string): readonly string[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n')
  return lines
    .map((l) => l.trim())
    .filter((l) => /^amp (check|retrieve|sample|energy|compile|verify|show|explain) +\S*(M|models)\//.test(l))
}

function wordsOf(command: string): readonly string[] {
  const words = command
    .replaceAll(/(?<= |=)M\//g, 'models/')
    .split(/ +/)
    .slice(1)
  const placed = words.map((word, i) =>
    words[i - 1] === '-o' || words[i - 1] === '--out' ? join(scratch, word.replaceAll('/', '-')) : word,
  )
  return words[0] === 'sample' ? [...placed, ...few] : placed
}

describe.each(['README.md', 'models/README.md'])('%s', (page) => {
  const commands = commandsOf(page)

  test('has commands', () => {
    expect(commands.length).toBeGreaterThan(3)
  })

  test.each(commands)('%s', (command) => {
    const { code, err } = amp(root, wordsOf(command))
    expect(err).not.toContain('error[')
    expect([0, 2]).toContain(code)
  })
})
