import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { gradient } from '../ir/gradient.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../middle/energy.ts'
import { kindOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { EnergyProgram, GivenState } from '../middle/program.ts'
import type { Situation } from '../middle/situation.ts'
import { eliminatedMoments } from './eliminated-moments.ts'
import { writeBounds } from './supports/bounds.ts'
import { ordinaryInputs } from './type-range.ts'

/**
 * E at given values of every state that was not summed out, with its terms and its gradient by the values of the continuous
 * ones. The gradient treats all numbers of a value as free, those that its type ties to each other included.
 */
export function readEnergy(energy: Energy, { moving }: Situation): EnergyProgram {
  const gone = new Set(energy.marginalised.map((s) => s.name))
  const present = energy.variables.filter((v) => moving.has(v.name) && !gone.has(v.name))
  const states = present.map(({ name, axes, type }): GivenState => ({ name, axes, type, smooth: !kindOf(type).discrete }))
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph, ({ name, axes }) => builder.input(name, axes))
  const outputs = energy.graph.outputs.map((o) => ({ ...o, node: must(ids[o.node], o.name) }))
  const terms = energy.terms.map((t) => must(outputs.find((o) => o.name === ports.term(t.name))?.node, t.name))
  const total = maths(builder).plus(...terms)
  builder.output(ports.energy, total)
  for (const o of outputs) if (ports.isTerm(o.name) || ports.responsibilityOf(o.name) !== undefined) builder.output(o.name, o.node, o.axes)
  const smooth = states.filter((s) => s.smooth)
  const values = smooth.map((s) => builder.input(s.name, s.axes))
  gradient(builder, total, values, { inputs: ordinaryInputs(energy.variables) }).forEach((g, i) => {
    const { name, axes } = must(smooth[i], 'state')
    builder.output(ports.gradient(name), g, axes)
  })
  for (const v of present) writeEnds(builder, energy, v)
  return {
    kind: 'energy',
    graph: simplify(builder.finish()),
    axes: energy.axes,
    fixed: energy.variables.filter((v) => !moving.has(v.name)),
    terms: energy.terms.map((t) => t.name),
    responsibilities: [...energy.marginalised, ...energy.relaxed],
    eliminated: eliminatedMoments(energy),
    states,
  }
}

/** Bounds are no part of the energy, so values are held against them. */
function writeEnds(builder: GraphBuilder, energy: Energy, v: EnergyVariable): void {
  const { lower, upper } = writeBounds(builder, energy, v, ({ name, axes }) => builder.input(name, axes))
  if (lower !== undefined) builder.output(ports.lower(v.name), lower, v.axes)
  if (upper !== undefined) builder.output(ports.upper(v.name), upper, v.axes)
}
