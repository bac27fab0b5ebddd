import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { dataCodes } from '../../src/base/codes/data.ts'
import type { CodeEntry } from '../../src/base/codes/entry.ts'
import { optionsCodes } from '../../src/base/codes/options.ts'
import { catalogue } from '../../src/base/codes.ts'
import { type Diagnostic, hasErrors } from '../../src/base/diagnostic.ts'
import { givenOf, type Inputs, type Value } from '../../src/run/inputs.ts'
import { root } from './pages.ts'

/** The examples of the codes that a model alone does not provoke: they come with data, or are commands. */
const dataRows: readonly (readonly [string, CodeEntry])[] = Object.entries(dataCodes)
const optionRows: readonly (readonly [string, CodeEntry])[] = Object.entries(optionsCodes)

/** `# --data {"y": 1}` under a model: what it is given. */
function inputsOf(text: string): Inputs {
  const inputs: Record<string, Record<string, Value>> = {}
  for (const [, option = '', json = ''] of text.matchAll(/^# --(\w+) (.+)$/gm)) inputs[option] = JSON.parse(json)
  return inputs
}

async function said(text: string): Promise<readonly Diagnostic[]> {
  const loaded = load({ name: 'example.amp', text })
  const given = givenOf(inputsOf(text))
  const before = [...loaded.diagnostics, ...given.diagnostics]
  if (loaded.value === undefined || given.value === undefined || hasErrors(before)) return before
  const result = await sample(loaded.value, given.value, { chains: 1, draws: 2, warmup: 2 })
  return [...before, ...result.diagnostics]
}

test('every code of data and options has an example and its fix', () => {
  const bare = [...dataRows, ...optionRows].filter(([, row]) => row.example === undefined || row.fix === undefined)
  expect(bare.map(([code]) => code)).toEqual([])
})

test.each(dataRows)('%s: the example has just this wrong, the fix nothing', async (code, row) => {
  expect((await said(row.example ?? '')).map((d) => d.code)).toEqual([code])
  expect((await said(row.fix ?? '')).map((d) => d.code)).toEqual([])
})

test('every code is raised somewhere', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (f) => f.endsWith('.ts') && !f.startsWith(join('base', 'codes')),
  )
  const raised = new Set(files.flatMap((f) => [...readFileSync(join(root, 'src', f), 'utf8').matchAll(/'(AMP\d{3})'/g)].map((m) => m[1])))
  expect(Object.keys(catalogue).filter((code) => !raised.has(code))).toEqual([])
})

const folder = mkdtempSync(join(tmpdir(), 'amp-catalogue-'))
afterAll(() => rmSync(folder, { recursive: true }))
const bin = join(folder, 'bin')
mkdirSync(bin)
const program = join(root, process.env.AMP_DIST ?? 'dist', 'amp.js')
writeFileSync(join(bin, 'amp'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 })
writeFileSync(join(folder, 'xi.csv'), '1,0\n0,1\n')
writeFileSync(
  join(folder, 'm.amp'),
  `memory xi[pattern, pixel]
param  beta : positive = 8
state  x[pixel]
let    overlap = sum[pixel](xi * x)
energy -logsumexp[pattern](beta * overlap) / beta + sum[pixel](x^2) / 2
`,
)

function run(command: string): { readonly status: number | null; readonly codes: readonly string[]; readonly text: string } {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, NO_COLOR: '1' }
  const { status, stderr, stdout } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env, timeout: 60_000 })
  return { status, codes: [...stderr.matchAll(/(?:error|warning)\[(AMP\d{3})\]/g)].map((m) => m[1] ?? ''), text: stdout + stderr }
}

test.each(optionRows)('%s: the command says so, its fix does not', (code, row) => {
  const example = run(row.example ?? '')
  expect(example.codes, example.text).toEqual([code])
  expect(example.status).toBe(row.severity === 'error' ? 1 : 0)
  const fix = run(row.fix ?? '')
  expect(fix.codes, fix.text).toEqual([])
  // Few draws may be told to be too few (2); the input is right either way.
  expect([0, 2], fix.text).toContain(fix.status)
})
