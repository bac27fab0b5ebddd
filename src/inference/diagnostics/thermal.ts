import { squared } from '../../base/special/pow.ts'
import { mcseMean } from './mcse.ts'
import { mean, pooled, variance } from './moments.ts'

/** A number and its Monte Carlo standard error: NaN where nothing varied in the draws, or they are too few, which says nothing of it. */
export interface ThermalEstimate {
  readonly value: number
  readonly error: number
}

/** A mean over draws, its error by the effective sample size (Vehtari et al. 2021). */
export function meanOf(chains: readonly Float64Array[]): ThermalEstimate {
  const all = pooled(chains)
  return { value: mean(all), error: variance(all) === 0 ? Number.NaN : mcseMean(chains) }
}

/** The variance over draws; its error is that of the mean of the squared deviations (the mean's own error is of second order). */
export function varianceOf(chains: readonly Float64Array[]): ThermalEstimate {
  const all = pooled(chains)
  const centre = mean(all)
  const { error } = meanOf(chains.map((c) => c.map((x) => squared(x - centre))))
  return { value: variance(all), error }
}

/** C = Var(E) / T^2 = d<E>/dT, in units of Boltzmann's constant. */
export function heatCapacity(energies: readonly Float64Array[], temperature: number): ThermalEstimate {
  return scaled(varianceOf(energies), 1 / squared(temperature))
}

/** chi = Var(m) / T: how the mean of m answers a field h in a term -h m of the energy, d<m>/dh. */
export function susceptibility(values: readonly Float64Array[], temperature: number): ThermalEstimate {
  return scaled(varianceOf(values), 1 / temperature)
}

function scaled({ value, error }: ThermalEstimate, by: number): ThermalEstimate {
  return { value: value * by, error: error * by }
}
