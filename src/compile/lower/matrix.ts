import { must } from '../../base/internal-error.ts'
import { type Factored, factored } from '../../families/formulas/factors.ts'
import type { Typed, TypedNode } from '../../middle/model.ts'
import { matrixRules } from '../functions.ts'
import { type Legality, type LowerContext, type Lowered, refuse } from './context.ts'
import { allLegal, isGiven } from './legality.ts'
import { lacksAlong, widest } from './margins.ts'

/** `cholesky[a, b](A)` and its like, by the Cholesky factor; where there is none, the energy is infinite. */
export function lowerMatrix(c: LowerContext, e: Extract<TypedNode, { kind: 'matrix' }> & Typed, args: readonly Lowered[]): Lowered {
  const { fn, rows, columns, span } = e
  const margins = widest(args.map((a) => a.margins))
  if (lacksAlong(c.m, margins, [rows, columns])) {
    return refuse(c, span, `${fn} along an axis of a value that is shifted along it cannot be computed yet.`)
  }
  c.renamed.push({ axis: columns, than: rows, by: 0, why: `the matrix of ${fn} has as many rows as columns`, span })
  const [value, lowered] = [must(e.args[0], 'matrix'), must(args[0], 'matrix')]
  if (isGiven(c, lowered.node)) c.matrices.push({ value, lowered, asks: fn, rows, columns })
  const factor = factored(c.m, lowered.node, rows, columns)
  const [, y] = args
  const node = c.builder.rename(matrixRules[fn](c.m, factor, y?.node ?? -1), factor.columns, columns)
  const legality = allLegal(c.m, [...args.map((a) => a.legality), definite(c, factor)])
  return { node, margins, legality }
}

function definite({ m }: LowerContext, { valid }: Factored): Legality {
  const penalty = m.where(valid, m.k(0), m.k(Number.POSITIVE_INFINITY))
  return { picks: [], penalty, alone: penalty }
}
