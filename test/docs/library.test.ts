import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { load } from '../../src/api/load.ts'
import { hasErrors } from '../../src/base/diagnostic.ts'
import { blocksOf, root } from './pages.ts'

/** `tsc` checks library.ts under the strictest flags there are. */
test('the example in TypeScript of the README is one that the compiler checks', () => {
  const example = readFileSync(join(import.meta.dirname, 'library.ts'), 'utf8').trimEnd()
  const readme = blocksOf(readFileSync(join(root, 'README.md'), 'utf8'))
  expect(readme.filter(({ language }) => language === 'ts').map(({ text }) => text)).toEqual([example])
})

test('hasErrors says of an answer whether its value is there', () => {
  const [right, wrong] = [load({ name: 'm.amp', text: 'state x ~ normal(0, 1)' }), load({ name: 'm.amp', text: 'state x ~ nurmal(0, 1)' })]
  expect([hasErrors(right), hasErrors(right.diagnostics), right.value === undefined]).toEqual([false, false, false])
  expect([hasErrors(wrong), hasErrors(wrong.diagnostics), wrong.value === undefined]).toEqual([true, true, true])
  // Narrowed by the compiler: without the guard this line has a type error.
  if (!hasErrors(right)) expect(right.value.model.variables.length).toBe(1)
})
