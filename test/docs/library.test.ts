import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type Checked, checked, diagnostic, hasErrors } from '../../src/base/diagnostic.ts'
import type { Model } from '../../src/middle/model.ts'
import { blocksOf, root } from './pages.ts'

/** `tsc` checks library.ts under the strictest flags there are. */
test('the example in TypeScript of the README is one that the compiler checks', () => {
  const example = readFileSync(join(import.meta.dirname, 'library.ts'), 'utf8').trimEnd()
  const readme = blocksOf(readFileSync(join(root, 'README.md'), 'utf8'))
  expect(readme.filter(({ language }) => language === 'ts').map(({ text }) => text)).toEqual([example])
})

test('the property test of the library page is one that runs', () => {
  const example = readFileSync(join(import.meta.dirname, 'own-model.test.ts'), 'utf8').trimEnd()
  const page = blocksOf(readFileSync(join(root, 'docs/library.md'), 'utf8'))
  expect(page.filter(({ language }) => language === 'ts').map(({ text }) => text)).toEqual([example])
})

/** The compiler holds these lines: a guard that narrowed nothing would make an error of one of them. */
function narrowed(text: string): readonly (Model | undefined)[] {
  const whole = load({ name: 'm.amp', text })
  const byFlag = whole.ok ? whole.value.model : whole.value
  const { ok, value, diagnostics } = load({ name: 'm.amp', text })
  const apart: Model | undefined = ok ? value.model : value
  const generic = <T>(answer: Checked<T>): T | undefined => (answer.ok ? answer.value : undefined)
  const passedOn = generic(whole)?.model
  if (hasErrors(whole)) return [byFlag, apart, passedOn, whole.value]
  // @ts-expect-error: of what was taken apart, only `ok` narrows the value
  if (!hasErrors(diagnostics)) expect(value.model).toBeDefined()
  return [byFlag, apart, passedOn, whole.value.model]
}

test('an answer narrows by its flag, whole or taken apart, and by hasErrors', () => {
  expect(narrowed('state x ~ normal(0, 1)').map((m) => m?.variables.length)).toEqual([1, 1, 1, 1])
  expect(narrowed('state x ~ nurmal(0, 1)')).toEqual([undefined, undefined, undefined, undefined])
})

test('an answer has a value or an error, never both', () => {
  const warning = diagnostic('AMP224', 'a warning')
  const error = diagnostic('AMP201', 'an error')
  expect(checked(1, [warning])).toEqual({ ok: true, value: 1, diagnostics: [warning] })
  expect(checked(1, [warning, error])).toEqual({ ok: false, diagnostics: [warning, error] })
})

test('hasErrors says of an answer whether its value is there', () => {
  const [right, wrong] = [load({ name: 'm.amp', text: 'state x ~ normal(0, 1)' }), load({ name: 'm.amp', text: 'state x ~ nurmal(0, 1)' })]
  expect([hasErrors(right), hasErrors(right.diagnostics), right.value === undefined]).toEqual([false, false, false])
  expect([hasErrors(wrong), hasErrors(wrong.diagnostics), wrong.value === undefined]).toEqual([true, true, true])
  // Narrowed by the compiler: without the guard this line has a type error.
  if (!hasErrors(right)) expect(right.value.model.variables.length).toBe(1)
})
