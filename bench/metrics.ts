import { readFileSync } from 'node:fs'
import { load } from '../src/api/load.ts'
import { type SampleOptions, sample } from '../src/api/sample.ts'
import { must } from '../src/base/internal-error.ts'
import { readNamed } from '../src/cli/files/read.ts'
import { median } from './measure.ts'

/** The least effective sample size of all parameters for 1000 gradients after warm-up, and for a second of processor time in all. */
interface MetricSpeed {
  readonly gradients: number
  readonly second: number
}

export interface MetricsCompared {
  readonly auto: MetricSpeed
  readonly stan: MetricSpeed
}

export const posteriors = [
  ...['eight_schools_noncentered', 'kidscore_momiq', 'logearn_height', 'wells_dist100', 'low_dim_gauss_mix', 'arK', 'garch11'],
  ...['hmm_drive_0', 'gp_regr'],
]

/** The metric by default beside Stan's, in turns: medians over seeds. What is summed out is not counted. */
export async function metricsOf(model: string, seeds = [1, 2, 3]): Promise<MetricsCompared> {
  const found = { auto: [] as MetricSpeed[], stan: [] as MetricSpeed[] }
  for (const seed of seeds) for (const metric of ['auto', 'stan'] as const) found[metric].push(await run(model, { seed, metric }))
  const middle = (speeds: readonly MetricSpeed[]): MetricSpeed => ({
    gradients: median(speeds.map((s) => s.gradients)),
    second: median(speeds.map((s) => s.second)),
  })
  return { auto: middle(found.auto), stan: middle(found.stan) }
}

async function run(model: string, options: SampleOptions): Promise<MetricSpeed> {
  const loaded = must(load({ name: model, text: readFileSync(`models/posteriors/${model}.amp`, 'utf8') }).value, model)
  const fixed = must(readNamed(`models/posteriors/${model}.json`).value, 'data')
  const before = process.cpuUsage()
  const { draws, summary, responsibilities } = must((await sample(loaded, { fixed, observed: [], cues: [] }, options)).value, model)
  const { user, system } = process.cpuUsage(before)
  const gone = new Set(responsibilities.map((r) => r.name))
  const ess = Math.min(...summary.filter((row) => !gone.has(row.name.replace(/\[.*/, ''))).map((row) => row.ess_bulk))
  const gradients = draws.chains.reduce((sum, { columns, statistics }) => {
    const at = columns.indexOf('n_leapfrog__')
    return sum + statistics.reduce((n, x, i) => (i % columns.length === at ? n + x : n), 0)
  }, 0)
  return { gradients: (1000 * ess) / gradients, second: (1e6 * ess) / (user + system) }
}
