import { counted } from '../base/counted.ts'
import { type Checked, checked, diagnostic, made, unmade } from '../base/diagnostic.ts'
import type { SampledChain } from '../run/sample.ts'
import type { SampleCommandOptions } from './commands/sample.ts'
import { type ReadRun, readRun } from './saved-run.ts'

/** The settings that draws depend on: a run that is resumed keeps them. */
const settingNames = [
  'temperature',
  'seed',
  'backend',
  'report',
  'predict',
  'prior',
  'keep',
  'sumOut',
  'chains',
  'draws',
  'warmup',
  'sampler',
  'delta',
  'depth',
  'metric',
  'initRadius',
] as const

export type SampleSettings = Pick<SampleCommandOptions, (typeof settingNames)[number]>

export interface SamplePlan {
  readonly settings: SampleSettings
  /** By chain number; empty where nothing is resumed. */
  readonly resume: readonly SampledChain[]
}

/** What is to be run: as the options say, or as the run went that is resumed. */
export function planOf(options: SampleCommandOptions, fingerprint: string): Checked<SamplePlan> {
  const settings = Object.fromEntries(settingNames.map((name) => [name, options[name]])) as unknown as SampleSettings
  if (options.resume === undefined) return made({ settings, resume: [] })
  const earlier = readRun(options.resume)
  if (earlier.value === undefined) return unmade(earlier.diagnostics)
  const trouble = mismatch(options, earlier.value, fingerprint)
  const { diagnostics } = earlier
  if (trouble !== undefined)
    return unmade([...diagnostics, diagnostic('AMP715', `${options.resume} ${trouble}.`, { place: options.resume })])
  const kept = { ...settings, ...earlier.value.settings } as SampleSettings
  const draws = options.explicit.has('draws') ? options.draws : kept.draws
  return checked({ settings: { ...kept, draws }, resume: earlier.value.chains }, diagnostics)
}

function mismatch(options: SampleCommandOptions, earlier: ReadRun, fingerprint: string): string | undefined {
  if (earlier.fingerprint !== fingerprint) return 'is of another model or of other values'
  for (const name of settingNames) {
    const before = earlier.settings[name]
    if (name === 'draws' || !options.explicit.has(name) || JSON.stringify(before) === JSON.stringify(options[name])) continue
    return `was drawn with --${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} ${String(before)}, which cannot change`
  }
  const most = Math.max(0, ...earlier.chains.map((c) => c?.draws.count ?? 0))
  if (options.explicit.has('draws') && options.draws < most)
    return `holds ${counted(most, 'draw')} of a chain already, more than --draws ${options.draws}`
  return undefined
}
