import { describe, expect, it } from 'vitest'
import { didYouMean, suggest } from '../../src/base/suggest.ts'

describe('suggest', () => {
  const words = ['state', 'data', 'param', 'memory', 'sigma', 'mu']

  it.each([
    ['sate', 'state'],
    ['State', 'state'],
    ['memroy', 'memory'],
    ['parm', 'param'],
    ['sgima', 'sigma'],
    ['um', 'mu'],
  ])('%s was meant to be %s', (slip, meant) => {
    expect(suggest(slip, words)).toBe(meant)
    expect(didYouMean(slip, words)).toBe(`did you mean '${meant}'?`)
  })

  it.each(['x', 'banana', 'q'.repeat(100), '', 'stxtx'])('%j is near nothing', (word) => {
    expect(suggest(word, words)).toBeUndefined()
    expect(didYouMean(word, words)).toBeUndefined()
  })

  it('does not suggest the word itself', () => {
    expect(suggest('mu', ['mu'])).toBeUndefined()
  })

  it('prefers the nearest, then the first', () => {
    expect(suggest('thetas', ['betas', 'theta'])).toBe('theta')
    expect(suggest('rate', ['date', 'gate'])).toBe('date')
  })
})
