import { expect, it } from 'vitest'
import { load } from '../../../src/api/load.ts'
import { retrieve } from '../../../src/api/retrieve.ts'
import { must } from '../../../src/base/internal-error.ts'
import { givenOf } from '../../../src/run/inputs.ts'
import { Draw } from '../../compile/models.ts'

const text = `model masked
memory m[pattern, code]
data   V[code, pixel]
param  s : positive
param  sx : positive = 0.1
state  k : pattern
state  z[code] ~ normal(m[k], s)
state  x[pixel] ~ normal(sum[code](V * z), sx)`

const [codes, pixels, patterns] = [8, 24, 6]
const draw = new Draw(11)
const rows = (name: string, n: number, length: number, scale = 1): number[][] =>
  Array.from({ length: n }, (_, i) => draw.normals(`${name}${i}`, length, scale))
const m = rows('m', patterns, codes)
const V = rows('V', codes, pixels, 0.5)
const noise = rows('noise', patterns, pixels, 0.1)
/** What each memory looks like, with its first half covered. */
const seen = m.map((z, k) =>
  Array.from({ length: pixels }, (_, p) =>
    p < pixels / 2 ? null : V.reduce((sum, v, c) => sum + (v[p] as number) * (z[c] as number), noise[k]?.[p] as number),
  ),
)

/** Memories behind a decoder, the mixture made narrower step by step, each from where the one before ended. */
async function annealed(flow: 'auto' | 'fixed-point'): Promise<{ readonly z: readonly (readonly number[])[]; readonly steps: number }> {
  const loaded = must(load({ name: 'masked', text }).value, 'model')
  let z = seen.map(() => new Array<number>(codes).fill(0))
  let steps = 0
  for (const s of [3, 1.5, 0.8, 0.5]) {
    const given = must(givenOf({ memory: { m }, data: { V }, param: { s }, observed: { x: seen }, cue: { z } }).value, 'values')
    const { value, diagnostics } = await retrieve(loaded, given, { flow, probe: false, maxSteps: 200 })
    const { retrievals } = must(value, JSON.stringify(diagnostics))
    steps += retrievals.reduce((sum, r) => sum + r.steps, 0)
    if (flow === 'auto') for (const r of retrievals) expect(r).toMatchObject({ flows: ['exact'], outcome: { kind: 'converged' } })
    z = retrievals.map((r) => [...must(r.states.z, 'z').data])
  }
  return { z, steps }
}

it('covered memories behind a decoder are found by exact steps over codes and pixels, in under a tenth of the steps', async () => {
  const distance = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + (v - (b[i] as number)) ** 2, 0)
  const { z, steps } = await annealed('auto')
  expect(z.map((end) => m.map((own) => distance(end, own)).reduce((best, d, k, all) => (d < (all[best] as number) ? k : best), 0))).toEqual(
    m.map((_, k) => k),
  )
  expect(10 * steps).toBeLessThan((await annealed('fixed-point')).steps)
})
