import { must } from '../base/internal-error.ts'
import { fold } from '../base/random.ts'
import { type ChainDraws, columnNames, type DrawnVariable } from '../inference/draws/draws.ts'
import {
  completingColumns,
  type DerivedColumns,
  type DrawnRow,
  predictiveColumns,
  quantityColumns,
  withDerived,
} from '../inference/draws/reported.ts'
import { redraw } from '../inference/samplers/ancestral.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { Run } from './run.ts'
import type { SamplingParts } from './sampling.ts'

/** What is worked out from each draw besides the states: lets, and new values of given variables. */
export interface Derived {
  readonly variables: readonly DrawnVariable[]
  /** `first` is the place of the first draw in its chain. */
  widen(chain: ChainDraws, first: number): ChainDraws
}

export function derivedOf(run: Run<unknown>, parts: Pick<SamplingParts, 'last' | 'reports' | 'predictive'>, row: DrawnRow): Derived {
  const { sizes, key } = run
  const last = lastDrawn(run, parts.last, row)
  // What is drawn last is there for everything that is worked out from the draw.
  const whole = { ...row, there: [...row.there, ...last.flatMap((a) => a.variables)] }
  const quantities = parts.reports.map(({ name, axes, graph }) =>
    quantityColumns({ name, axes, executable: open(run, graph) }, whole, sizes),
  )
  const derived: readonly DerivedColumns[] = [...last, ...quantities, ...predictive(run, parts.predictive, whole)]
  const width = row.there.reduce((sum, v) => sum + columnNames(v.name, v.shape).length, 0)
  return {
    variables: derived.flatMap((a) => a.variables),
    widen: (chain, first) => withDerived(chain, width, derived, fold(fold(key, 'chain'), chain.chain), first),
  }
}

function lastDrawn(run: Run<unknown>, program: SamplingParts['last'], row: DrawnRow): readonly DerivedColumns[] {
  if (program === undefined) return []
  const executable = open(run, program.graph)
  const { sizes, fixed } = run
  const known = program.draws.map(({ name }) => ({
    values: must(fixed.get(name), name),
    known: must(fixed.get(ports.known(name)), ports.known(name)),
  }))
  return [completingColumns(redraw(program, executable, sizes), executable, row, known)]
}

function predictive(run: Run<unknown>, program: SamplingParts['predictive'], row: DrawnRow): readonly DerivedColumns[] {
  if (program === undefined) return []
  const executable = open(run, program.graph)
  return [predictiveColumns(redraw(program, executable, run.sizes), executable, row)]
}
