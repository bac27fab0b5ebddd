import { type Checked, checked, made, unmade } from '../base/diagnostic.ts'
import { type Key, keyFromSeed } from '../base/random.ts'
import type { Bound } from '../bind/bound.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import type { Target } from '../middle/executable.ts'
import type { OpenSetting } from '../middle/open.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import * as ports from '../middle/ports.ts'
import { complete, type DrawnParams, type Presets } from './complete.ts'
import type { DrawPrior } from './start-draw.ts'
import { temperatureIn } from './temperature.ts'

/** What is given to a run of one program, made once: graphs are opened with it, and everything else is worked out from it. */
export interface Run<Parts> extends OpenSetting {
  readonly parts: Parts
  /** Cues, observations and labels; its sizes hold those of axes that were made, too. */
  readonly bound: Bound
  readonly temperature: number
  readonly seed: number
  readonly key: Key
  /** What was drawn since it was not given. */
  readonly drawn: DrawnParams
  /** What draws from families, where something may be. */
  readonly draw: DrawPrior | undefined
}

/** A run with values for all that is fixed: given, by default, or drawn. What has none is reported. */
export function beginRun<Parts extends Presets>(
  parts: Parts,
  needed: readonly EnergyVariable[],
  { target, bound, draw }: { readonly target: Target; readonly bound: Bound; readonly draw?: DrawPrior | undefined },
  { seed = defaults.seed, temperature: asked }: Pick<OptionsOf<'sample'>, 'seed' | 'temperature'>,
): Checked<Run<Parts>> {
  const { value, diagnostics } = complete(needed, parts, bound, target, { seed, draw })
  if (value === undefined) return unmade(diagnostics)
  const { sizes } = bound
  const setting = { target, sizes, fixed: value.inputs }
  const said = asked === undefined && parts.temperature !== undefined ? temperatureIn(parts.temperature, setting) : made(asked ?? 1)
  if (said.value === undefined) return unmade([...diagnostics, ...said.diagnostics])
  const temperature = said.value
  const fixed = new Map(value.inputs).set(ports.temperature, Float64Array.of(temperature))
  return checked({ parts, target, bound, sizes, fixed, temperature, seed, key: keyFromSeed(seed), drawn: value.drawn, draw }, diagnostics)
}
