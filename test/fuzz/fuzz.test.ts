import { describe, expect, it } from 'vitest'
import { hugeCount, hugeText } from './hostile.ts'
import { input } from './inputs.ts'
import { putThrough } from './put-through.ts'

/** `npm run fuzz` goes through a million under seed 1; here some of another seed, and the large texts by themselves. */
describe('whatever the text, it is put through the compiler without an exception', () => {
  it('two thousand inputs', { timeout: 300_000 }, () => {
    const stages = new Map<string, number>()
    for (let i = 0; i < 2000; i += 1) {
      const { kind, text } = input(i, 20)
      if (kind === 'huge') continue
      try {
        const stage = putThrough(text)
        stages.set(stage, (stages.get(stage) ?? 0) + 1)
      } catch (error) {
        throw new Error(`input ${i} (${kind}): ${error}\n${typeof text === 'string' ? text : [...text]}`, { cause: error })
      }
    }
    // Some of each, so that the later phases are reached too; hardly any checked text is not lowered.
    expect([...stages.keys()].filter((s) => s !== 'not lowered').sort()).toEqual(['compiled', 'not text', 'refused'])
    expect(stages.get('compiled')).toBeGreaterThan(50)
  })

  it('is always the same text under its number', () => {
    expect(input(7, 3)).toEqual(input(7, 3))
    expect(input(7, 3).text).not.toBe(input(7, 4).text)
  })

  // Generous: a shared machine is several times slower than the second or two that these take.
  it.each(Array.from({ length: hugeCount }, (_, i) => i))('huge text %i', { timeout: 60_000 }, (which) => {
    expect(['not text', 'refused', 'not lowered', 'compiled']).toContain(putThrough(hugeText(which, 'state x ~ normal(0, 1)\n')))
  })

  it('leaves the prototypes of JavaScript alone', () => {
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
