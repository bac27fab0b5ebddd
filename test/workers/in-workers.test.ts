import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { type SampleOptions, sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { givenOf } from '../../src/run/inputs.ts'
import type { inWorkers as InWorkers } from '../../src/workers/index.ts'

/** As `amp-lang/workers` is built: worker threads run what is beside it. */
const built = pathToFileURL(resolve(process.env.AMP_DIST ?? 'dist', 'workers.js')).href
const { inWorkers } = (await import(built)) as { readonly inWorkers: typeof InWorkers }

const model = must(
  load({ name: 'm.amp', text: 'axis i = 20\nstate m ~ normal(0, 2)\nstate x[i] ~ student_t(3, m, 1)\nenergy m^4 / 40' }).value,
  'model',
)
const nothing = must(givenOf({}).value, 'inputs')
const options: SampleOptions = { seed: 3, chains: 3, warmup: 100, draws: 200 }

it('draws in worker threads what one thread draws, and says how far it is', async () => {
  const steps = new Map<number, number>()
  const onProgress: SampleOptions['onProgress'] = ({ chain, step, steps: all }) => steps.set(chain, step / all)
  const there = must((await sample(model, nothing, { ...options, onProgress, runChains: inWorkers({ workers: 2 }) })).value, 'draws')
  const here = must((await sample(model, nothing, options)).value, 'draws')
  expect(there.draws).toEqual(here.draws)
  expect(there.summary).toEqual(here.summary)
  expect([...steps.entries()].sort()).toEqual([[0, 1], [1, 1], [2, 1]]) // biome-ignore format: a table
})

it('ends where the signal says so, with what was drawn', async () => {
  const ending = new AbortController()
  const many = { ...options, draws: 200_000, signal: ending.signal, runChains: inWorkers({ workers: 2 }) }
  // Not before something was drawn, however slow the machine is.
  const onProgress: SampleOptions['onProgress'] = ({ warmingUp }) => {
    if (!warmingUp) ending.abort()
  }
  const { draws, outcomes } = must((await sample(model, nothing, { ...many, onProgress })).value, 'draws')
  expect(outcomes.map((o) => o.kind)).toContain('interrupted')
  expect(draws.chains[0]?.count).toBeGreaterThan(0)
  expect(draws.chains.every((c) => c.count < 200_000)).toBe(true)
})
