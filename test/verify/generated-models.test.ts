import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { verify } from '../../src/api/verify.ts'
import { render } from '../../src/base/render.ts'
import { modelTexts } from '../generators/models.ts'

/** What is wrong with a model, for people; empty where the laws hold. */
async function troubles(text: string, runs: number): Promise<string> {
  const source = { name: 'generated.amp', text }
  const loaded = load(source)
  if (loaded.value === undefined) return `${text}\n${render(loaded.diagnostics, source)}`
  const { value } = await verify(loaded.value, { runs, seed: 7, laws: [1, 2, 3, 6], emit: false, tfjs: false })
  const failing = (value?.laws ?? []).filter((l) => l.status === 'fails')
  return failing.map((l) => [text, `law ${l.number}`, JSON.stringify(l.counterexample), ...(l.shown ?? [])].join('\n')).join('\n')
}

describe('laws over generated models', () => {
  it('hold on random well-formed programs', async () => {
    await fc.assert(
      fc.asyncProperty(modelTexts(), async (text) => {
        expect(await troubles(text, 6)).toBe('')
      }),
      { numRuns: 40, seed: 20240611 },
    )
  })

  it('are generated so that they check without errors', () => {
    const texts = fc.sample(modelTexts(), { numRuns: 300, seed: 5 })
    const broken = texts.filter((text) => load({ name: 'generated.amp', text }).value === undefined)
    expect(broken).toEqual([])
    expect(new Set(texts).size).toBeGreaterThan(200)
  })
})
