import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fit as fitted } from '../src/api/fit.ts'
import { load } from '../src/api/load.ts'
import { must } from '../src/base/internal-error.ts'
import { readNamed } from '../src/cli/files/read.ts'

/** How near a normal density came to a posterior with reference draws. */
export interface VariationalFigures {
  readonly name: string
  readonly method: string
  readonly elbo: number
  /** The largest error of a mean, in posterior standard deviations. */
  readonly mean: number
  /** The standard deviation that is furthest from its own, as a part of it. */
  readonly sd: number
  /** Of processor time, with all compiling. */
  readonly seconds: number
}

/** By what they are called where reference draws come from. */
const posteriors: Readonly<Record<string, string>> = {
  arK: 'arK-arK',
  logearn_height: 'earnings-logearn_height',
  kidscore_momiq: 'kidiq-kidscore_momiq',
  eight_schools_noncentered: 'eight_schools-eight_schools_noncentered',
  garch11: 'garch-garch11',
  gp_regr: 'gp_pois_regr-gp_regr',
}

const methods = ['mean-field', 'low-rank', 'full-rank', 'laplace', 'pathfinder'] as const

type Moments = ReadonlyMap<string, readonly [mean: number, sd: number]>

export function variational(): readonly VariationalFigures[] {
  return Object.keys(posteriors).flatMap((name) => methods.map((method) => byAmp(name, method)))
}

/** The same by NumPyro's SVI; undefined where there is no Python that has it: `PYTHON` names one. */
export function variationalByNumPyro(): readonly VariationalFigures[] | undefined {
  const command = ['bench/peers/numpyro_svi.py', ...Object.keys(posteriors)]
  const ran = spawnSync(process.env.PYTHON ?? 'python3', command, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (ran.status !== 0 || ran.stdout.trim() === '') return undefined
  return ran.stdout.trim().split('\n').map((line) => {
    const { name, method, elbo, numbers, seconds } = JSON.parse(line) as PeerFit
    return { name, method, elbo, seconds, ...errorsOf(name, new Map(Object.entries(numbers))) }
  }) // biome-ignore format: one thought
}

interface PeerFit extends Pick<VariationalFigures, 'name' | 'method' | 'elbo' | 'seconds'> {
  readonly numbers: Readonly<Record<string, readonly [number, number]>>
}

function byAmp(name: string, method: (typeof methods)[number]): VariationalFigures {
  const before = process.cpuUsage()
  const loaded = must(load({ name, text: readFileSync(`models/posteriors/${name}.amp`, 'utf8') }).value, name)
  const fixed = must(readNamed(`models/posteriors/${name}.json`).value, 'data')
  const starts = method === 'pathfinder' ? 4 : 1
  const { value, diagnostics } = fitted(loaded, { fixed, observed: [], cues: [] }, { method, starts })
  const { elbo, summary } = must(value, JSON.stringify(diagnostics))
  const { user, system } = process.cpuUsage(before)
  return { name, method, elbo, seconds: (user + system) / 1e6, ...errorsOf(name, new Map(summary.map((r) => [r.name, [r.mean, r.sd]]))) }
}

function errorsOf(name: string, found: Moments): Pick<VariationalFigures, 'mean' | 'sd'> {
  const file = `test/data/posteriordb/${posteriors[name]}.reference.json`
  const reference = JSON.parse(readFileSync(file, 'utf8')).summary as Readonly<
    Record<string, { readonly mean: number; readonly sd: number }>
  >
  const shared = Object.entries(reference).flatMap(([key, r]) => {
    const own = found.get(key)
    return own === undefined ? [] : [{ mean: Math.abs(own[0] - r.mean) / r.sd, sd: own[1] / r.sd }]
  })
  const furthest = shared.reduce((worst, { sd }) => (Math.abs(Math.log(sd)) > Math.abs(Math.log(worst)) ? sd : worst), 1)
  return { mean: Math.max(...shared.map((s) => s.mean)), sd: furthest }
}
