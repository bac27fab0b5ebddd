import { cell, HALF_LOG_TWO_PI, normals, type Pair, pair } from './pair.ts'

/** Predator and prey, with as many Runge-Kutta steps between two observations: functions that call each other. */
function textOf(steps: number): string {
  const doublings = Math.log2(steps)
  const doubled = Array.from({ length: doublings }, (_, k) => `def step${2 ** (k + 1)}(z) = step${2 ** k}(step${2 ** k}(z))`)
  return [
    'data  y[t, species]',
    'axis  species = 2',
    'state a ~ normal(1, 0.3)',
    'state b ~ normal(0.05, 0.1)',
    'state sigma : positive ~ exponential(1)',
    'state z0[species] : positive ~ exponential(0.1)',
    `let   h = 1 / ${steps}`,
    'def rate(z) = where(index(species) == 1, z * (a - b * z[species = 2]), z * (b * z[species = 1] - a))',
    'def k2(z) = rate(z + h / 2 * rate(z))',
    'def k3(z) = rate(z + h / 2 * k2(z))',
    'def k4(z) = rate(z + h * k3(z))',
    'def step1(z) = z + h / 6 * (rate(z) + 2 * k2(z) + 2 * k3(z) + k4(z))',
    ...doubled,
    `let z = scan[t](first = z0, next = step${steps}(prev))`,
    'y ~ normal(z, sigma)',
  ].join('\n')
}

/** The stages of each step are kept for the way back, which is the adjoint of the method (Hairer, Norsett and Wanner 1993, II.1). */
export function nested(times: number, steps: number): Pair {
  const y = normals(2 * times, 4).map((e) => 10 + 2 * e)
  const [a, b, logSigma, logZ0] = [cell(0.5), cell(0.05), cell(0.2), Float64Array.of(2.1, 2.3)]
  const [energy, dA, dB, dSigma, dZ0] = [cell(), cell(), cell(), cell(), new Float64Array(2)]
  const h = 1 / steps
  const path = new Float64Array(2 * times)
  const stages = new Float64Array(8 * steps * times)
  // Where each stage stands between the beginning and the end of a step, and its weight in the step.
  const [ahead, weight] = [
    [0, h / 2, h / 2, h],
    [h / 6, h / 3, h / 3, h / 6],
  ] as const
  const run = (): void => {
    const [al, be, sigma] = [a[0] as number, b[0] as number, Math.exp(logSigma[0] as number)]
    let x = Math.exp(logZ0[0] as number)
    let w = Math.exp(logZ0[1] as number)
    const start = x + w
    path[0] = x
    path[1] = w
    for (let t = 1; t < times; t++) {
      for (let s = 0; s < steps; s++) {
        const at = 8 * ((t - 1) * steps + s)
        let [kx, kw, nx, nw] = [0, 0, x, w]
        for (let i = 0; i < 4; i++) {
          const sx = x + (ahead[i] as number) * kx
          const sw = w + (ahead[i] as number) * kw
          stages[at + 2 * i] = sx
          stages[at + 2 * i + 1] = sw
          kx = sx * (al - be * sw)
          kw = sw * (be * sx - al)
          nx += (weight[i] as number) * kx
          nw += (weight[i] as number) * kw
        }
        x = nx
        w = nw
      }
      path[2 * t] = x
      path[2 * t + 1] = w
    }
    let squares = 0
    for (let i = 0; i < 2 * times; i++) squares += ((y[i] as number) - (path[i] as number)) ** 2
    const precision = 1 / sigma ** 2
    let [lx, lw, da, db] = [0, 0, 0, 0]
    for (let t = times - 1; t >= 0; t--) {
      lx -= ((y[2 * t] as number) - (path[2 * t] as number)) * precision
      lw -= ((y[2 * t + 1] as number) - (path[2 * t + 1] as number)) * precision
      for (let s = steps - 1; t > 0 && s >= 0; s--) {
        const at = 8 * ((t - 1) * steps + s)
        let [backX, backW, sumX, sumW] = [0, 0, lx, lw]
        for (let i = 3; i >= 0; i--) {
          const next = i === 3 ? 0 : (ahead[i + 1] as number)
          const bx = (weight[i] as number) * lx + next * backX
          const bw = (weight[i] as number) * lw + next * backW
          const [sx, sw] = [stages[at + 2 * i] as number, stages[at + 2 * i + 1] as number]
          backX = bx * (al - be * sw) + bw * be * sw
          backW = bw * (be * sx - al) - bx * be * sx
          da += bx * sx - bw * sw
          db += (bw - bx) * sx * sw
          sumX += backX
          sumW += backW
        }
        lx = sumX
        lw = sumW
      }
    }
    const priors = 2 * HALF_LOG_TWO_PI + Math.log(0.3) + Math.log(0.1) + ((al - 1) / 0.3) ** 2 / 2 + ((be - 0.05) / 0.1) ** 2 / 2
    const positive = sigma + 0.1 * start - 2 * Math.log(0.1) - (logSigma[0] as number) - (logZ0[0] as number) - (logZ0[1] as number)
    energy[0] = priors + positive + 2 * times * (HALF_LOG_TWO_PI + Math.log(sigma)) + (squares * precision) / 2
    dA[0] = da + (al - 1) / 0.09
    dB[0] = db + (be - 0.05) / 0.01
    dSigma[0] = 2 * times - squares * precision + sigma - 1
    dZ0[0] = (lx + 0.1) * (path[0] as number) - 1
    dZ0[1] = (lw + 0.1) * (path[1] as number) - 1
  }
  return pair(
    `${steps} nested Runge-Kutta steps, ${times} times`,
    {
      text: textOf(steps),
      reading: 'sampling',
      sizes: { t: times },
      fixed: { y },
      coordinates: { 'coordinate:a': a, 'coordinate:b': b, 'coordinate:sigma': logSigma, 'coordinate:z0': logZ0 },
    },
    { outputs: { energy, 'gradient:a': dA, 'gradient:b': dB, 'gradient:sigma': dSigma, 'gradient:z0': dZ0 }, run },
  )
}
