import type { Lab, Vector } from 'amp-lang/experiment'

/** Rows, columns and colours of an image. */
export interface ImageShape {
  readonly side: number
}

export const pixelsOf = ({ side }: ImageShape): number => side * side * 3

/** A coloured disc, a smaller one and a bar on a coloured ground, as thumbnails of emoji are; pixels from -1 to 1, rows first. */
export function images(lab: Lab, name: string, count: number, { side }: ImageShape): readonly Vector[] {
  const random = lab.random('images', name)
  const colour = (): Vector => [0, 1, 2].map(() => 2 * random.uniform() - 1)
  const disc = (least: number, most: number) => {
    const [x, y, r] = [random.uniform(), random.uniform(), least + (most - least) * random.uniform()]
    return { colour: colour(), holds: (u: number, v: number) => (u - x) ** 2 + (v - y) ** 2 < r * r }
  }
  const bar = () => {
    const [at, wide, across] = [random.uniform(), 0.15 + 0.1 * random.uniform(), random.uniform() < 0.5]
    return { colour: colour(), holds: (u: number, v: number) => Math.abs((across ? u : v) - at) < wide }
  }
  return Array.from({ length: count }, () => {
    const ground = colour()
    const shapes = [disc(0.1, 0.25), bar(), disc(0.25, 0.5)]
    return Array.from({ length: side * side }, (_, i) => {
      const [u, v] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side]
      return (shapes.find((s) => s.holds(u, v))?.colour ?? ground).slice()
    }).flat()
  })
}

/** Whether a pixel of these lies in the right-hand quarter. */
export const isHidden = (i: number, { side }: ImageShape): boolean => Math.floor(i / 3) % side >= 0.75 * side
