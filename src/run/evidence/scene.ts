import type { Diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { InitialOptions } from '../../inference/chains/initial.ts'
import type { LogDensity } from '../../inference/density/density.ts'
import { discreteField } from '../../inference/density/discrete-field.ts'
import { count, flatBuffers, fromProgram } from '../../inference/density/program-density.ts'
import { type Restriction, restrict } from '../../inference/density/restrict.ts'
import { configurations, logSumOver } from '../../inference/evidence/enumerate.ts'
import type { DiscreteField } from '../../inference/samplers/gibbs.ts'
import type { Executable } from '../../middle/executable.ts'
import { isUnbounded } from '../../middle/kinds.ts'
import { open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import type { SamplingState } from '../../middle/program.ts'
import { chainStart } from '../chain-start.ts'
import type { Run } from '../run.ts'
import type { SamplingParts } from '../sampling.ts'
import { observedInPart } from '../start.ts'

/** A density of coordinates and discrete values with its numbers, ready to be looked at. */
export interface EvidenceScene {
  readonly run: Run<SamplingParts>
  /** Buffers that all executables work in. */
  readonly shared: Map<string, Float64Array>
  /** Of the free coordinates, at the values that the fields hold: -E/T and the log Jacobian. */
  readonly density: LogDensity
  /** The same of all coordinates, those held included. */
  readonly all: LogDensity
  readonly restriction: Restriction
  readonly initial: InitialOptions
  readonly fields: readonly DiscreteField[]
  /** All values of the states at the coordinates that were looked at last. */
  readonly whole: Executable
  dispose(): void
}

export function openEvidence(run: Run<SamplingParts>, diagnostics: Diagnostic[]): EvidenceScene {
  const { parts, sizes, fixed, target } = run
  const { program } = parts
  const shared = new Map([...fixed, ...flatBuffers(program, sizes)])
  for (const state of program.discrete) shared.set(ports.value(state.name), new Float64Array(count(state.axes, sizes)))
  const whole = open(run, program.graph, shared)
  // Moves of discrete states read the values of continuous ones where the graphs leave them.
  for (const { name } of program.states) shared.set(ports.value(name), must(whole.outputs.get(ports.value(name)), name))
  const stepping = open(run, parts.steps, shared)
  const { restriction, initial, discrete, discreteHeld } = chainStart(run, 0, diagnostics)
  let at = 0
  const fields = program.discrete.map((state) => {
    const field = discreteField(state, target, sizes, shared)
    const held = discreteHeld.get(state.name)
    field.values.fill(must(field.levels[0], 'level'))
    if (held !== undefined && discrete !== undefined)
      held.forEach((h, i) => {
        if (h === 1) field.values[i] = discrete[at + i] as number
      })
    at += field.values.length
    return { ...field, ...(held === undefined ? {} : { held }) }
  })
  const all = fromProgram(program, stepping)
  const density = restrict(all, restriction)
  diagnostics.push(...program.states.flatMap((state, i) => stretched(state, i, run, restriction)))
  return {
    ...{ run, shared, density, all, restriction, initial, fields, whole },
    dispose() {
      whole.dispose()
      stepping.dispose()
    },
  }
}

/** Coordinates of what is observed have a Jacobian of their own, which is no part of the density of the rest. */
function stretched(
  { name, type }: SamplingState,
  i: number,
  { parts, sizes }: Run<SamplingParts>,
  { held }: Restriction,
): readonly Diagnostic[] {
  const lengths = parts.program.states.map((s) => count(s.coordinateAxes, sizes))
  const from = lengths.slice(0, i).reduce((a, b) => a + b, 0)
  const some = held.subarray(from, from + (lengths[i] as number)).includes(1)
  return some && !isUnbounded(type)
    ? [observedInPart(name, 'log Z is over values, and those of a state with bounds are moved in other coordinates')]
    : []
}

/** log of the sum over all discrete values of the density at coordinates. */
export function summedAt({ density, fields }: EvidenceScene): (q: Float64Array) => number {
  const slope = new Float64Array(density.dimension)
  if (fields.length === 0) return (q) => density.evaluate(q, slope)
  return (q) => logSumOver(fields, () => density.evaluate(q, slope))
}

/**
 * The same where it can be computed, and minus infinity elsewhere: far out, differences of large numbers are lost to rounding. `lost`:
 * whether that was so anywhere.
 */
export function boundedAt(scene: EvidenceScene): { readonly log: (q: Float64Array) => number; readonly lost: () => boolean } {
  const sum = summedAt(scene)
  let lost = false
  return {
    lost: () => lost,
    log(q) {
      const value = sum(q)
      if (value < Number.POSITIVE_INFINITY) return value
      lost = true
      return Number.NEGATIVE_INFINITY
    },
  }
}

export function configurationsIn({ fields }: Pick<EvidenceScene, 'fields'>): number {
  return configurations(fields)
}
