import { counted } from '../base/counted.ts'
import { type Checked, checked, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { type Flagged, type FlaggedOptions, flagged, flaggedOptions, heldIn, rowOfTreatment } from '../middle/options.ts'
import { type Treatment, treatmentsIn } from '../middle/situation.ts'
import type { SampledChain } from '../run/sampling.ts'
import type { SampleCommandOptions } from './sample-options.ts'
import { type ReadRun, readRun } from './saved-run.ts'

/** What draws depend on, all options that have flags: a run that is resumed keeps them. */
export type SampleSettings = FlaggedOptions<'sample'>

export interface SamplePlan {
  readonly settings: SampleSettings
  /** By chain number; empty where nothing is resumed. */
  readonly resume: readonly SampledChain[]
}

/** What is to be run: as the options say, or as the run went that is resumed. */
export function planOf(options: SampleCommandOptions, fingerprint: string): Checked<SamplePlan> {
  const settings = flagged('sample', options)
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
  const now: Readonly<Record<string, unknown>> = flagged('sample', options)
  for (const [flagName, row] of flaggedOptions('sample')) {
    const name = heldIn(flagName, row)
    const before = name === 'treatments' ? treatmentsIn(earlier.settings) : earlier.settings[name]
    if (name === 'draws' || !options.explicit.has(name) || JSON.stringify(before) === JSON.stringify(now[name])) continue
    return `was drawn ${name === 'treatments' ? treatedSo(treatmentsIn(earlier.settings)) : `with ${wordOf(row)} ${String(before)}`}, which cannot change`
  }
  const most = Math.max(0, ...earlier.chains.map((c) => c?.draws.count ?? 0))
  if (options.explicit.has('draws') && options.draws < most)
    return `holds ${counted(most, 'draw')} of a chain already, more than --draws ${options.draws}`
  return undefined
}

/** `with --keep z`. */
function treatedSo(treatments: readonly Treatment[]): string {
  if (treatments.length === 0) return 'with all variables treated by default'
  return `with ${treatments.map(({ kind, name }) => `${wordOf(rowOfTreatment(kind)[1])} ${name}`).join(' ')}`
}

/** `--keep` */
function wordOf({ flag }: Flagged): string {
  return flag.split(' ')[0] ?? flag
}
