import { cell, HALF_LOG_TWO_PI, normals, type Pair, pair } from './pair.ts'

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** GARCH(1, 1) over mu, log alpha0, logit alpha1 and logit(beta1 / (1 - alpha1)); the way back is the adjoint recursion. */
export function garch(text: string, steps: number): Pair {
  const y = normals(steps, 1).map((e) => 5 + 1.6 * e)
  const [sigma1, mu, logAlpha0, logitAlpha1, logitBeta1] = [cell(0.5), cell(5.05), cell(0.3), cell(0.2), cell(-0.4)]
  const [energy, dMu, dAlpha0, dAlpha1, dBeta1] = [cell(), cell(), cell(), cell(), cell()]
  const variance = new Float64Array(steps)
  const slope = new Float64Array(steps)
  const run = (): void => {
    const m = mu[0] as number
    const alpha0 = Math.exp(logAlpha0[0] as number)
    const alpha1 = sigmoid(logitAlpha1[0] as number)
    const share = sigmoid(logitBeta1[0] as number)
    const beta1 = (1 - alpha1) * share
    let total = steps * HALF_LOG_TWO_PI
    let dm = 0
    let v = (sigma1[0] as number) ** 2
    let shock = 0
    for (let t = 0; t < steps; t++) {
      if (t > 0) v = alpha0 + alpha1 * shock + beta1 * v
      const r = (y[t] as number) - m
      shock = r * r
      const inverse = 1 / v
      variance[t] = v
      slope[t] = 0.5 * inverse * (1 - shock * inverse)
      total += 0.5 * (Math.log(v) + shock * inverse)
      dm -= r * inverse
    }
    let back = 0
    let d0 = 0
    let d1 = 0
    let db = 0
    let pull = 0
    for (let t = steps - 1; t > 0; t--) {
      back = (slope[t] as number) + beta1 * back
      const r = (y[t - 1] as number) - m
      d0 += back
      d1 += back * r * r
      db += back * (variance[t - 1] as number)
      pull += back * r
    }
    const [la, lb] = [alpha1 * (1 - alpha1), share * (1 - share)]
    energy[0] = total - (logAlpha0[0] as number) - Math.log(la) - Math.log(lb * (1 - alpha1))
    dMu[0] = dm - 2 * alpha1 * pull
    dAlpha0[0] = d0 * alpha0 - 1
    dAlpha1[0] = (d1 - db * share) * la - (1 - 2 * alpha1) + alpha1
    dBeta1[0] = db * (1 - alpha1) * lb - (1 - 2 * share)
  }
  return pair(
    `GARCH(1, 1), ${steps} steps`,
    {
      text,
      reading: 'sampling',
      sizes: { t: steps },
      fixed: { y, sigma1 },
      coordinates: {
        'coordinate:mu': mu,
        'coordinate:alpha0': logAlpha0,
        'coordinate:alpha1': logitAlpha1,
        'coordinate:beta1': logitBeta1,
      },
    },
    {
      outputs: { energy, 'gradient:mu': dMu, 'gradient:alpha0': dAlpha0, 'gradient:alpha1': dAlpha1, 'gradient:beta1': dBeta1 },
      run,
    },
  )
}
