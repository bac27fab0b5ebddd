import { type Lab, minus, norm, type Vector } from 'amp-lang/experiment'

/** Images of three soft spots each, of side `side`, pixels from 0 to 1 / side: an image has about the length of a bit pattern. */
export function images(lab: Lab, count: number, side: number): readonly Vector[] {
  const random = lab.random('images')
  const image = (): Vector => {
    const spots = Array.from({ length: 3 }, () => ({
      x: side * random.uniform(),
      y: side * random.uniform(),
      r: side * (0.1 + 0.15 * random.uniform()),
    }))
    const light = (i: number): number => {
      const [px, py] = [(i % side) + 0.5, Math.floor(i / side) + 0.5]
      return (
        Math.min(
          1,
          spots.reduce((sum, { x, y, r }) => sum + Math.exp(-((px - x) ** 2 + (py - y) ** 2) / (2 * r * r)), 0),
        ) / side
      )
    }
    return Array.from({ length: side * side }, (_, i) => light(i))
  }
  const found: Vector[] = []
  while (found.length < count) {
    const next = image()
    if (found.every((other) => norm(minus(other, next)) ** 2 > APART)) found.push(next)
  }
  return found
}

/** Images are told apart: the kernel of two of them is below exp(-5) at beta = 60. */
const APART = 1 / 6
