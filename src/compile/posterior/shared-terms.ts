import { cut } from '../../ir/cut.ts'
import type { Energy } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { statesOf } from '../../middle/situation.ts'

/**
 * The terms about a variable that read no state, by the statement as it is written: they count once, however many patterns there
 * are. What a pass made of a variable alone is of no pattern either.
 */
export function sharedTerms({ declared, graph, terms, written }: Energy, name: string): readonly string[] {
  const states = statesOf({ variables: declared })
  const inputsOf = (of: typeof graph, port: string): readonly string[] => {
    const outputs = of.outputs.filter((o) => o.name === port)
    return cut(of, outputs).inputs.map((p) => p.name)
  }
  return terms.flatMap((t) => {
    const port = ports.term(t.name)
    const reads = inputsOf(graph, port)
    return reads.includes(name) && ![...reads, ...inputsOf(written, port)].some((r) => states.has(r)) ? [t.name] : []
  })
}
