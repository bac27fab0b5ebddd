/** A function of a value of one variable. */
type Log = (x: readonly number[]) => number

/** log of the integral of exp(log) over a variable of this kind, whose density has one peak: by trapezoids over all of the real line. */
export function logIntegral(kind: string, log: Log, near: readonly number[]): number {
  if (kind === 'simplex') return overShares(log, near.length)
  if (kind === 'unit') return overSphere(log, near.length)
  const [to, slope] = maps[kind] ?? maps.real
  return line((u) => log([to(u)]) + slope(u))
}

type Map = readonly [to: (u: number) => number, logSlope: (u: number) => number]

/** From the line to where a value lies, with the log of the slope. */
const maps: Readonly<Record<string, Map>> & { readonly real: Map } = {
  real: [(u) => u, () => 0],
  positive: [Math.exp, (u) => u],
  covariance: [Math.exp, (u) => u],
  probability: [sigmoid, (u) => Math.log(sigmoid(u)) + Math.log(sigmoid(-u))],
}

function sigmoid(u: number): number {
  return 1 / (1 + Math.exp(-u))
}

/** Around the peak, which is looked for; the step is small against the width, so that trapezoids are right to rounding. */
function line(log: (u: number) => number): number {
  let [at, best] = [0, log(0)]
  for (let step = 16; step > 1e-3; ) {
    const next = [at - step, at + step].map((u) => [u, log(u)] as const).sort((a, b) => b[1] - a[1])[0] as readonly [number, number]
    if (next[1] > best) [at, best] = next
    else step /= 2
  }
  const d = 1e-3
  const curvature = Math.max(1e-6, (2 * best - log(at + d) - log(at - d)) / (d * d))
  const step = Math.min(0.25, 0.2 / Math.sqrt(curvature))
  const [down, up] = [-step, step].map((h) => reach(log, at, best, h)) as [number, number]
  return best + Math.log(step * (1 + down + up))
}

function reach(log: (u: number) => number, at: number, best: number, step: number): number {
  let sum = 0
  for (let k = 1; k < 200_000; k += 1) {
    const height = Math.exp(log(at + k * step) - best)
    sum += height
    if (height < 1e-18) break
  }
  return sum
}

/** Three shares, by two sticks. */
function overShares(log: Log, size: number): number {
  if (size !== 3) throw new Error('three shares')
  const share = (u: number): number => Math.log(sigmoid(u)) + Math.log(sigmoid(-u))
  const inner = (u: number): number => {
    const a = sigmoid(u)
    return Math.log(1 - a) + share(u) + line((v) => log([a, (1 - a) * sigmoid(v), (1 - a) * sigmoid(-v)]) + share(v))
  }
  return line(inner)
}

/** The sphere in three dimensions, by height and angle. */
function overSphere(log: Log, size: number): number {
  if (size !== 3) throw new Error('three dimensions')
  const turns = 64
  return line((u) => {
    const z = Math.tanh(u)
    const r = 1 / Math.cosh(u)
    const logs = Array.from({ length: turns }, (_, k) => {
      const angle = (2 * Math.PI * k) / turns
      return log([r * Math.cos(angle), r * Math.sin(angle), z])
    })
    const top = Math.max(...logs)
    const ring = logs.reduce((sum, v) => sum + Math.exp(v - top), 0)
    return top + Math.log((2 * Math.PI * ring) / turns) + 2 * Math.log(r)
  })
}

/** Of a quadratic: its second differences are exact, and its determinant is by elimination with pivots. */
export function quadratic(log: Log, before: readonly number[]): number {
  const n = before.length
  const at = (...steps: readonly (readonly [number, number])[]): number =>
    log(before.map((x, i) => x + steps.reduce((sum, [k, d]) => (k === i ? sum + d : sum), 0)))
  const here = at()
  const rows = before.map((_, i) => {
    const h = (at([i, 1]) - at([i, -1])) / 2
    return [...before.map((__, j) => -(at([i, 1], [j, 1]) - at([i, 1]) - at([j, 1]) + here)), h]
  })
  const h = rows.map((row) => row[n] as number)
  let logDeterminant = 0
  rows.forEach((row, k) => {
    const pivot = row[k] as number
    logDeterminant += Math.log(pivot)
    rows.forEach((other, i) => {
      const factor = (other[k] as number) / pivot
      if (i !== k) row.forEach((v, j) => { other[j] = (other[j] as number) - factor * v }) // biome-ignore format: one thought
    })
  })
  const mode = rows.map((row, k) => (row[n] as number) / (row[k] as number))
  const climb = mode.reduce((sum, d, i) => sum + (d * (h[i] as number)) / 2, 0)
  return here + climb + (n * Math.log(2 * Math.PI) - logDeterminant) / 2
}
