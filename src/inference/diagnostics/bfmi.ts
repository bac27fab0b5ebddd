import { squared } from '../../base/special/pow.ts'
import { mean, variance } from './moments.ts'

/**
 * Energy Bayesian fraction of missing information of one chain, from its Hamiltonians (`energy__`): below 0.3 the
 * momenta's refreshment cannot keep up with the spread of the energy (Betancourt 2016).
 */
export function eBfmi(energies: Float64Array): number {
  const steps = energies.subarray(1).map((e, i) => squared(e - (energies[i] as number)))
  return mean(steps) / variance(energies)
}
