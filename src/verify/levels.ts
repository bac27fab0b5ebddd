import { must } from '../base/internal-error.ts'
import { exp } from '../base/special/exponential.ts'
import { log } from '../base/special/logarithm.ts'
import { pow } from '../base/special/pow.ts'
import { volumeOver } from '../ir/layout.ts'
import type { Marginalised } from '../middle/energy.ts'
import { levelsOf, levelValue, levelValues } from '../middle/kinds.ts'
import { energyBy, type Trial } from './trial.ts'

/** More joint configurations than this are not enumerated; smaller cases of the same model are. */
const MOST = 100

/** Discrete states, enumerated by brute force through the energy as it was written. */
export interface Enumeration {
  /** One joint choice of levels each: level numbers (from 0) of every site, by state. */
  readonly configurations: readonly Readonly<Record<string, Float64Array>>[]
  /** E of each, nats. */
  readonly energies: Float64Array
  /** exp(-E/T), normalised. */
  readonly weights: Float64Array
  /** -T log of the sum of exp(-E/T), nats. */
  readonly free: number
  readonly scale: number
}

/** `states`: by default those that were summed out. Undefined where there are too many configurations. */
export function enumerate(
  trial: Trial,
  temperature = trial.temperature,
  states: readonly Marginalised[] = trial.subject.summed.marginalised,
): Enumeration | undefined {
  const { subject, sizes } = trial
  const sites = states.map((s) => ({ s, count: volumeOver(s.axes, sizes), levels: levelCount(s, trial) }))
  const total = sites.reduce((n, { count, levels }) => n * pow(levels, count), 1)
  if (!(total <= MOST)) return undefined
  const configurations = Array.from({ length: total }, (_, k) => {
    let rest = k
    return Object.fromEntries(
      sites.map(({ s, count, levels }) => {
        const chosen = Float64Array.from({ length: count }, () => {
          const level = rest % levels
          rest = Math.floor(rest / levels)
          return level
        })
        return [s.name, chosen]
      }),
    )
  })
  const looked = configurations.map((c) => energyBy(trial, subject.energy, valuesOf(states, c), temperature))
  const energies = Float64Array.from(looked, (e) => e.energy)
  const least = Math.min(...energies)
  const unscaled = energies.map((e) => (e === least ? 1 : exp((least - e) / temperature)))
  const sum = unscaled.reduce((a, b) => a + b, 0)
  return {
    configurations,
    energies,
    weights: unscaled.map((w) => w / sum),
    free: least - temperature * log(sum),
    scale: Math.max(...looked.map((e) => (Number.isFinite(e.scale) ? e.scale : 1))),
  }
}

export function levelCount({ name, type }: Marginalised, { sizes }: Trial): number {
  return levelValues(must(levelsOf(type), `levels of ${name}`), sizes).length
}

/** Level numbers as values. */
export function valuesOf(states: readonly Marginalised[], levels: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> {
  return Object.fromEntries(
    states.map((s) => {
      const chosen = must(levels[s.name], s.name)
      return [s.name, chosen.map((level) => levelValue(s.type, level))]
    }),
  )
}

/** p(level) of every site of one state: over its axes and the levels. */
export function responsibilitiesOf(trial: Trial, state: Marginalised, { configurations, weights }: Enumeration): Float64Array {
  const levels = levelCount(state, trial)
  const out = new Float64Array(volumeOver(state.axes, trial.sizes) * levels)
  configurations.forEach((c, k) => {
    must(c[state.name], state.name).forEach((level, site) => {
      out[site * levels + level] = (out[site * levels + level] as number) + (weights[k] as number)
    })
  })
  return out
}
