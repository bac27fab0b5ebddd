import { must } from '../base/internal-error.ts'
import { hypot } from '../base/special/hypot.ts'
import { eachSphere } from '../memory/geometry.ts'
import type { Layout } from '../memory/layout.ts'
import type { ProgramScene } from './scene.ts'

/**
 * Local coordinates t around a place, in the coordinates of the sampling program: t = 0 is the place. Unit vectors are
 * followed along their sphere (their length, which means nothing, stays), everything else as it is.
 */
export interface Chart {
  readonly dimension: number
  /** Coordinates of the sampling program at t. */
  at(t: ArrayLike<number>): Float64Array
  /** t of coordinates that may lie anywhere. */
  of(y: Float64Array): Float64Array
}

/** `place`: coordinates of the sampling program; unit vectors in it have any length. */
export function chartAround(place: Float64Array, groups: readonly (readonly number[])[]): Chart {
  const onSphere = new Set(groups.flat())
  const plain = Array.from(place.keys()).filter((i) => !onSphere.has(i))
  const spheres = groups.map((at) => {
    const radius = hypot(...at.map((i) => place[i] as number))
    const u = at.map((i) => (place[i] as number) / radius)
    return { at, u, basis: tangentBasis(u) }
  })
  const dimension = plain.length + spheres.reduce((n, s) => n + s.basis.length, 0)
  return {
    dimension,
    at(t) {
      const y = place.slice()
      for (const [k, i] of plain.entries()) y[i] = (place[i] as number) + (t[k] as number)
      let k = plain.length
      for (const { at, u, basis } of spheres) {
        const x = u.slice()
        for (const b of basis) {
          for (const [j, v] of b.entries()) x[j] = (x[j] as number) + (t[k] as number) * v
          k += 1
        }
        const norm = hypot(...x)
        for (const [j, i] of at.entries()) y[i] = ((x[j] as number) / norm) * Math.sqrt(at.length)
      }
      return y
    },
    of(y) {
      const out = plain.map((i) => (y[i] as number) - (place[i] as number))
      for (const { at, u, basis } of spheres) {
        const norm = hypot(...at.map((i) => y[i] as number))
        const x = at.map((i) => (y[i] as number) / norm)
        const forward = x.reduce((sum, v, j) => sum + v * (u[j] as number), 0)
        for (const b of basis) out.push(b.reduce((sum, v, j) => sum + v * (x[j] as number), 0) / Math.abs(forward))
      }
      return Float64Array.from(out)
    },
  }
}

/** An orthonormal basis of what is orthogonal to `u` (Gram-Schmidt over the unit vectors). */
function tangentBasis(u: readonly number[]): readonly (readonly number[])[] {
  const basis: number[][] = []
  for (let k = 0; k < u.length && basis.length < u.length - 1; k += 1) {
    const v: number[] = u.map((_, i) => (i === k ? 1 : 0))
    for (const b of [u, ...basis, u, ...basis]) {
      const along = v.reduce((sum, x, i) => sum + x * (b[i] as number), 0)
      for (const [i, x] of v.entries()) v[i] = x - along * (b[i] as number)
    }
    const norm = hypot(...v)
    if (norm > 1e-3) basis.push(v.map((x) => x / norm))
  }
  return basis
}

/** The flat coordinates of every unit vector of a retrieval layout, as positions in the scene of the sampling program. */
export function spheresIn(layout: Layout, scene: ProgramScene): readonly (readonly number[])[] {
  const groups: number[][] = []
  eachSphere(layout, ({ start, stride, size }) => {
    const block = must(
      layout.blocks.findLast((b) => b.offset <= start),
      'block',
    )
    const there = must(
      scene.blocks.find((b) => b.state.name === block.state.name),
      block.state.name,
    )
    groups.push(Array.from({ length: size }, (_, k) => there.offset + (start - block.offset) + k * stride))
  })
  return groups
}

/** Second derivatives at t = 0 by central differences. */
export function hessian(f: (t: Float64Array) => number, n: number, h: number): readonly Float64Array[] {
  const at = (...moves: readonly (readonly [number, number])[]): number => {
    const t = new Float64Array(n)
    for (const [i, d] of moves) t[i] = (t[i] as number) + d
    return f(t)
  }
  const H = Array.from({ length: n }, () => new Float64Array(n))
  const here = at()
  for (let i = 0; i < n; i += 1) {
    ;(H[i] as Float64Array)[i] = (at([i, h]) + at([i, -h]) - 2 * here) / (h * h)
    for (let j = 0; j < i; j += 1) {
      const mixed = (at([i, h], [j, h]) - at([i, h], [j, -h]) - at([i, -h], [j, h]) + at([i, -h], [j, -h])) / (4 * h * h)
      ;(H[i] as Float64Array)[j] = mixed
      ;(H[j] as Float64Array)[i] = mixed
    }
  }
  return H
}

/** The lower Cholesky factor; undefined where the matrix is not positive definite. */
export function cholesky(A: readonly Float64Array[]): readonly Float64Array[] | undefined {
  const L = A.map((r) => new Float64Array(r.length))
  for (let i = 0; i < A.length; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = (A[i] as Float64Array)[j] as number
      for (let k = 0; k < j; k += 1) sum -= ((L[i] as Float64Array)[k] as number) * ((L[j] as Float64Array)[k] as number)
      if (i !== j) (L[i] as Float64Array)[j] = sum / ((L[j] as Float64Array)[j] as number)
      else if (sum > 0) (L[i] as Float64Array)[i] = Math.sqrt(sum)
      else return undefined
    }
  }
  return L
}

/** Columns of the inverse of L', so that their sum of squares is the trace of the inverse of L L'. */
export function standardDirections(L: readonly Float64Array[]): readonly Float64Array[] {
  const n = L.length
  return Array.from({ length: n }, (_, c) => {
    const x = new Float64Array(n)
    for (let i = n - 1; i >= 0; i -= 1) {
      let sum = i === c ? 1 : 0
      for (let k = i + 1; k < n; k += 1) sum -= ((L[k] as Float64Array)[i] as number) * (x[k] as number)
      x[i] = sum / ((L[i] as Float64Array)[i] as number)
    }
    return x
  })
}
