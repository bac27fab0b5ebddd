import { dot, furthest, type Lab, minus, norm, plus, scaled, type Vector } from 'amp-lang/experiment'
import { corrupted, type Models, projected, recalled } from './recall.ts'
import { basisOf, constraintsOf, patternOf } from './subspace.ts'

const [N, R, K] = [64, 12, 6]
const LAMBDA = 0.5

/** What follows from the definitions, on a small memory. */
export async function identities(lab: Lab, models: Models) {
  const random = lab.random('identities')
  const basis = basisOf(random, N, R)
  const H = constraintsOf(random, basis)
  const { x, y } = corrupted(lab, basis, K, 4)
  const unstored = basis.reduce((sum, b) => plus(sum, scaled(b, random.normal())), scaled(basis[0] as Vector, 0))
  const found = await recalled(lab, models, H, y)
  const shift = patternOf(random, basis)
  const shifted = await recalled(
    lab,
    models,
    H,
    y.map((v) => plus(v, shift)),
  )
  const again = await recalled(
    lab,
    models,
    H,
    found.map((r) => r.x),
  )
  const linear = await projected(lab, models, H, y)
  const learned = (count: number): readonly Vector[] =>
    constraintsOf(
      random,
      Array.from({ length: count }, () => patternOf(random, basis)),
    )
  return {
    constraints: violated(H, [...x, unstored]),
    projection: furthestOf(
      linear,
      y.map((v) => onSpan(H, v)),
    ),
    rise: Math.max(...found.flatMap(({ trace }) => trace.slice(1).map((e, i) => e - (trace[i] as number)))),
    optimal: Math.max(...found.map((r, i) => beyond(H, minus(y[i] as Vector, r.e), r.e))),
    shifted: furthestOf(
      shifted.map((r) => r.x),
      found.map((r) => plus(r.x, shift)),
    ),
    again: furthestOf(
      again.map((r) => r.x),
      found.map((r) => r.x),
    ),
    learned: violated(learned(2 * R), x),
    tooFew: violated(learned(R - 2), x),
  }
}

/** The largest product of a constraint with a vector, relative to its length. */
const violated = (H: readonly Vector[], all: readonly Vector[]): number =>
  Math.max(...all.flatMap((v) => H.map((h) => Math.abs(dot(h, v)) / norm(v))))

const furthestOf = (a: readonly Vector[], b: readonly Vector[]): number => Math.max(...a.map((v, i) => furthest(v, b[i] as Vector)))

const onSpan = (H: readonly Vector[], v: Vector): Vector => H.reduce((left, h) => minus(left, scaled(h, dot(h, v))), v)

/** How far 0 is outside of the subgradients of the energy at e. */
function beyond(H: readonly Vector[], rest: Vector, e: Vector): number {
  const slopes = H.reduce((sum, h) => plus(sum, scaled(h, dot(h, rest))), scaled(e, 0))
  return Math.max(
    ...e.map((v, i) => (v === 0 ? Math.abs(slopes[i] as number) - LAMBDA : Math.abs((slopes[i] as number) - LAMBDA * Math.sign(v)))),
  )
}
