import { must } from '../../base/internal-error.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { situationOf, statesOf } from '../../middle/situation.ts'
import { generativeProgram } from '../ancestral.ts'
import { integrate } from '../treat/integrate.ts'

/** A graph, and the axes that it needs, those made on the way included. */
export interface Predictive {
  readonly graph: Graph
  readonly axes: Energy['axes']
}

/**
 * Minus the log density of a pattern given all that was written before: E with the posteriors integrated out, at T = 1, as the output
 * `energy`. Only of models that say what density each of their states has, or it would not be normalised.
 */
export function predictiveOf(energy: Energy): Predictive | undefined {
  const memories = energy.posteriors.map((p) => p.name)
  if (memories.length === 0) return undefined
  if ('reason' in generativeProgram(energy, new Set([...statesOf({ variables: energy.declared }), ...memories]))) return undefined
  const { value } = integrate(energy, memories, situationOf(energy, { integrate: memories, temperature: 1 }))
  if (value?.eliminated.length !== energy.eliminated.length + memories.length) return undefined
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, value.graph, ({ name }) => (name === ports.temperature ? m.k(1) : undefined))
  const terms = ports.termsAmong(value.graph).map((o) => must(ids[o.node], o.name))
  return { graph: simplify(builder.part([{ name: ports.energy, node: m.plus(...terms), axes: [] }])), axes: value.axes }
}
