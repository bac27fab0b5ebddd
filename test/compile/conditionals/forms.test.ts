import { describe, expect, test } from 'vitest'
import { hasForm } from '../../../src/compile/conditionals/conditional.ts'
import type { Sizes } from '../../../src/ir/graph.ts'
import { energyOf } from '../models.ts'
import { errorOf, formsOf } from './held.ts'
import { models } from './known.ts'

describe.each(models)('$name', ({ text, sizes, forms }) => {
  const energy = energyOf(`model m\n${text}`)
  const found = formsOf(energy)

  test('has the forms that are known', () => {
    const said = [...found.values()].map((c) => {
      if (!hasForm(c)) return [c.variable.name, 'none']
      const cut = c.truncated ? 'truncated ' : ''
      const meets = c.mixing.length === 0 ? '' : ` along ${c.mixing.map((m) => m.axis).join(', ')}`
      return [c.variable.name, `${cut}${c.form}${meets}`]
    })
    expect(Object.fromEntries(said)).toEqual(forms)
  })

  test.each(
    [...found.values()].filter(hasForm).map((c) => [c.variable.name, c] as const),
  )('the form of %s says how E changes', (_name, c) => {
    // 1e-9: sums of at most some hundred terms, each with a few roundings.
    for (const seed of [1, 2, 3, 4, 5]) expect(errorOf(c, energy, sizes as Sizes, seed)).toBeLessThan(1e-9)
  })
})

test('bounds of a type count among what its variable depends on', () => {
  const found = formsOf(energyOf('model m\nparam top : positive\nstate x : real(lower = 0, upper = top)\nenergy x^2')).get('x')
  expect(found !== undefined && hasForm(found) ? found.dependsOn : undefined).toEqual(['top'])
})
