import type { Loaded } from 'amp-lang'
import { dot, furthest, type Lab, minus, norm, normals, numbersOf, ofLength, plus, type Vector } from 'amp-lang/experiment'

/**
 * Random patterns on the sphere of radius M, of which every two are at least as far apart as the theorem asks: each has a
 * fixed point within h^2 / (N M), where starts at it and beside it end; and one step is no further from it than the bound.
 */
export async function wellSeparated(lab: Lab, model: Loaded, sets: number) {
  let tried = 0
  let stored = 0
  let worst = 0
  const random = lab.random('separated')
  for (let set = 0; set < sets; ) {
    const N = 3 + random.integer(6)
    const d = 8 + random.integer(13)
    const M = Math.sqrt(d - 1) * (0.8 + 0.7 * random.uniform())
    const xi = Array.from({ length: N }, () => ofLength(M, normals(random, d)))
    const gaps = xi.map((x, n) => Math.min(...xi.filter((_, j) => j !== n).map((y) => M * M - dot(x, y))))
    if (Math.min(...gaps) < 2 / N + Math.log(2 * (N - 1) * N * M * M)) continue
    set += 1
    if (set % 50 === 0) lab.progress((0.4 * set) / sets, 'well separated patterns')
    const radius = 1 / (N * M)
    const beside = xi.map((x) => plus(x, ofLength(radius * random.uniform() ** (1 / d), normals(random, d))))
    const steps: Vector[] = []
    const found = await lab.retrieve(
      model,
      { memory: { xi }, param: { sigma: 1 }, cue: { x: [...xi, ...beside] } },
      { flow: 'fixed-point', maxSteps: 200, tolerance: 1e-12, observe: ({ step, x }) => step === 1 && steps.push(Array.from(x)) },
    )
    const ends = found.map((r) => numbersOf(r.states.x))
    xi.forEach((x, n) => {
      const [own, other] = [ends[n] as Vector, ends[n + N] as Vector]
      const off = norm(minus(own, x))
      tried += 1
      if (off <= radius && furthest(own, other) < 1e-9) stored += 1
      const bound = (from: number): number => 2 * (N - 1) * Math.exp(-((gaps[n] as number) - 2 * Math.max(from, off) * M)) * M
      worst = Math.max(worst, norm(minus(steps[n] as Vector, x)) / bound(0))
      worst = Math.max(worst, norm(minus(steps[n + N] as Vector, x)) / bound(norm(minus(beside[n] as Vector, x))))
    })
  }
  return { stored: stored / tried, retrieved: worst }
}
