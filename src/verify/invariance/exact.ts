import { exp } from '../../base/special/exponential.ts'
import type { DiscreteField } from '../../inference/samplers/gibbs.ts'
import { gibbs } from '../../inference/samplers/gibbs.ts'
import { fails, holds, type LawCheck, skipped } from '../law.ts'
import { elementName } from '../scene.ts'
import { energyBy, type Trial } from '../trial.ts'
import { fieldsOf, keptSampling } from './sampling.ts'

/** More joint states than this are not enumerated; smaller cases of the same model are. */
const MOST = 128

/**
 * Every discrete state is kept. With all their joint states enumerated, the energy as it was written gives pi in
 * proportion to exp(-E/T); the heat-bath probabilities of each site, from the sampler's own differences of energy, give
 * that site's transition matrix P. pi P = pi for every site, and so for every sweep, whatever its order.
 */
export const exactMoves: LawCheck = {
  name: 'pi P = pi for the exact transition matrix of every Gibbs move',
  applies(subject) {
    if ('why' in subject.sampling) return `there is no sampling: ${subject.sampling.why}`
    const parts = keptSampling(subject)
    return parts === undefined || parts.program.discrete.length === 0 ? 'no discrete state is drawn' : undefined
  },
  run(trial) {
    const parts = keptSampling(trial.subject)
    if (parts === undefined) return skipped('no discrete state is drawn')
    const fields = fieldsOf(trial, parts)
    const states = statesOf(fields)
    if (states === undefined) return skipped('every case has too many joint states to enumerate')
    const { pi, scale } = boltzmannOf(trial, fields, states)
    if (pi === undefined) return skipped('E is infinite in some states')
    const algorithm = gibbs(fields, { temperature: trial.temperature })
    for (const [f, field] of fields.entries()) {
      for (let site = 0; site < field.values.length; site += 1) {
        const after = moved(fields, states, pi, (p) => algorithm.conditional(field, site, p), algorithm.refresh, f, site)
        const at = after.findIndex((p, k) => !(Math.abs(p - (pi[k] as number)) <= 1e-12 * scale))
        if (at < 0) continue
        const axes = parts.program.discrete[f]?.axes ?? []
        const what = `the probability of ${shown(fields, states[at] as Float64Array)} after a move of ${elementName(field.name, axes, trial.sizes, site)}`
        return fails(what, pi[at] as number, after[at] as number)
      }
    }
    return holds
  },
}

/** All joint states, the values of all fields one after the other; undefined where there are too many. */
function statesOf(fields: readonly DiscreteField[]): readonly Float64Array[] | undefined {
  const sites = fields.flatMap((f) => Array.from(f.values, () => f.levels))
  const total = sites.reduce((n, levels) => n * levels.length, 1)
  if (!(total <= MOST)) return undefined
  return Array.from({ length: total }, (_, k) => {
    let rest = k
    return Float64Array.from(sites, (levels) => {
      const level = levels[rest % levels.length] as number
      rest = Math.floor(rest / levels.length)
      return level
    })
  })
}

/** exp(-E/T) of every state, normalised, by the definition of the energy as it was written; no `pi` where some E is not finite. */
function boltzmannOf(trial: Trial, fields: readonly DiscreteField[], states: readonly Float64Array[]) {
  const { subject, temperature } = trial
  const looked = states.map((state) => {
    const values = byField(fields, state)
    return energyBy(trial, subject.energy, Object.fromEntries(fields.map((f, i) => [f.name, values[i] as Float64Array])))
  })
  const scale = 1 + Math.max(...looked.map((e) => e.scale)) / temperature
  if (!looked.every((e) => Number.isFinite(e.energy))) return { scale }
  const least = Math.min(...looked.map((e) => e.energy))
  const weights = looked.map((e) => exp((least - e.energy) / temperature))
  const total = weights.reduce((a, b) => a + b, 0)
  return { scale, pi: Float64Array.from(weights, (w) => w / total) }
}

/** pi P, for the move of one site whose probabilities `conditional` writes for the levels of the present state. */
function moved(
  fields: readonly DiscreteField[],
  states: readonly Float64Array[],
  pi: Float64Array,
  conditional: (p: Float64Array) => void,
  refresh: () => void,
  f: number,
  site: number,
): Float64Array {
  const field = fields[f] as DiscreteField
  const place = fields.slice(0, f).reduce((n, other) => n + other.values.length, 0) + site
  const places = new Map(states.map((s, k) => [s.join(), k]))
  const p = new Float64Array(field.levels.length)
  const after = new Float64Array(states.length)
  for (const [k, state] of states.entries()) {
    for (const [i, values] of byField(fields, state).entries()) fields[i]?.values.set(values)
    refresh()
    conditional(p)
    for (const [l, level] of field.levels.entries()) {
      const to = places.get(state.with(place, level).join()) as number
      after[to] = (after[to] as number) + (pi[k] as number) * (p[l] as number)
    }
  }
  return after
}

/** A joint state as the values of each field. */
function byField(fields: readonly DiscreteField[], state: Float64Array): readonly Float64Array[] {
  const starts = fields.map((_, i) => fields.slice(0, i).reduce((n, f) => n + f.values.length, 0))
  return fields.map((f, i) => state.slice(starts[i], (starts[i] as number) + f.values.length))
}

function shown(fields: readonly DiscreteField[], state: Float64Array): string {
  const all = byField(fields, state).map((values, i) => {
    const { name, levels } = fields[i] as DiscreteField
    // Elements are numbered from 0 inside; two levels from 0 may be a bit's.
    const numbers = [...values].map((v) => v + (levels[0] === 0 && levels.length > 2 ? 1 : 0))
    return `${name} = ${numbers.length === 1 ? numbers[0] : `[${numbers.join(', ')}]`}`
  })
  return all.join(', ')
}
