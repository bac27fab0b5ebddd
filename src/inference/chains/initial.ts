import type { LogDensity, NoiseSource } from '../density/density.ts'
import type { ChainFailure } from './outcome.ts'

export interface InitialOptions {
  /** Unconstrained coordinates to start from, as they are; NaN where a coordinate is drawn. */
  readonly at?: Float64Array
  /** Around what each coordinate is drawn; 0. */
  readonly around?: Float64Array
  /** Half-width of the uniform distribution of each coordinate that is drawn; 2. */
  readonly radius?: number
  /** Points to try; 100. */
  readonly tries?: number
}

export type Initial = { readonly kind: 'found'; readonly q: Float64Array } | ChainFailure

/**
 * Where a chain starts, as in Stan: coordinates that nothing was said of uniform on (-2, 2) around a point, the first
 * where the log density and its gradient are finite. The failure names the term that was not finite at the last point tried.
 */
export function initialPoint(density: LogDensity, stream: NoiseSource, options: InitialOptions = {}): Initial {
  const { at, around, radius = 2 } = options
  const isDrawn = (i: number): boolean => at === undefined || Number.isNaN(at[i])
  const drawn = Array.from({ length: density.dimension }, (_, i) => isDrawn(i))
  const { tries = drawn.includes(true) || at === undefined ? 100 : 1 } = options
  const q = new Float64Array(density.dimension)
  const gradient = new Float64Array(density.dimension)
  let value = Number.NaN
  for (let t = 0; t < tries; t += 1) {
    for (let i = 0; i < q.length; i += 1)
      q[i] = drawn[i] === true ? (around?.[i] ?? 0) + radius * (2 * stream.uniform() - 1) : (at?.[i] as number)
    value = density.evaluate(q, gradient)
    if (Number.isFinite(value) && gradient.every(Number.isFinite)) return { kind: 'found', q }
  }
  return notFinite(density, value, gradient, tries)
}

/** What is not finite at the last point that was evaluated, of so many; 0: where nothing moves. */
export function notFinite(density: LogDensity, value: number, gradient: Float64Array, tries: number): ChainFailure {
  const where = ['At the values that are given', 'At the given starting point'][tries] ?? `At each of ${tries} random starting points`
  const last = tries === 0 ? '' : ' at the last one'
  const broken = density.terms?.().find((t) => !Number.isFinite(t.value))
  if (broken !== undefined) {
    const sentence = `${where} the energy is not finite: the term "${broken.name}" is ${broken.value}${last}.`
    const at = density.whole?.()
    return { kind: 'failed', sentence, term: broken.name, value: broken.value, ...(at === undefined ? {} : { at: [...at] }) }
  }
  if (!Number.isFinite(value)) return { kind: 'failed', sentence: `${where} the energy is not finite (${-value}${last}).`, value: -value }
  const bad = gradient.findIndex((g) => !Number.isFinite(g))
  return {
    kind: 'failed',
    sentence: `${where} the energy is finite but its gradient is not (coordinate ${bad + 1} is ${gradient[bad]}${last}).`,
  }
}
