import type { Metric } from '../../src/inference/adaptation/metric.ts'
import type { LogDensity } from '../../src/inference/density/density.ts'
import { hamiltonian, leapfrog, type PhasePoint } from '../../src/inference/samplers/leapfrog.ts'

/**
 * The trajectory of Stan's `base_nuts::transition`, by recursion and with fresh arrays: how deep it goes and how many
 * leapfrog steps it takes, for given directions of the doublings. Which points are drawn plays no part in that.
 */
export function recursiveTrajectory(
  density: LogDensity,
  metric: Metric,
  start: PhasePoint,
  stepSize: number,
  directions: readonly boolean[],
): { depth: number; leapfrogs: number } {
  const origin = clone(start)
  const ends = { forward: clone(start), backward: clone(start) }
  let tree: Tree = { left: edge(origin), right: edge(origin), rho: [...origin.p], valid: true }
  const count = { leapfrogs: 0 }
  const before = hamiltonian(origin)

  function build(z: PhasePoint, depth: number, sign: number): Tree {
    if (depth === 0) {
      leapfrog(density, metric, z, sign * stepSize)
      count.leapfrogs += 1
      return { left: edge(z), right: edge(z), rho: [...z.p], valid: !(hamiltonian(z) - before > 1000) }
    }
    const first = build(z, depth - 1, sign)
    if (!first.valid) return first
    const second = build(z, depth - 1, sign)
    if (!second.valid) return second
    return sign > 0 ? merge(first, second) : merge(second, first)
  }

  let depth = 0
  for (const forward of directions) {
    const z = forward ? ends.forward : ends.backward
    const subtree = build(z, depth, forward ? 1 : -1)
    if (!subtree.valid) break
    depth += 1
    tree = forward ? merge(tree, subtree) : merge(subtree, tree)
    if (!tree.valid) break
  }
  return { depth, leapfrogs: count.leapfrogs }
}

interface Edge {
  readonly p: readonly number[]
  readonly v: readonly number[]
}

/** `left` is earlier in time. */
interface Tree {
  readonly left: Edge
  readonly right: Edge
  readonly rho: readonly number[]
  readonly valid: boolean
}

function merge(a: Tree, b: Tree): Tree {
  const rho = plus(a.rho, b.rho)
  const whole = onward(a.left, b.right, rho)
  const left = onward(a.left, b.left, plus(a.rho, b.left.p))
  const right = onward(a.right, b.right, plus(b.rho, a.right.p))
  return { left: a.left, right: b.right, rho, valid: whole && left && right }
}

function onward(left: Edge, right: Edge, rho: readonly number[]): boolean {
  return dot(left.v, rho) > 0 && dot(right.v, rho) > 0
}

function edge(z: PhasePoint): Edge {
  return { p: [...z.p], v: [...z.v] }
}

function clone(z: PhasePoint): PhasePoint {
  return { q: z.q.slice(), p: z.p.slice(), v: z.v.slice(), gradient: z.gradient.slice(), logDensity: z.logDensity }
}

function plus(a: readonly number[], b: readonly number[]): number[] {
  return a.map((x, i) => x + (b[i] as number))
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((s, x, i) => s + x * (b[i] as number), 0)
}
