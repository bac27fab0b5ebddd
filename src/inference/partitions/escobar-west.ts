import type { Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { log } from '../../base/special/logarithm.ts'
import { drawBeta, drawLogGamma } from '../../families/numbers/gamma.ts'

/**
 * A draw of the concentration of a Dirichlet process given that n things make `blocks` blocks, with a gamma(shape, rate) prior: from a
 * mixture of two gamma densities, given a number that is beta(alpha + 1, n) (Escobar and West 1995, section 6).
 */
export function drawConcentration(
  stream: Stream,
  alpha: number,
  { n, blocks, shape, rate }: { readonly n: number; readonly blocks: number; readonly shape: number; readonly rate: number },
): number {
  const scale = rate - log(drawBeta(stream, alpha + 1, n))
  const odds = (shape + blocks - 1) / (n * scale)
  const more = stream.uniform() * (1 + odds) < odds ? 0 : -1
  return exp(drawLogGamma(stream, shape + blocks + more) - log(scale))
}
