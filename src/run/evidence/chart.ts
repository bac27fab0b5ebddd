import { fold, Stream } from '../../base/random.ts'
import { initialPoint } from '../../inference/chains/initial.ts'
import type { LogDensity } from '../../inference/density/density.ts'
import { count } from '../../inference/density/program-density.ts'
import { freeOf } from '../../inference/density/restrict.ts'
import type { IntegralChart } from '../../inference/evidence/cubature.ts'
import type { HessianProduct } from '../../inference/laplace/curvature.ts'
import { findMode } from '../../inference/laplace/mode.ts'
import { open } from '../../middle/open.ts'
import * as ports from '../../middle/ports.ts'
import type { EvidenceBench } from './bench.ts'

/** Where the way to a mode begins: as a chain would. */
export function startIn({ scene }: EvidenceBench): Float64Array {
  const found = initialPoint(scene.density, new Stream(fold(fold(scene.run.key, 'evidence'), 'start')), scene.initial)
  return found.kind === 'found' ? found.q : new Float64Array(scene.density.dimension)
}

/** Second derivatives of minus the log density of the free coordinates, times a direction. */
export function curvatureOf({ scene, second }: EvidenceBench): HessianProduct {
  const { run, shared, restriction } = scene
  const { states } = run.parts.program
  const free = freeOf(restriction.held)
  const executable = open(run, second(), shared)
  const length = restriction.at.length
  const [direction, product] = [new Float64Array(length), new Float64Array(length)]
  const slope = new Float64Array(free.length)
  const parts = (from: ReadonlyMap<string, Float64Array>, port: (name: string) => string) => {
    let at = 0
    return states.map(({ name, coordinateAxes }) => {
      const start = at
      at += count(coordinateAxes, run.sizes)
      return { start, end: at, buffer: from.get(port(name)) }
    })
  }
  const [ins, outs] = [parts(executable.inputs, ports.direction), parts(executable.outputs, ports.product)]
  return (q, along, out) => {
    // Leaves the coordinates in the buffers that both share.
    scene.density.evaluate(q, slope)
    direction.fill(0)
    free.forEach((place, i) => {
      direction[place] = along[i] as number
    })
    for (const { start, end, buffer } of ins) buffer?.set(direction.subarray(start, end))
    executable.run()
    for (const { start, buffer } of outs) if (buffer !== undefined) product.set(buffer, start)
    free.forEach((place, i) => {
      out[i] = product[place] as number
    })
  }
}

/** Numbers in which a density of one or two numbers is about as wide as 1 around 0, as far as its curvature at a mode tells. */
export function chartAt(bench: EvidenceBench, log: (q: Float64Array) => number): IntegralChart {
  const n = bench.scene.density.dimension
  const mode = findMode(bySlopes(log, n), startIn(bench))
  const step = 1e-4
  const at = (...moves: readonly (readonly [number, number])[]): number => {
    const q = mode.at.slice()
    for (const [i, by] of moves) q[i] = (q[i] as number) + by
    return log(q)
  }
  const curvature = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n]
    const mixed = at([i, step], [j, step]) - at([i, step], [j, -step]) - at([i, -step], [j, step]) + at([i, -step], [j, -step])
    return -mixed / (4 * step * step)
  })
  return { centre: mode.at, factor: spreadFactor(curvature, n) }
}

/** L with L L' = the inverse of the curvature; units where that is none. */
function spreadFactor(h: Float64Array, n: number): Float64Array {
  const [a = 1, b = 0, , d = 1] = n === 1 ? [h[0], 0, 0, 1] : h
  const det = n === 1 ? (a as number) : a * d - b * b
  if (!(det > 0 && a > 0 && Number.isFinite(det))) return n === 1 ? Float64Array.of(1) : Float64Array.of(1, 0, 0, 1)
  if (n === 1) return Float64Array.of(1 / Math.sqrt(a))
  // The inverse is [d, -b; -b, a] / det.
  const first = Math.sqrt(d / det)
  const across = -b / det / first
  return Float64Array.of(first, 0, across, Math.sqrt(Math.max(1e-300, a / det - across * across)))
}

/** A density that is known by its values, with slopes by differences: good enough to find about where its mode is. */
function bySlopes(log: (q: Float64Array) => number, dimension: number): LogDensity {
  const q = new Float64Array(dimension)
  return {
    dimension,
    evaluate(at, gradient) {
      for (let i = 0; i < dimension; i += 1) {
        const step = 1e-6 * (1 + Math.abs(at[i] as number))
        q.set(at)
        q[i] = (at[i] as number) + step
        const above = log(q)
        q[i] = (at[i] as number) - step
        gradient[i] = (above - log(q)) / (2 * step)
      }
      q.set(at)
      return log(q)
    },
  }
}
