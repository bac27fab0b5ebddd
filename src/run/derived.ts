import { must } from '../base/internal-error.ts'
import { fold } from '../base/random.ts'
import { redraw } from '../inference/ancestral.ts'
import { type ChainDraws, columnNames, type DrawnVariable } from '../inference/draws.ts'
import { type Addition, completingAddition, predictiveAddition, quantityAddition, type Row, withAdditions } from '../inference/reported.ts'
import type { Graph } from '../ir/graph.ts'
import type { Executable } from '../middle/executable.ts'
import * as ports from '../middle/ports.ts'
import type { SamplingParts } from './sample.ts'
import type { Situation } from './workbench.ts'

type Given = Omit<Situation, 'parts'>

/** What is worked out from each draw besides the states: lets, and new values of given variables. */
export interface Additions {
  readonly variables: readonly DrawnVariable[]
  /** `first` is the place of the first draw in its chain. */
  widen(chain: ChainDraws, first: number): ChainDraws
}

export function additionsOf(situation: Given, parts: Pick<SamplingParts, 'last' | 'reports' | 'predictive'>, row: Row): Additions {
  const { bound, key } = situation
  const last = lastDrawn(situation, parts.last, row)
  // What is drawn last is there for everything that is worked out from the draw.
  const whole = { ...row, there: [...row.there, ...last.flatMap((a) => a.variables)] }
  const quantities = parts.reports.map(({ name, axes, graph }) =>
    quantityAddition({ name, axes, executable: opened(situation, graph) }, whole, bound.sizes),
  )
  const additions: readonly Addition[] = [...last, ...quantities, ...predictive(situation, parts.predictive, whole)]
  const width = row.there.reduce((sum, v) => sum + columnNames(v.name, v.shape).length, 0)
  return {
    variables: additions.flatMap((a) => a.variables),
    widen: (chain, first) => withAdditions(chain, width, additions, fold(fold(key, 'chain'), chain.chain), first),
  }
}

function lastDrawn(situation: Given, program: SamplingParts['last'], row: Row): readonly Addition[] {
  if (program === undefined) return []
  const executable = opened(situation, program.graph)
  const { bound, fixed } = situation
  const known = program.draws.map(({ name }) => ({
    values: must(fixed.get(name), name),
    known: must(fixed.get(ports.known(name)), ports.known(name)),
  }))
  return [completingAddition(redraw(program, executable, bound.sizes), executable, row, known)]
}

function predictive(situation: Given, program: SamplingParts['predictive'], row: Row): readonly Addition[] {
  if (program === undefined) return []
  const executable = opened(situation, program.graph)
  return [predictiveAddition(redraw(program, executable, situation.bound.sizes), executable, row)]
}

function opened({ target, bound, fixed }: Given, graph: Graph): Executable {
  const executable = target(graph, bound.sizes)
  for (const [input, buffer] of executable.inputs) {
    const value = fixed.get(input)
    if (value !== undefined) buffer.set(value)
  }
  return executable
}

/** The variables of a program whose values count from 1 outside and from 0 inside. */
export function elementsOf({ program }: SamplingParts): ReadonlySet<string> {
  const types = [...program.states, ...program.responsibilities, ...program.discrete]
  return new Set(types.filter((s) => s.type.kind === 'element').map((s) => s.name))
}
