import type { Loaded } from 'amp-lang'
import { type Figure, fitLine, type Lab, smallestRise } from 'amp-lang/experiment'
import { type Capacity, capacity, type Effort } from './capacity.ts'

/**
 * Growth of the capacity with the dimension, of patterns on the sphere of radius sqrt(d) and h^2 = 1/lambda, by a random
 * energy model (after Lucibello and Mezard 2024): lambda (1 - m) - log(1 - m^2) / 2 with m = (sqrt(1 + 4 lambda^2) - 1) / (2 lambda).
 */
const growth = (lambda: number): number => {
  const m = (Math.sqrt(1 + 4 * lambda * lambda) - 1) / (2 * lambda)
  return lambda * (1 - m) - Math.log(1 - m * m) / 2
}

/** N_c by an independent simulation: d = 10 to 24 at 1/h^2 = 0.5, then d = 10 to 14 at 1/h^2 = 1. */
const simulated = [
  ...[10, 12, 14, 16, 20, 24].map((x, k) => ({ x, y: [14, 24, 40, 76, 285, 1099][k] as number })),
  ...[10, 12, 14].map((x, k) => ({ x, y: [215, 605, 1609][k] as number })),
]

/** Capacities over the dimension at two widths, and over the width. */
export async function growths(lab: Lab, model: Loaded) {
  const effort: Effort = lab.quick ? { memories: 6, cues: 10 } : { memories: 16, cues: 25 }
  const over = async (
    lambda: number,
    dimensions: readonly number[],
    from: number,
    [begin, end]: readonly [number, number],
  ): Promise<readonly Capacity[]> => {
    const found: Capacity[] = []
    for (const [k, d] of dimensions.entries()) {
      lab.progress(begin + ((end - begin) * k) / dimensions.length, `capacity at 1/h^2 = ${lambda}, d = ${d}`)
      found.push(await capacity(lab, model, lambda, d, Math.max(4, Math.round(found.at(-1)?.patterns.value ?? from)), effort))
    }
    return found
  }
  const wide = await over(0.5, lab.quick ? [10, 12, 14, 16] : [10, 12, 14, 16, 18, 20, 22, 24], 10, [0.4, 0.7])
  const between = await over(0.75, [12], 60, [0.7, 0.75])
  const sharp = await over(1, lab.quick ? [10, 12] : [10, 12, 14], 150, [0.75, 1])
  const at = (found: readonly Capacity[], d: number): number => found.find((c) => c.dimension === d)?.patterns.value ?? Number.NaN
  return {
    measured: {
      line: lab.quick ? undefined : lineOf(wide).r2,
      slope: lab.quick ? undefined : lastSlope(wide) / growth(0.5),
      sixteen: wide.find((c) => c.dimension === 16)?.patterns,
      sharperLine: lab.quick ? undefined : lineOf(sharp).r2,
      sharperSlope: lab.quick ? undefined : lastSlope(sharp) / growth(1),
      wider: smallestRise([wide, between, sharp].map((found) => Math.log(at(found, 12)))),
    },
    figure: drawing(wide, sharp),
  }
}

const logs = (found: readonly Capacity[]) => found.map(({ dimension, patterns }) => ({ x: dimension, y: Math.log(patterns.value) }))
const lineOf = (found: readonly Capacity[]) => fitLine(logs(found))
const lastSlope = (found: readonly Capacity[]): number => fitLine(logs(found).slice(-2)).slope

function drawing(wide: readonly Capacity[], sharp: readonly Capacity[]): Figure {
  const measured = (found: readonly Capacity[]) => found.map(({ dimension: x, patterns: { value: y, error } }) => ({ x, y, error }))
  const limit = (found: readonly Capacity[], lambda: number) => {
    const last = found.at(-1)
    return found.map(({ dimension: x }) => ({
      x,
      y: (last?.patterns.value ?? 1) * Math.exp(growth(lambda) * (x - (last?.dimension ?? 0))),
    }))
  }
  return {
    title: 'What a Gaussian kernel density estimate holds',
    panels: [
      {
        title: 'Patterns of which half are recalled',
        x: { label: 'dimension d' },
        y: { label: 'patterns N_c', scale: 'log' },
        series: [
          { name: '1/h² = 0.5', marks: 'line and dots', points: measured(wide) },
          { name: '1/h² = 1', marks: 'line and dots', points: measured(sharp) },
          { name: 'independent simulation', marks: 'dots', points: [...simulated] },
          { name: 'slope for d → ∞, 1/h² = 0.5', marks: 'dashes', points: limit(wide, 0.5) },
          { name: 'slope for d → ∞, 1/h² = 1', marks: 'dashes', points: limit(sharp, 1) },
        ],
      },
      {
        title: 'Recall against load, 1/h² = 0.5',
        x: { label: 'patterns N', scale: 'log' },
        y: { label: 'share recalled' },
        series: wide
          .filter((_, k) => k % 2 === 1)
          .map(({ dimension, loads }) => ({
            name: `d = ${dimension}`,
            marks: 'line and dots' as const,
            points: loads.map(({ patterns, value, error }) => ({ x: patterns, y: value, error })),
          })),
      },
    ],
  }
}
