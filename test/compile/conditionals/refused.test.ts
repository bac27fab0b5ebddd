import { expect, test } from 'vitest'
import { hasForm } from '../../../src/compile/conditionals/conditional.ts'
import { energyOf } from '../models.ts'
import { formsOf } from './held.ts'
import { refused } from './known.ts'

test.each(refused)('$text has no form, and it is said why', ({ text, why }) => {
  const found = formsOf(energyOf(`model m\n${text}`)).get('x')
  expect(found !== undefined && !hasForm(found) ? found.reason : 'a form').toBe(why)
})
