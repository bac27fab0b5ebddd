import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { textCodes } from '../../src/base/codes/text.ts'
import { render } from '../../src/base/render.ts'
import { parse } from '../../src/dsl/parse.ts'

/** Programs with slips, and beside each what is said about it. `npx vitest run test/dsl/parse.golden -u` writes the answers anew: read them. */
const folder = 'test/golden/syntax'
const files = readdirSync(folder).filter((name) => name.endsWith('.amp'))

function diagnose(name: string) {
  const source = { name, text: readFileSync(`${folder}/${name}`, 'utf8') }
  return { source, diagnostics: parse(source).diagnostics }
}

it.each(files)('%s', async (name) => {
  const { source, diagnostics } = diagnose(name)
  await expect(render(diagnostics, source)).toMatchFileSnapshot(`../golden/syntax/${name.replace('.amp', '.txt')}`)
})

it('every syntax code is provoked by one of them', () => {
  const provoked = new Set<string>(files.flatMap((name) => diagnose(name).diagnostics.map(({ code }) => code)))
  // Too many errors and too long a text make no small file; other tests provoke them.
  expect(Object.keys(textCodes).filter((code) => !provoked.has(code))).toEqual(['AMP116', 'AMP118'])
})

const rows = Object.entries<{ example?: string; fix?: string }>(textCodes).filter(([, { example }]) => example !== undefined)

it.each(rows)('the example of %s provokes it, and the fix does not', (code, { example = '', fix = '' }) => {
  expect(parse({ name: '', text: example }).diagnostics.map((d) => d.code)).toEqual([code])
  expect(parse({ name: '', text: fix }).diagnostics).toEqual([])
})
