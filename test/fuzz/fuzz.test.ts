import { describe, expect, it } from 'vitest'
import { growing, tooLarge } from './hostile.ts'
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

  const stages = ['not text', 'refused', 'not lowered', 'compiled']

  it.each(tooLarge.map((text, i) => [i, text] as const))('too large text %i', (_, text) => {
    expect(stages).toContain(putThrough(text('state x ~ normal(0, 1)\n')))
  })

  // Four times the text takes four times as long, sixteen times where the time is quadratic; the least of three tries, where one
  // of them was disturbed. What is over in a second is fast enough.
  it.each(growing.map((text, i) => [i, text] as const))('huge text %i takes as long as it is large', (_, text) => {
    const ratio = (): number => {
      const small = secondsOf(() => putThrough(text(1 / 16)))
      const large = secondsOf(() => expect(stages).toContain(putThrough(text(1 / 4))))
      return large < 1 ? 0 : large / small
    }
    expect(ratio() < 8 || ratio() < 8 || ratio() < 8).toBe(true)
  })

  it('leaves the prototypes of JavaScript alone', () => {
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

/** Seconds of CPU time. */
function secondsOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
