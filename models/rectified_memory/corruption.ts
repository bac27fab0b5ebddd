import type { Lab, Vector } from 'amp-lang/experiment'

/** So many of the numbers below `of`. */
export function choice(random: ReturnType<Lab['random']>, count: number, of: number): ReadonlySet<number> {
  const order = Array.from({ length: of }, (_, i) => ({ i, at: random.uniform() })).sort((x, y) => x.at - y.at)
  return new Set(order.slice(0, count).map(({ i }) => i))
}

export const flipped = (x: Vector, at: ReadonlySet<number>): Vector => x.map((v, i) => (at.has(i) ? -v : v))
