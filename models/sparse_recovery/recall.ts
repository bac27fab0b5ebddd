import { type Lab, minus, norm, numbersOf, plus, type Vector } from 'amp-lang/experiment'
import { errorOf, patternOf } from './subspace.ts'

/** What came of a corrupted pattern. */
export interface Recalled {
  /** Without the errors that were found. */
  readonly x: Vector
  /** The sparse errors, before they are fitted again. */
  readonly e: Vector
  readonly trace: readonly number[]
}

export type Models = Readonly<Record<'sparse' | 'refit' | 'projection' | 'hebb', Awaited<ReturnType<Lab['load']>>>>

const LAMBDA = 0.5

/** The sparsest errors of each row, those above lambda fitted again where they are. */
export async function recalled(
  lab: Lab,
  { sparse, refit }: Models,
  H: readonly Vector[],
  rows: readonly Vector[],
): Promise<readonly Recalled[]> {
  const found = await lab.retrieve(sparse, { data: { H }, param: { lambda: LAMBDA }, observed: { y: rows } })
  const errors = found.map((r) => numbersOf(r.states.e))
  const known = errors.map((e) => e.map((v) => (Math.abs(v) > LAMBDA ? Number.NaN : 0)))
  const wrong = rows.flatMap((_, i) => (known[i]?.some(Number.isNaN) ? [i] : []))
  const asked = { y: wrong.map((i) => rows[i] as Vector), e: wrong.map((i) => known[i] as Vector) }
  const fitted = wrong.length === 0 ? [] : await lab.retrieve(refit, { data: { H }, observed: asked })
  const errorsOf = new Map(wrong.map((i, k) => [i, numbersOf(fitted[k]?.states.e)]))
  return rows.map((y, i) => {
    const error = errorsOf.get(i)
    return { x: error === undefined ? y : minus(y, error), e: errors[i] as Vector, trace: found[i]?.trace ?? [] }
  })
}

/** The nearest vectors that obey the constraints. */
export async function projected(
  lab: Lab,
  { projection }: Models,
  H: readonly Vector[],
  rows: readonly Vector[],
): Promise<readonly Vector[]> {
  return (await lab.retrieve(projection, { data: { H }, observed: { y: rows } })).map((r) => numbersOf(r.states.x))
}

/** Patterns with errors at k places, and those before that. */
export function corrupted(
  lab: Lab,
  basis: readonly Vector[],
  k: number,
  count: number,
): { readonly x: readonly Vector[]; readonly y: readonly Vector[] } {
  const random = lab.random('corrupted', k)
  const x = Array.from({ length: count }, () => patternOf(random, basis))
  return { x, y: x.map((v) => plus(v, errorOf(random, v.length, k))) }
}

/** The share that is told exactly: to a millionth. */
export function exactly(found: readonly Recalled[], x: readonly Vector[]): number {
  return found.filter((r, i) => norm(minus(r.x, x[i] as Vector)) < 1e-6 * norm(x[i] as Vector)).length / x.length
}
