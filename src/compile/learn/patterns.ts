import { must } from '../../base/internal-error.ts'
import { dependents } from '../../ir/batch.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { Graph } from '../../ir/graph.ts'
import { maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy } from '../../middle/energy.ts'
import type { LearnedStatement } from '../../middle/learn-program.ts'
import * as ports from '../../middle/ports.ts'

/**
 * The statements of a model, each shared by all patterns or of each pattern: as it is written, by whether it mentions anything that a
 * pattern has of its own. What simplification finds of it makes no difference.
 */
export function statementsOf(
  energy: Pick<Energy, 'written' | 'statements' | 'implied'>,
  own: ReadonlySet<string>,
): readonly LearnedStatement[] {
  const depends = dependents(energy.written, own)
  const termOf = (name: string): number | undefined => energy.written.outputs.find((o) => o.name === ports.term(name))?.node
  return [...energy.statements, ...energy.implied].map((s) => {
    const node = termOf(s.name)
    const isOf = s.kind === 'density' && s.variable !== undefined && own.has(s.variable)
    return { name: s.name, shared: !isOf && node !== undefined && depends[node] !== true }
  })
}

/** An energy, whatever was eliminated, as two outputs over T: what is `shared`, and what one pattern adds (`each`). */
export function splitEnergy(energy: Energy, statements: readonly LearnedStatement[]): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, energy.graph)
  const once = new Set(statements.filter((s) => s.shared).map((s) => s.name))
  const sum = (shared: boolean): number => {
    const terms = energy.terms.filter((t) => once.has(t.name) === shared).map((t) => ports.term(t.name))
    const nodes = terms.map((port) =>
      must(
        ids[
          must(
            energy.graph.outputs.find((o) => o.name === port),
            port,
          ).node
        ],
        port,
      ),
    )
    return m.div(m.plus(...nodes), builder.input(ports.temperature, []))
  }
  builder.output(ports.shared, sum(true), [])
  builder.output(ports.each, sum(false), [])
  return simplify(builder.finish())
}
