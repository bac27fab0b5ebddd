import { InternalError } from '../base/internal-error.ts'
import type { Sizes } from './graph.ts'
import { offsets, sizeOf, stridesOver } from './layout.ts'

/** A forward recursion that has run, of chains side by side. */
export interface ForwardRun {
  /** The axes of the state, of which `axis` is the one along the chain. */
  readonly axes: readonly string[]
  readonly axis: string
  readonly level: string
  readonly before: string
  readonly sizes: Sizes
  /** Over `axes` and `level`: the log weight of everything up to an element that ends in a level. */
  readonly forward: Float64Array
  /** Over `stepAxes`, some of `axes`, `level` and `before`: the log weight of a level after the level before. */
  readonly step: Float64Array
  readonly stepAxes: readonly string[]
}

/**
 * Goes back along each chain: `choose` gets the energies (minus the log weights) of the levels of the last element, then those of
 * each element before it given what was chosen for the next, `forward[t](k) + step[t+1](next, k)`; it gives the level that is
 * `put` at each site. The array of energies is used again.
 */
export function backward(run: ForwardRun, choose: (energies: Float64Array) => number, put: (site: number, level: number) => void): void {
  const { axes, axis, level, before, sizes, forward, step } = run
  const along = axes.indexOf(axis)
  if (along < 0) throw new InternalError(`no axis ${axis}`)
  const stride = axes.slice(along + 1).reduce((n, a) => n * sizeOf(a, sizes), 1)
  const [length, size] = [sizeOf(axis, sizes), sizeOf(level, sizes)]
  const energies = new Float64Array(size)
  // Moves that are the same at every step, or in every chain, are there once.
  const strides = stridesOver(run.stepAxes, sizes)
  const starts = offsets(axes, sizes, strides)
  const [byNext, byLevel] = [strides.get(level) ?? 0, strides.get(before) ?? 0]
  const sites = forward.length / size
  for (let first = 0; first < sites; first += 1) {
    if (Math.floor(first / stride) % length !== 0) continue
    let next = -1
    for (let t = length - 1; t >= 0; t -= 1) {
      const site = first + t * stride
      for (let k = 0; k < size; k += 1) {
        const move = next < 0 ? 0 : (step[(starts[site + stride] as number) + next * byNext + k * byLevel] as number)
        energies[k] = -((forward[site * size + k] as number) + move)
      }
      next = choose(energies)
      put(site, next)
    }
  }
}
