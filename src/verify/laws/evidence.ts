import { samplingParts } from '../../api/pipeline.ts'
import type { Bound } from '../../bind/bound.ts'
import { treatments } from '../../compile/treat/table.ts'
import { treatAsAsked } from '../../compile/treat.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { Energy } from '../../middle/energy.ts'
import type { Situation, TreatmentKind } from '../../middle/situation.ts'
import type { SamplingParts } from '../../run/sampling.ts'
import { logIntegral, logIntegralOverPlane } from '../quadrature.ts'
import { openScene } from '../scene.ts'
import type { Subject } from '../subject.ts'
import { energyBy, type Trial } from '../trial.ts'

/** What quadrature leaves out, relative to the magnitudes of the terms. */
export const QUADRATURE = 1e-7

/** The values of a case as they are given to a run. */
export function boundOf({ subject: { energy, situation }, example }: Trial): Bound {
  const values = Object.entries(example.values)
  const given = values.filter(([name]) => !situation.moving.has(name) && !situation.observed.has(name))
  const observed = values.filter(([name]) => situation.observed.has(name)).map(([name, data]) => [name, { count: 1, data }] as const)
  const sizes = madeSizes(energy.axes, example.sizes)
  return { sizes, labels: {}, values: Object.fromEntries(given), observed: Object.fromEntries(observed), cues: {}, count: 1 }
}

/** E with as much gone as has a closed form, and the density of what is left, if anything is. */
export interface Evidence {
  readonly energy: Energy
  readonly left: SamplingParts | undefined
}

const knownEvidence = new WeakMap<Subject, { readonly evidence: Evidence | undefined }>()

export function evidenceOf(subject: Subject): Evidence | undefined {
  const known = knownEvidence.get(subject) ?? { evidence: eliminated(subject) }
  knownEvidence.set(subject, known)
  return known.evidence
}

function eliminated({ energy, situation }: Subject): Evidence | undefined {
  let now: Situation = { ...situation, treatments: [] }
  for (const kind of ['sum-out', 'integrate'] as const satisfies readonly TreatmentKind[]) {
    for (const v of energy.variables.filter((v) => situation.moving.has(v.name) && treatments[kind].takes(v))) {
      const more: Situation = { ...now, treatments: [...now.treatments, { kind, name: v.name }] }
      if (treatAsAsked(energy, more).ok) now = more
    }
  }
  const treated = treatAsAsked(energy, now)
  if (treated.value === undefined) return undefined
  const left = treated.value.variables.filter((v) => situation.moving.has(v.name))
  // A direction has a length in its coordinates, which no energy knows.
  if (left.some((v) => v.type.kind === 'unit' || treatments['sum-out'].takes(v))) return undefined
  const parts = left.length === 0 ? undefined : samplingParts(energy, now).value
  return left.length > 0 && parts === undefined ? undefined : { energy: treated.value, left: parts }
}

export function logEvidence(plain: Trial, { energy, left }: Evidence): number | undefined {
  const axes = [...energy.axes, ...(left?.program.axes ?? [])]
  const trial = { ...plain, sizes: madeSizes(axes, plain.sizes) }
  if (left === undefined) return finite(-energyBy(trial, energy).energy / trial.temperature)
  const scene = openScene(trial, left, trial.subject.kernel)
  const { dimension, start } = scene
  const at = (...y: readonly number[]): number => {
    scene.look(Float64Array.from(y))
    return -scene.energy()
  }
  const [first = 0, second = 0] = start
  const found = dimension === 1 ? logIntegral(at, first) : dimension === 2 ? logIntegralOverPlane(at, [first, second]) : undefined
  scene.dispose()
  return found
}

const finite = (x: number): number | undefined => (Number.isFinite(x) ? x : undefined)
