import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type Verification, verify } from '../../src/api/verify.ts'
import { must } from '../../src/base/internal-error.ts'

const folder = 'test/language'
/** These say themselves, as diagnostics, what they cannot do yet. */
const refused = new Set(['dp_memory.amp', 'habituation.amp'])
const files = readdirSync(folder).filter((f) => f.endsWith('.amp') && !refused.has(f))

async function verified(text: string, runs: number, numbers?: readonly number[]): Promise<Verification> {
  const loaded = load({ name: 'model.amp', text })
  const options = { runs, seed: 1, tfjs: false, sbc: 256, ...(numbers === undefined ? {} : { laws: numbers }) }
  return must((await verify(must(loaded.value, JSON.stringify(loaded.diagnostics)), options)).value, 'verification')
}

describe('the laws hold', () => {
  it.each(files)('of %s', async (file) => {
    const { laws } = await verified(readFileSync(join(folder, file), 'utf8'), 6)
    expect(laws.map((l) => ({ law: l.number, counterexample: l.counterexample, shown: l.shown }))).toEqual(
      laws.map((l) => ({ law: l.number, counterexample: undefined, shown: undefined })),
    )
    // Duality, gradient and descent have something to say about every model.
    expect(laws.slice(0, 3).map((l) => l.status)).toEqual(['holds', 'holds', 'holds'])
  })
})

describe('what does not apply is said', () => {
  it('where a reading is missing', async () => {
    const { laws, missing } = await verified('model improper\nstate x\nstate y\nenergy x^4\n', 4)
    expect(missing).toEqual([{ reading: 'sampling', why: expect.stringContaining('The density of "y" cannot be normalised') }])
    expect(laws.find((l) => l.number === 1)?.status).toBe('not applicable')
    expect(laws.find((l) => l.number === 1)?.why).toContain('there is no sampling')
    expect(laws.find((l) => l.number === 3)?.status).toBe('holds')
  })

  it('where E is never finite', async () => {
    const { laws } = await verified('model nowhere\nstate x : positive\nenergy log(-x) + x\n', 4, [2])
    expect(laws[0]?.status).toBe('not applicable')
    expect(laws[0]?.why).toMatch(/^E was not finite in any of \d+ random cases/)
  })

  it('where there is no mixture', async () => {
    const { laws } = await verified('model plain\nstate x ~ normal(0, 1)\nstate y ~ student_t(3, x, 1)\n', 4, [7])
    expect(laws[0]?.checks[0]).toMatchObject({ status: 'not applicable', why: 'no discrete state was summed out' })
  })

  it('which cases were left out', async () => {
    const { laws } = await verified('model half\nstate x\nenergy square(x) + where(x > 1, inf, 0)\n', 12, [2])
    expect(laws[0]?.status).toBe('holds')
    expect(laws[0]?.leftOut).toBeGreaterThan(0)
  })
})
