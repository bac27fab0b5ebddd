import type { Stream } from '../../base/random.ts'
import { acos } from '../../base/special/inverse-trigonometric.ts'
import { log } from '../../base/special/logarithm.ts'
import { cos } from '../../base/special/trigonometric.ts'

/** An angle within pi of `mu`. Best and Fisher (1979), Applied Statistics 28. */
export function drawVonMises(stream: Stream, mu: number, kappa: number): number {
  if (kappa < 1e-8) return mu + Math.PI * (2 * stream.uniform() - 1)
  // Beyond 1e8 the density differs from the normal one by less than 1e-8 wherever there is mass.
  if (kappa > 1e8) return mu + stream.normal() / Math.sqrt(kappa)
  const root = Math.sqrt(1 + 4 * kappa * kappa)
  const tau = 1 + root
  // (tau - sqrt(2 tau)) / (2 kappa), without the difference, which is 0 for a small kappa.
  const rho = (2 * kappa * Math.sqrt(tau)) / ((1 + root) * (Math.sqrt(tau) + Math.SQRT2))
  const r = (1 + rho * rho) / (2 * rho)
  for (;;) {
    const z = cos(Math.PI * stream.uniform())
    const f = (1 + r * z) / (r + z)
    const c = kappa * (r - f)
    const u = stream.uniform()
    if (c * (2 - c) > u || log(c / u) + 1 >= c) return mu + (stream.uniform() < 0.5 ? -1 : 1) * acos(Math.min(1, f))
  }
}
