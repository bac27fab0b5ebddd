import { exp } from '../../base/special/exponential.ts'
import type { Uniforms } from '../density/density.ts'
import type { Stop } from './sampler.ts'

/** A discrete state as Gibbs sampling sees it: `sites` numbers, each one of `levels`. */
export interface DiscreteField {
  readonly name: string
  /** The present value of every site. Changed by `commit` only, or followed by `prepare`. */
  readonly values: Float64Array
  readonly levels: Float64Array
  /** 1 for the sites that stay, being observed; absent where all move. */
  readonly held?: Uint8Array
  /** Looks at everything anew: another state moved. */
  prepare(): void
  /** E(with `level` at `site`) - E(now), nats. */
  change(site: number, level: number): number
  commit(site: number, level: number): void
}

export interface GibbsOptions {
  /** `systematic`: every site once a sweep, in order. `random`: as many sites as there are, drawn uniformly with replacement. Held sites are passed over. */
  readonly scan?: 'systematic' | 'random'
  /** T of exp(-E/T), nats, or what tells it where it changes; 1. At 0 a site takes a level of least energy. */
  readonly temperature?: number | (() => number)
}

export interface Gibbs {
  /** The heat-bath distribution of one site given all others, in the order of the field's levels, written into `out`. */
  conditional(field: DiscreteField, site: number, out: Float64Array): void
  /** Draws one site from its conditional distribution; says whether it changed. */
  move(field: DiscreteField, site: number, stream: Uniforms): boolean
  /** One sweep over all fields; the number of sites that changed, or -1 where it was stopped between two of them. */
  sweep(stream: Uniforms, stop?: Stop): number
  /** Tells that something outside these fields changed. */
  refresh(): void
}

/** Heat-bath Gibbs sampling (Geman & Geman 1984) of discrete states, one site at a time. */
export function gibbs(fields: readonly DiscreteField[], options: GibbsOptions = {}): Gibbs {
  const { scan = 'systematic', temperature = 1 } = options
  const stale = new Set(fields)
  const sites = fields.reduce((sum, f) => sum + f.values.length, 0)
  const probabilities = new Map(fields.map((f) => [f, new Float64Array(f.levels.length)]))

  function conditional(field: DiscreteField, site: number, out: Float64Array): void {
    if (stale.delete(field)) field.prepare()
    const now = field.values[site] as number
    for (let l = 0; l < out.length; l += 1) {
      const level = field.levels[l] as number
      out[l] = level === now ? 0 : field.change(site, level)
    }
    boltzmann(out, typeof temperature === 'number' ? temperature : temperature())
  }

  function move(field: DiscreteField, site: number, stream: Uniforms): boolean {
    const p = probabilities.get(field) as Float64Array
    conditional(field, site, p)
    const level = field.levels[pick(p, stream.uniform())] as number
    if (level === field.values[site]) return false
    field.commit(site, level)
    for (const other of fields) if (other !== field) stale.add(other)
    return true
  }

  function everySite(stream: Uniforms, stop?: Stop): number {
    let moved = 0
    for (const field of fields) {
      for (let site = 0; site < field.values.length; site += 1) {
        if (stop?.aborted === true) return -1
        if (field.held?.[site] !== 1 && move(field, site, stream)) moved += 1
      }
    }
    return moved
  }

  function randomSites(stream: Uniforms, stop?: Stop): number {
    let moved = 0
    for (let k = 0; k < sites; k += 1) {
      if (stop?.aborted === true) return -1
      let site = Math.floor(stream.uniform() * sites)
      for (const field of fields) {
        if (site < field.values.length) {
          if (field.held?.[site] !== 1 && move(field, site, stream)) moved += 1
          break
        }
        site -= field.values.length
      }
    }
    return moved
  }

  return {
    conditional,
    move,
    sweep: scan === 'systematic' ? everySite : randomSites,
    refresh() {
      for (const field of fields) stale.add(field)
    },
  }
}

/** Energies (nats) to probabilities exp(-E/T)/Z, in place. An energy that is NaN counts as infinite. */
export function boltzmann(energies: Float64Array, temperature: number): void {
  let least = Number.POSITIVE_INFINITY
  for (const e of energies) if (e < least) least = e
  let total = 0
  for (let l = 0; l < energies.length; l += 1) {
    const e = energies[l] as number
    // Equal infinities have no difference; levels of equally (infinitely) low energy share the probability.
    const weight = e === least ? 1 : temperature === 0 || Number.isNaN(e) ? 0 : exp((least - e) / temperature)
    energies[l] = weight
    total += weight
  }
  for (let l = 0; l < energies.length; l += 1) energies[l] = (energies[l] as number) / total
}

/** The index drawn from `probabilities` by the uniform number `u`: by inversion. */
export function pick(probabilities: Float64Array, u: number): number {
  let sum = 0
  let last = 0
  for (let l = 0; l < probabilities.length; l += 1) {
    const p = probabilities[l] as number
    if (p <= 0) continue
    sum += p
    last = l
    if (u < sum) return l
  }
  return last
}
