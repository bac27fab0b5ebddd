import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { load } from '../../src/api/load.ts'
import { sample } from '../../src/api/sample.ts'
import { must } from '../../src/base/internal-error.ts'
import { readNamed } from '../../src/cli/files/read.ts'
import type { Draws } from '../../src/inference/draws/draws.ts'

/**
 * The nine posteriors of models/posteriors: 4 chains of 1000 + 1000 in one process, tab-separated as the peers print
 * them. Run from the repository root after `node scripts/build.mjs --bench`: node dist/posteriors.js > amp.tsv
 */
const posteriors = [
  'eight_schools_noncentered',
  'kidscore_momiq',
  'logearn_height',
  'wells_dist100',
  'low_dim_gauss_mix',
  'arK',
  'garch11',
  'hmm_drive_0',
  'gp_regr',
]

const [WARMUP, DRAWS] = [1000, 1000]

const chosen = process.argv.slice(2)
console.log(['posterior', 'compile_s', 'warmup_s', 'sampling_s', 'ess_bulk', 'gradients', 'warmup_gradients'].join('\t'))
for (const model of posteriors) if (chosen.length === 0 || chosen.includes(model)) await run(model)

async function run(model: string): Promise<void> {
  const text = readFileSync(`models/posteriors/${model}.amp`, 'utf8')
  const fixed = must(readNamed(`models/posteriors/${model}.json`).value, 'data')
  const settings = { seed: 6, chains: 4, warmup: WARMUP, draws: DRAWS }
  const started = performance.now()
  const loaded = must(load({ name: model, text }).value, model)
  const marks: number[] = []
  const onProgress = () => marks.push(performance.now())
  const given = { fixed, observed: [], cues: [] }
  const { draws, summary, responsibilities } = must(
    (await sample(loaded, given, { ...settings, progressEvery: 1, onProgress })).value,
    model,
  )
  // The same chains once more, for what the warm-up did.
  const again = must((await sample(loaded, given, { ...settings, keepWarmup: true })).value, model).draws
  // Peers do not draw the states that are summed out.
  const summedOut = new Set(responsibilities.map((r) => r.name))
  const ess = Math.min(...summary.filter((row) => !summedOut.has(row.name.replace(/\[.*/, ''))).map((row) => row.ess_bulk))
  const times = [must(marks[0], 'first step') - started, ...phases(marks)].map((ms) => (ms / 1000).toFixed(3))
  console.log([model, ...times, ess.toFixed(0), leapfrogs(draws, 0), leapfrogs(again, 0) - leapfrogs(again, WARMUP)].join('\t'))
}

/** Milliseconds of warm-up and of sampling, over the chains one after the other, from the times at the end of each step. */
function phases(marks: readonly number[]): readonly [number, number] {
  let [warmup, sampling] = [0, 0]
  for (let k = 0; k < marks.length; k += WARMUP + DRAWS) {
    const middle = must(marks[k + WARMUP - 1], 'end of warm-up')
    warmup += middle - must(marks[Math.max(0, k - 1)], 'start')
    sampling += must(marks[k + WARMUP + DRAWS - 1], 'end') - middle
  }
  return [warmup, sampling]
}

/** Leapfrog steps, a gradient each, of the draws from `from` on. */
function leapfrogs({ chains }: Draws, from: number): number {
  return chains.reduce((sum, { columns, statistics }) => {
    const column = columns.indexOf('n_leapfrog__')
    return sum + statistics.reduce((n, x, i) => (i % columns.length === column && i >= from * columns.length ? n + x : n), 0)
  }, 0)
}
