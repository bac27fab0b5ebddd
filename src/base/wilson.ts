/** The interval of a share at 95 %, where k of n succeeded (Wilson 1927). */
export function wilson(k: number, n: number): readonly [number, number] {
  const z = 1.959963984540054
  const p = k / n
  const centre = p + (z * z) / (2 * n)
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return [k === 0 ? 0 : (centre - half) / scale, k === n ? 1 : (centre + half) / scale]
}
