import { type Checked, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { volumeOf } from '../bind/bind.ts'
import type { Bound } from '../bind/bound.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { isCountless } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { AncestralProgram } from '../middle/program.ts'
import type { Situation } from '../middle/situation.ts'
import { generativeProgram } from './ancestral.ts'
import { onlyOutputs } from './outputs.ts'

/** A model without the unknown elements of its counts, and how to draw those afterwards, given everything else. */
export interface DrawnLast {
  readonly energy: Energy
  /** What was given, and which elements of the counts are known. */
  readonly bound: Bound
  readonly program: AncestralProgram
}

/**
 * A count has infinitely many values, through which no sampler here can go. Where nothing but its own statement reads its
 * unknown elements, those sum to 1 there: the rest of the model is sampled without them, and they are drawn from their
 * statement given each draw of it, which is exact at temperature 1. Undefined if every count is known.
 */
export function drawnLast(energy: Energy, bound: Bound, { moving, temperature }: Situation): Checked<DrawnLast> | undefined {
  const unknown = energy.variables.filter(
    ({ name, type }) => moving.has(name) && isCountless(type) && bound.observed[name]?.data.every((v) => !Number.isNaN(v)) !== true,
  )
  if (unknown.length === 0) return undefined
  const names = new Set(unknown.map((v) => v.name))
  const refused = (reason: string): Checked<DrawnLast> =>
    unmade(
      unknown.map(({ name, span }) =>
        diagnostic('AMP606', `The state "${name}" is a count, which can take infinitely many values: ${reason.replace(/\.$/, '')}.`, {
          span,
          expected: 'a count that is observed, or that only its own statement uses',
          hint: `Observe "${name}", or replace it by an element of an axis.`,
        }),
      ),
    )
  if (temperature !== 1) return refused('its unknown elements can be left out and drawn at the end at temperature 1 only')
  const program = generativeProgram(energy, names)
  if ('reason' in program) return refused(program.reason)
  const whole = program.draws.find((d) => d.over.length > 0 && isPart(bound, d.name))
  if (whole !== undefined) return refused(`a part of "${whole.name}" is observed, whose elements are drawn together by ${whole.family}`)
  // Ancestral sampling of a count ignores observed variables that depend on it.
  const reader = unknown.find(({ name }) => isPart(bound, name))
  const read = program.graph.inputs.find((p) => names.has(p.name))
  if (read !== undefined && reader !== undefined)
    return refused(`"${reader.name}" is observed in part, and another statement reads "${read.name}"`)
  const known = unknown.reduce((all, v) => withKnown(all, v.name, volumeOf(v.axes, bound.sizes)), bound)
  return made({ energy: inPart(energy, unknown), bound: known, program })
}

/** The energy in which only those elements of the counts count that are known. */
function inPart(energy: Energy, counts: readonly EnergyVariable[]): Energy {
  const names = new Set(counts.map((v) => v.name))
  const about = new Set(energy.statements.flatMap((s) => (s.kind === 'density' && names.has(s.variable ?? '') ? [s.name] : [])))
  const outputs = energy.graph.outputs.map(({ name }): readonly [string, string] => [name, name])
  const partly = new Map([...about].map((name) => [ports.term(name), ports.partly(name)]))
  const known = counts.map(
    ({ name, axes, span }): EnergyVariable => ({ ...{ name: ports.known(name), role: 'data', axes, span }, type: { kind: 'bit' } }),
  )
  return {
    ...energy,
    graph: onlyOutputs(energy.written, new Map(outputs.map(([name]) => [partly.get(name) ?? name, name]))),
    variables: [...energy.variables, ...known],
  }
}

/** Whether some of a count's elements are known and some not. */
function isPart({ observed }: Bound, name: string): boolean {
  return observed[name]?.data.some((v) => !Number.isNaN(v)) === true
}

function withKnown(bound: Bound, name: string, size: number): Bound {
  const data = bound.observed[name]?.data ?? new Float64Array(size).fill(Number.NaN)
  const known = data.map((v) => (Number.isNaN(v) ? 0 : 1))
  return {
    ...bound,
    values: { ...bound.values, [ports.known(name)]: known },
    observed: { ...bound.observed, [name]: { count: 1, data } },
  }
}
