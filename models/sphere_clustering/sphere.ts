import type { Loaded } from 'amp-lang'
import {
  blend,
  dot,
  furthest,
  type Lab,
  largestRise,
  minus,
  normals,
  numbersOf,
  ofLength,
  plus,
  scaled,
  slopeFrom,
  softmax,
  type Vector,
} from 'amp-lang/experiment'

/** Retrieval on the sphere: one step is attention, then normalisation. */
export async function compareSphere(lab: Lab, sphere: Loaded) {
  const random = lab.random('sphere')
  const [N, D, beta] = [12, 6, 7]
  const key = Array.from({ length: N }, () => ofLength(1, normals(random, D)))
  const points = Array.from({ length: 20 }, () => ofLength(1, normals(random, D)))
  const given = (x: readonly Vector[]) => ({ memory: { key }, param: { kappa: beta }, cue: { x } })
  const mean = (u: Vector): Vector => blend(softmax(key.map((k) => beta * dot(k, u))), key)
  const stepped = await lab.retrieve(sphere, given(points), { flow: 'fixed-point', maxSteps: 1 })

  // Along a great circle the energy changes by minus the gradient of -E times the way.
  const ways = points.map((u) => {
    const other = normals(random, D)
    return ofLength(1, minus(other, scaled(u, dot(u, other))))
  })
  const angle = 1e-3
  const near = points.flatMap((u, k) =>
    [-2, -1, 1, 2].map((n) => plus(scaled(u, Math.cos(n * angle)), scaled(ways[k] as Vector, Math.sin(n * angle)))),
  )
  const energies = await lab.energies(sphere, given(near))
  const slopes = points.map((_, k) => {
    const [a, b, c, d] = energies.slice(4 * k, 4 * k + 4) as [number, number, number, number]
    return slopeFrom([a, b, c, d], angle)
  })
  const rises: number[] = []
  for (const start of points.slice(0, 5)) {
    const path = [start]
    for (let k = 0; k < 50; k += 1) path.push(ofLength(1, mean(path[k] as Vector)))
    rises.push(largestRise(await lab.energies(sphere, given(path))))
  }
  return {
    step: furthest(
      stepped.flatMap((r) => numbersOf(r.states.x)),
      points.flatMap((u) => ofLength(1, mean(u))),
    ),
    gradient: furthest(
      slopes,
      points.map((u, k) => -beta * dot(mean(u), ways[k] as Vector)),
    ),
    descent: Math.max(...rises),
  }
}
