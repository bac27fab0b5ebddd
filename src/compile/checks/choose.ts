import { cut } from '../../ir/cut.ts'
import type { OutputPort } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Check, WrittenCheck } from '../../middle/check.ts'
import type { Energy } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { Situation } from '../../middle/situation.ts'

/** The checks of what does not move, and those of each variable by itself. */
export function checksFor(energy: Energy, { moving }: Situation): readonly Check[] {
  const known = energy.variables.filter((v) => !moving.has(v.name)).map((v) => v.name)
  return checksAmong(energy, new Set(known), true)
}

/** The checks of what is among these variables; `own`: and those of a variable by itself, of which a part may be known. */
export function checksAmong(energy: Energy, known: ReadonlySet<string>, own = false): readonly Check[] {
  const outputs = new Map(energy.written.outputs.map((o) => [o.name, o]))
  return energy.checks.flatMap((written): readonly Check[] => {
    const { variable } = written
    if (variable !== undefined && !own && !known.has(variable)) return []
    const check = asGraph(energy, written, outputs)
    return check?.reads.every((name) => known.has(name) || (own && name === variable)) === true ? [check] : []
  })
}

/** A check with what it computes as a graph of its own; undefined where nothing of it is given, but for picks by a number. */
function asGraph(
  { written }: Energy,
  { number, compares, ...check }: WrittenCheck,
  outputs: ReadonlyMap<string, OutputPort>,
): Check | undefined {
  const own = check.variable === undefined ? [] : [check.variable]
  if (compares.length === 0) return { ...check, reads: own }
  const ends = compares.flatMap((what) => {
    const output = outputs.get(ports.checked(number, what))
    return output === undefined ? [] : [{ ...output, name: what }]
  })
  const graph = simplify(cut(written, ends))
  const reads = [...own, ...graph.inputs.map((p) => p.name)]
  const isWritten = reads.length === 0 && graph.nodes.every((n) => n.op === 'const')
  return isWritten && check.demand.kind !== 'element' ? undefined : { ...check, graph, reads }
}
