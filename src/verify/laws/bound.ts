import { must } from '../../base/internal-error.ts'
import { exp } from '../../base/special/exponential.ts'
import { log as logOf } from '../../base/special/logarithm.ts'
import { gradientGraph } from '../../compile/gradient-graph.ts'
import { volumeOver } from '../../ir/layout.ts'
import type { Energy, Marginalised } from '../../middle/energy.ts'
import { levelsOf } from '../../middle/kinds.ts'
import * as ports from '../../middle/ports.ts'

import { fails, holds, type Law, type LawCheck, skipped } from '../law.ts'
import { type Enumeration, enumerate, levelCount, responsibilitiesOf } from '../levels.ts'
import type { Subject } from '../subject.ts'
import { energyBy, interpreted, type Numbers, streamFor, type Trial } from '../trial.ts'
import { elboBelowEvidence, elboOfDraws } from './fit.ts'
import { normalsBelowEvidence } from './normal-fit.ts'
import { particlesNearEvidence } from './particles.ts'

/** Rounding of sums of up to a hundred configurations, relative to the largest energies among them. */
const TOLERANCE = 1e-9

/**
 * Probabilities q in the place of discrete states (`--relax`): the relaxed energy is minus T times an evidence lower bound, and the
 * gap is a divergence. The posterior p and -T log Z come from going through all configurations of the energy as it was written.
 */
export const boundLaw = {
  number: 6,
  name: 'Bound',
  says: 'relaxed energy = -T log Z + T KL(q || p), so never below -T log Z; at p, if that is a product, the slopes of the rest are those of the sum',
  checks: [divergence(), atThePosterior(), elboOfDraws, elboBelowEvidence, normalsBelowEvidence, particlesNearEvidence],
} as const satisfies Law

function divergence(): LawCheck {
  return {
    name: 'relaxed energy = -T log Z + T KL(q || p)',
    applies: needsRelaxed,
    run(trial) {
      const { energy, states, all } = opened(trial)
      if (all === undefined) return skipped('every case has too many configurations to enumerate, or an infinite energy')
      const q = randomProbabilities(trial, states)
      const found = energyBy(trial, energy, asValues(states, q))
      const expected = all.free + trial.temperature * gapOf(trial, states, q, all)
      if (Math.abs(found.energy - expected) <= TOLERANCE * (found.scale + all.scale)) return holds
      return fails(`the relaxed energy (${namesOf(states)})`, `${expected} (-T log Z = ${all.free})`, found.energy)
    },
  }
}

/** Where p is a product over elements, it is a q: the bound is tight there, and by the envelope theorem so are its slopes. */
function atThePosterior(): LawCheck {
  return {
    name: 'relaxed = summed out at the posterior, with the same slopes',
    applies: (subject) => needsRelaxed(subject) ?? needsSummed(subject),
    run(trial) {
      const { energy, states, all } = opened(trial)
      if (all === undefined) return skipped('every case has too many configurations to enumerate, or an infinite energy')
      const p = new Map(states.map((s) => [s.name, responsibilitiesOf(trial, s, all)]))
      if (gapOf(trial, states, p, all) > TOLERANCE) return skipped('elements depend on each other in the posterior of every case')
      const summed = energyBy(trial, trial.subject.summed)
      const relaxed = energyBy(trial, energy, asValues(states, p))
      if (Math.abs(relaxed.energy - summed.energy) > TOLERANCE * (relaxed.scale + all.scale))
        return fails(`the relaxed energy at the posterior of ${namesOf(states)}`, summed.energy, relaxed.energy)
      const [wanted, found] = [slopesOf(trial, trial.subject.summed, {}), slopesOf(trial, energy, asValues(states, p))]
      for (const [port, slopes] of Object.entries(wanted)) {
        const other = must(found[port], port)
        const size = slopes.reduce((most, v) => Math.max(most, Math.abs(v)), all.scale)
        const at = slopes.findIndex((v, i) => !(Math.abs(v - (other[i] as number)) <= 1e-7 * size) && Number.isFinite(v))
        if (at !== -1) return fails(`the ${port} (element ${at + 1})`, slopes[at] as number, other[at] as number)
      }
      return holds
    },
  }
}

function needsRelaxed({ relaxed }: Subject): string | undefined {
  return relaxed === undefined ? 'there is no discrete state that could be relaxed' : undefined
}

function needsSummed({ relaxed, summed }: Subject): string | undefined {
  const both = (relaxed?.relaxed ?? []).every((r) => summed.marginalised.some((s) => s.name === r.name))
  return both && relaxed?.relaxed.length === summed.marginalised.length ? undefined : 'not all that can be relaxed can be summed out'
}

interface RelaxedTrial {
  readonly energy: Energy
  readonly states: readonly Marginalised[]
  /** Undefined where there are too many configurations, or some are impossible. */
  readonly all: Enumeration | undefined
}

function opened(trial: Trial): RelaxedTrial {
  const energy = must(trial.subject.relaxed, 'relaxed energy')
  const all = enumerate(trial, trial.temperature, energy.relaxed)
  return { energy, states: energy.relaxed, all: all?.energies.every(Number.isFinite) === true ? all : undefined }
}

type Probabilities = ReadonlyMap<string, Float64Array>

/** Of the levels of each element, some of them small. */
function randomProbabilities(trial: Trial, states: readonly Marginalised[]): Probabilities {
  const stream = streamFor(trial, 'probabilities')
  const of = (s: Marginalised): Float64Array => {
    const levels = levelCount(s, trial)
    const weights = Float64Array.from({ length: volumeOver(s.axes, trial.sizes) * levels }, () => exp(4 * stream.uniform()))
    return weights.map((w, i) => {
      const start = i - (i % levels)
      return w / weights.subarray(start, start + levels).reduce((a, b) => a + b, 0)
    })
  }
  return new Map(states.map((s) => [s.name, of(s)]))
}

/** As the relaxed energy reads them: of spins and bits the probability of the upper value. */
function asValues(states: readonly Marginalised[], q: Probabilities): Numbers {
  return Object.fromEntries(
    states.map(({ name, type }) => {
      const all = must(q.get(name), name)
      return [name, levelsOf(type)?.kind === 'values' ? all.filter((_, i) => i % 2 === 1) : all]
    }),
  )
}

/** KL(q || p), summed over all configurations. */
function gapOf(trial: Trial, states: readonly Marginalised[], q: Probabilities, { configurations, energies, free }: Enumeration): number {
  return configurations.reduce((sum, chosen, k) => {
    const log = states.reduce((total, s) => {
      const [levels, own] = [levelCount(s, trial), must(q.get(s.name), s.name)]
      return must(chosen[s.name], s.name).reduce((t, level, site) => t + logOf(own[site * levels + level] as number), total)
    }, 0)
    const weight = exp(log)
    return weight === 0 ? sum : sum + weight * (log + ((energies[k] as number) - free) / trial.temperature)
  }, 0)
}

function slopesOf(trial: Trial, energy: Energy, changed: Numbers): Numbers {
  const { situation, summed } = trial.subject
  const names = new Set(summed.variables.map((v) => v.name))
  const outputs = interpreted(trial, gradientGraph(energy, situation), changed)
  return Object.fromEntries(
    Object.entries(outputs).filter(([port]) => ports.isGradient(port) && names.has(port.slice(ports.gradient('').length))),
  )
}

function namesOf(states: readonly Marginalised[]): string {
  return states.map((s) => s.name).join(', ')
}
