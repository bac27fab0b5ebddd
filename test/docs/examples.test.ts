import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { analyse } from '../../src/dsl/analyse.ts'
import { StatementParser } from '../../src/dsl/grammar.ts'
import { type Block, type Page, pages, root } from './pages.ts'
import { Shell } from './shell.ts'

/**
 * What the pages say is tried. An `amp` block checks without a word; one marked `error CODES` or `warning CODES` gives just
 * those codes. A block with a file's name is that file for the commands below it. In a `console` block each `$ command` runs,
 * with exit code 0 unless the fence says `exit=N`, and prints the lines shown.
 */
const written = pages()
const scratch = mkdtempSync(join(tmpdir(), 'amp-docs-'))
const shell = new Shell()
afterAll(() => {
  rmSync(scratch, { recursive: true })
  shell.end()
})

function codesOf(text: string): readonly string[] {
  return analyse({ name: 'example.amp', text }).diagnostics.map((d) => `${d.severity} ${d.code}`)
}

const programs = written.flatMap((page) => page.blocks.filter((b) => b.language === 'amp').map((block) => ({ page, block })))

test('there are programs to try', () => {
  expect(programs.length).toBeGreaterThan(20)
})

test.each(programs.map(({ page, block }) => [`${page.name}:${block.line}`, block] as const))('%s checks as it says', (_, block) => {
  const said = /(error|warning) (AMP\d{3}(?: AMP\d{3})*)/.exec(block.info)
  const codes = (said?.[2] ?? '').split(' ').filter((c) => c !== '')
  expect(codesOf(block.text)).toEqual(codes.map((c) => `${said?.[1]} ${c}`))
})

interface Command {
  readonly text: string
  /** Lines of output that must come, in order; `...` stands for any. */
  readonly shown: readonly string[]
}

function commandsOf(block: Block): readonly Command[] {
  const commands: { text: string; shown: string[] }[] = []
  for (const line of block.text.split('\n')) {
    const last = commands.at(-1)
    if (line.startsWith('$ ')) commands.push({ text: line.slice(2), shown: [] })
    else if (last !== undefined && last.shown.length === 0 && last.text.endsWith('\\')) last.text += `\n${line}`
    else if (line.trim() !== '' && line.trim() !== '...') last?.shown.push(line)
  }
  return commands
}

/** Numbers and spacing may change with the samplers; the words, and that there are numbers, may not. */
function shape(line: string): string {
  return line
    .replace(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g, '0')
    .replace(/\s+/g, ' ')
    .replace(/\.\.\.$/, '')
    .trim()
}

function expectShown(output: string, shown: readonly string[], where: string): void {
  const lines = output.split('\n').map(shape)
  let from = 0
  for (const line of shown) {
    const wanted = shape(line)
    const at = lines.findIndex((l, i) => i >= from && (line.trimEnd().endsWith('...') ? l.startsWith(wanted) : l === wanted))
    expect(at, `${where} shows "${line}", but the command printed\n${output}`).toBeGreaterThanOrEqual(0)
    from = at + 1
  }
}

/** What `npm install amp-lang` would leave there, of the build that is being tested. */
function installLibrary(folder: string): void {
  const at = join(folder, 'node_modules', 'amp-lang')
  mkdirSync(at, { recursive: true })
  writeFileSync(join(at, 'package.json'), '{ "type": "module", "exports": { ".": "./index.js", "./*": "./*.js" } }')
  for (const name of ['index.js', 'verify.js', 'experiment.js']) {
    writeFileSync(join(at, name), `export * from '${pathToFileURL(join(root, process.env.AMP_DIST ?? 'dist', 'library', name))}'\n`)
  }
  writeFileSync(join(at, 'disk.js'), `export * from '${pathToFileURL(join(root, process.env.AMP_DIST ?? 'dist', 'disk.js'))}'\n`)
}

function runPage(page: Page): void {
  const folder = join(scratch, page.name)
  mkdirSync(folder)
  symlinkSync(join(root, 'models'), join(folder, 'models'))
  installLibrary(folder)
  for (const block of page.blocks) {
    const file = /(?:^| )([\w-]+\.(?:amp|json|csv|mjs))/.exec(block.info)?.[1]
    if (file !== undefined) writeFileSync(join(folder, file), `${block.text}\n`)
    if (block.language !== 'console') continue
    const exit = Number(/exit=(\d+)/.exec(block.info)?.[1] ?? 0)
    for (const command of commandsOf(block)) {
      const where = `${page.name}:${block.line} $ ${command.text}`
      const { code, out, err } = shell.run(folder, command.text)
      const output = `${out}\n${err}`
      expect(code, `${where}\n${output}`).toBe(exit)
      expectShown(output, command.shown, where)
    }
  }
}

describe('commands', () => {
  const withCommands = written.filter((p) => p.blocks.some((b) => b.language === 'console'))
  test('some page has commands', () => expect(withCommands.map((p) => p.name)).toContain('tour.md'))
  test.each(withCommands.map((p) => [p.name, p] as const))('of %s do what the page says', (_, page) => runPage(page))
})

test('the grammar in words has the rules of the parser', () => {
  const grammar = written.find((p) => p.name === 'language.md')?.blocks.find((b) => b.language === 'ebnf')?.text ?? ''
  const described = [...grammar.matchAll(/^([a-z]\w*) +=/gm)].map((m) => m[1])
  const real = Object.keys(new StatementParser().getGAstProductions())
  expect([...described].sort()).toEqual([...real].sort())
})

test('links between pages lead somewhere', () => {
  const names = new Set(written.map((p) => p.name))
  for (const page of written) {
    for (const [, target] of page.text.matchAll(/\]\(([\w-]+\.(?:md|html))(?:#[\w-]+)?\)/g)) expect(names, page.name).toContain(target)
  }
})

test('files of the project that pages name are there', () => {
  for (const page of written) {
    const named = [...page.text.matchAll(/`((?:src|test|scripts|models|docs)\/[\w./-]+)`/g)].map((m) => m[1] ?? '')
    for (const path of named.filter((p) => !/[A-Z]{4}/.test(p))) expect(existsSync(join(root, path)), `${page.name}: ${path}`).toBe(true)
  }
})

test('the pages made from tables are not stale', () => {
  const result = spawnSync(process.execPath, [join(root, 'scripts', 'docs.mjs'), '--check'], { encoding: 'utf8' })
  expect(result.stderr).toBe('')
  expect(result.status).toBe(0)
})
