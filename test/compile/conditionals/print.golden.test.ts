import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { conditionals } from '../../../src/compile/conditionals/conditional.ts'
import { printConditionals } from '../../../src/compile/conditionals/print.ts'
import { energyOf } from '../models.ts'
import { models, refused } from './known.ts'

/** What `amp show --stage conditionals` prints of the known models. UPDATE_GOLDEN=1 writes it anew; then read it. */
const file = new URL('../../golden/stages/conditionals.txt', import.meta.url)
const update = process.env.UPDATE_GOLDEN === '1'

test('the stage prints each form, what it depends on and its coefficients, or why there is none', () => {
  const texts = [...models, ...refused].map(({ text }) => text)
  const printed = texts.map((text) => `${text}\n=== ${printConditionals(conditionals(energyOf(`model m\n${text}`)))}\n`).join('\n')
  if (update) writeFileSync(file, printed)
  expect(printed).toBe(update ? printed : readFileSync(file, 'utf8'))
})
