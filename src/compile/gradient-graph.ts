import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { gradient } from '../ir/gradient.ts'
import type { Graph } from '../ir/graph.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy } from '../middle/energy.ts'
import { kindOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import { type Situation, situationOf } from '../middle/situation.ts'
import { ordinaryInputs } from './type-range.ts'

/** The energy and its derivative by everything continuous that moves, on the user's scale: outputs `energy` and `gradient:NAME`. */
export function gradientGraph(energy: Energy, { moving }: Situation = situationOf(energy)): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, energy.graph)
  const terms = ports.termsAmong(energy.graph).map((o) => must(ids[o.node], o.name))
  const total = maths(builder).plus(...terms)
  const states = energy.variables.filter((v) => moving.has(v.name) && !kindOf(v.type).discrete)
  const slopes = gradient(
    builder,
    total,
    states.map((s) => builder.input(s.name, s.axes)),
    { inputs: ordinaryInputs(energy.variables) },
  )
  builder.output(ports.energy, total)
  for (const [i, s] of states.entries()) builder.output(ports.gradient(s.name), must(slopes[i], s.name), s.axes)
  return simplify(builder.finish())
}
