import { must } from '../../base/internal-error.ts'
import { tensor } from '../../base/tensor.ts'
import { modeFinder } from '../../memory/joint-mode.ts'
import { shapeOf } from '../../memory/layout.ts'
import { marginalMode } from '../../memory/marginal-mode.ts'
import * as ports from '../../middle/ports.ts'
import { fails, holds, type LawCheck, skipped } from '../law.ts'
import { enumerate } from '../levels.ts'
import type { Subject } from '../subject.ts'
import { energyBy, inputAt, interpreted, type Numbers, type Trial } from '../trial.ts'

/** Sums over up to 100 configurations, in another order. */
const TOLERANCE = 1e-9

const needsLevels = ({ summed }: Subject): string | undefined =>
  summed.marginalised.length === 0 ? 'no discrete state was summed out' : undefined

/** -T log of the sum over all levels of the states that were summed out. */
export function marginal(): LawCheck {
  return {
    name: 'summing out = enumerating the levels',
    applies: needsLevels,
    run(trial) {
      const enumerated = enumerate(trial)
      if (enumerated === undefined) return skipped('every case has too many configurations to enumerate')
      const { energy, scale } = energyBy(trial, trial.subject.summed)
      if (!Number.isFinite(enumerated.free)) return skipped('the energy is not finite')
      if (Math.abs(energy - enumerated.free) <= TOLERANCE * (scale + enumerated.scale)) return holds
      const names = trial.subject.summed.marginalised.map((s) => s.name).join(', ')
      return fails(
        `E with ${names} summed out`,
        `${enumerated.free} (-T log of the sum over ${enumerated.energies.length} configurations)`,
        energy,
      )
    },
  }
}

/** The values that retrieval answers of those states have the least energy of all, at any temperature. */
export function jointMode(): LawCheck {
  return {
    name: 'joint mode = the least energy over the levels',
    applies(subject) {
      const missing = needsLevels(subject)
      if (missing !== undefined) return missing
      if ('why' in subject.retrieval) return `there is no retrieval: ${subject.retrieval.why}`
      return subject.retrieval.parts.program.modes === undefined ? 'the joint mode is not known exactly' : undefined
    },
    run(trial) {
      const enumerated = enumerate(trial)
      if (enumerated === undefined) return skipped('every case has too many configurations to enumerate')
      const least = Math.min(...enumerated.energies)
      if (!Number.isFinite(least)) return skipped('the energy is not finite')
      const found = modeOf(trial)
      const { energy, scale } = energyBy(trial, trial.subject.energy, found)
      if (Math.abs(energy - least) <= TOLERANCE * (scale + enumerated.scale)) return holds
      const words = Object.entries(found).map(([name, data]) => `${name} = ${[...data].join(' ')}`)
      return fails(
        `E at the joint mode ${words.join(', ')}`,
        `${least} (the least of ${enumerated.energies.length} configurations)`,
        energy,
      )
    },
  }
}

/** Elements from 0. */
function modeOf(trial: Trial): Numbers {
  const { subject, sizes } = trial
  const { modes = [] } = must('parts' in subject.retrieval ? subject.retrieval.parts : undefined, 'retrieval').program
  if (modes.length === 0) {
    const outputs = interpreted(trial, subject.summed.graph)
    return Object.fromEntries(
      subject.summed.marginalised.map((state) => {
        const axes = [...state.axes, state.level]
        const posterior = tensor(axes, shapeOf(axes, sizes), must(outputs[ports.responsibility(state.name)], state.name))
        return [state.name, marginalMode(state, posterior).data]
      }),
    )
  }
  const drawn = new Set(modes.map((m) => m.name))
  const inputs = modes.flatMap((m) => m.graph.inputs.map((p) => p.name)).filter((name) => !drawn.has(name))
  const fixed = new Map(inputs.map((name) => [name, inputAt(trial, name)]))
  const found = modeFinder(modes, { target: subject.kernel, sizes, fixed }).find({})
  return Object.fromEntries(Object.entries(found).map(([name, t]) => [name, t.data]))
}
