import { copy } from './leapfrog.ts'

/**
 * A contiguous stretch of a Hamiltonian trajectory, summed up for the no-U-turn criterion: momentum and velocity at
 * its two ends and the sum of all its momenta. `begin` and `end` follow the order of construction.
 */
export interface TrajectorySpan {
  pBegin: Float64Array
  vBegin: Float64Array
  pEnd: Float64Array
  vEnd: Float64Array
  readonly rho: Float64Array
}

export function span(dimension: number): TrajectorySpan {
  const vector = () => new Float64Array(dimension)
  return { pBegin: vector(), vBegin: vector(), pEnd: vector(), vEnd: vector(), rho: vector() }
}

/** Makes `s` the span of one point. */
export function single(s: TrajectorySpan, p: Float64Array, v: Float64Array): void {
  copy(p, s.pBegin)
  copy(v, s.vBegin)
  copy(p, s.pEnd)
  copy(v, s.vEnd)
  copy(p, s.rho)
}

/** Makes `s` begin at a point; what follows is its `second`, and until then it is no span. */
export function first(s: TrajectorySpan, p: Float64Array, v: Float64Array): void {
  copy(p, s.pBegin)
  copy(v, s.vBegin)
}

/** Appends a point to the one that `s` begins at, and says whether the two go on without a U-turn: `join`, without spans of one point. */
export function second(s: TrajectorySpan, p: Float64Array, v: Float64Array): boolean {
  const { pBegin, vBegin, pEnd, vEnd, rho } = s
  let begin = 0
  let end = 0
  for (let i = 0; i < rho.length; i += 1) {
    const sum = (pBegin[i] as number) + (p[i] as number)
    begin += (vBegin[i] as number) * sum
    end += (v[i] as number) * sum
    rho[i] = sum
    pEnd[i] = p[i] as number
    vEnd[i] = v[i] as number
  }
  return begin > 0 && end > 0
}

/**
 * Appends `b` to `a` (in place; `b` is spent) and says whether the whole goes on without a U-turn: the generalised
 * criterion (Betancourt 2017, appendix A.4.2) for the whole, and, as in Stan, for `a` with the first
 * point of `b`, and for `b` with the last point of `a`.
 */
export function join(a: TrajectorySpan, b: TrajectorySpan): boolean {
  const n = a.rho.length
  const { vBegin: avb, pEnd: ape, vEnd: ave, rho: ra } = a
  const { pBegin: bpb, vBegin: bvb, vEnd: bve, rho: rb } = b
  let wholeBegin = 0
  let wholeEnd = 0
  let leftBegin = 0
  let leftEnd = 0
  let rightBegin = 0
  let rightEnd = 0
  for (let i = 0; i < n; i += 1) {
    const left = (ra[i] as number) + (bpb[i] as number)
    const right = (rb[i] as number) + (ape[i] as number)
    const whole = (ra[i] as number) + (rb[i] as number)
    wholeBegin += (avb[i] as number) * whole
    wholeEnd += (bve[i] as number) * whole
    leftBegin += (avb[i] as number) * left
    leftEnd += (bvb[i] as number) * left
    rightBegin += (ave[i] as number) * right
    rightEnd += (bve[i] as number) * right
    ra[i] = whole
  }
  takeEnd(a, b)
  return wholeBegin > 0 && wholeEnd > 0 && leftBegin > 0 && leftEnd > 0 && rightBegin > 0 && rightEnd > 0
}

/** Arrays change hands; nothing is copied. */
function takeEnd(a: TrajectorySpan, b: TrajectorySpan): void {
  const p = a.pEnd
  const v = a.vEnd
  a.pEnd = b.pEnd
  a.vEnd = b.vEnd
  b.pEnd = p
  b.vEnd = v
}

/** The same stretch seen from its other end. */
export function flip(s: TrajectorySpan): void {
  const p = s.pBegin
  const v = s.vBegin
  s.pBegin = s.pEnd
  s.vBegin = s.vEnd
  s.pEnd = p
  s.vEnd = v
}
