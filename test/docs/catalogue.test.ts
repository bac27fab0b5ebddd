import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { dataCodes } from '../../src/base/codes/data.ts'
import type { CodeEntry } from '../../src/base/codes/entry.ts'
import { optionsCodes } from '../../src/base/codes/options.ts'
import { storesCodes } from '../../src/base/codes/stores.ts'
import { catalogue } from '../../src/base/codes.ts'
import { type Diagnostic, hasErrors } from '../../src/base/diagnostic.ts'
import { givenOf, type Inputs, type Value } from '../../src/run/inputs.ts'
import { codesOf } from '../cli/amp.ts'
import { root } from './pages.ts'
import { Shell } from './shell.ts'

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
const shell = new Shell()
afterAll(() => {
  rmSync(folder, { recursive: true })
  shell.end()
})
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
  const ran = shell.run(folder, command)
  return { status: ran.code, codes: codesOf(ran), text: ran.out + ran.err }
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

/** The examples of codes of stores are commands on stores that others made; each has them anew. */
const storeRows: readonly (readonly [string, CodeEntry])[] = Object.entries(storesCodes).filter(([, row]) => row.example !== undefined)
const memory = readFileSync(join(folder, 'm.amp'), 'utf8')
const storeFiles = {
  'one.csv': '1,2\n',
  'zero.csv': '0,2\n',
  'other.amp': memory.replace('beta : positive = 8', 'beta : positive = 9'),
  'ambiguous.amp': 'memory W[a, b]\nstate x[a]\nstate y[b]\nenergy sum[a](x^2) + sum[b](y^2) - sum[a, b](x * W * y)\n',
  'inverse.amp': 'memory total[pixel] = 0\nstate x[pixel]\nenergy sum[pixel]((x - total)^2)\nwrite total = total + 1 / x\n',
}
for (const [name, text] of Object.entries(storeFiles)) writeFileSync(join(folder, name), text)

function newStores(): void {
  for (const name of ['kept.store', 'new.store', 'broken.store']) rmSync(join(folder, name), { recursive: true, force: true })
  cpSync(join(folder, 'first.store'), join(folder, 'kept.store'), { recursive: true })
  cpSync(join(folder, 'first.store'), join(folder, 'broken.store'), { recursive: true })
  truncateSync(join(folder, 'broken.store', 'data.mdb'), 9000)
}

beforeAll(() => {
  expect(run('amp write first.store --model m.amp --observed x=one.csv').status).toBe(0)
})

test.each(storeRows)('%s: the command on a store says so, its fix does not', (code, row) => {
  newStores()
  const example = run(row.example ?? '')
  expect(example.codes, example.text).toEqual([code])
  expect(example.status).toBe(1)
  newStores()
  const fix = run(row.fix ?? '')
  expect(fix.codes, fix.text).toEqual([])
  expect(fix.status, fix.text).toBe(0)
})
