import { fold, type Key, Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { log1p } from '../../base/special/logarithm.ts'
import type { OpenPopulation } from './population.ts'

/** A layer of two-valued elements that do not meet each other, of many particles. */
export interface Layer {
  readonly levels: readonly [number, number]
  /** [particle, element]. */
  readonly values: Float64Array
  /** 1 for the elements that stay. */
  readonly held: Uint8Array
  /** How E changes where one element alone flips, [particle, element]: written anew by `look`. */
  readonly change: Float64Array
  look(): void
}

/** Layers of so many particles, and the energy of one of them. */
export interface OpenLayers {
  readonly layers: readonly Layer[]
  energy(particle: number): number
}

export interface LayeredSetting {
  open(count: number): OpenLayers
  readonly temperature: number
  readonly key: Key
}

/**
 * The path f_b = exp(-b E/T) of layers, the last of which is summed over at every b, and drawn when the others are to move: each layer at
 * once, given the others (block Gibbs). A weight is that of the others alone, as in Salakhutdinov and Murray (2008).
 */
export const layered =
  ({ open, temperature, key }: LayeredSetting): OpenPopulation =>
  (count, name) => {
    const { layers, energy } = open(count)
    const own = fold(key, name)
    const streams = Array.from({ length: count }, (_, i) => new Stream(fold(own, i)))
    const last = layers.length - 1
    const free = layers.map(({ held }) => Int32Array.from(held.keys()).filter((i) => held[i] !== 1))
    const energies = Float64Array.from({ length: count }, (_, i) => {
      layers.forEach(({ levels, values, held }, l) => {
        for (const site of free[l] as Int32Array) values[i * held.length + site] = levels[(streams[i] as Stream).integer(2) as 0 | 1]
      })
      return energy(i)
    })

    /** All elements of a layer given the others. */
    function draw(l: number, b: number): void {
      const { levels, values, held, change } = layers[l] as Layer
      const sum = levels[0] + levels[1]
      const sites = free[l] as Int32Array
      for (let i = 0; i < count; i += 1) {
        const stream = streams[i] as Stream
        let gained = 0
        for (let k = 0; k < sites.length; k += 1) {
          const at = i * held.length + (sites[k] as number)
          const by = change[at] as number
          if (stream.uniform() * (1 + exp((b / temperature) * by)) >= 1) continue
          values[at] = sum - (values[at] as number)
          gained += by
        }
        energies[i] = (energies[i] as number) + gained
      }
    }

    const top = layers[last] as Layer
    top.look()
    return {
      count,
      dimension: 0,
      logBase: layers.reduce((sum, _, l) => sum + (free[l] as Int32Array).length, 0) * Math.LN2,
      log(i, b) {
        const [sites, scale] = [free[last] as Int32Array, -b / temperature]
        let log = scale * (energies[i] as number)
        for (let k = 0; k < sites.length; k += 1)
          log += softplus(scale * (top.change[i * top.held.length + (sites[k] as number)] as number))
        return log
      },
      move(b) {
        draw(last, b)
        for (let l = 0; l < last; l += 1) {
          ;(layers[l] as Layer).look()
          draw(l, b)
        }
        top.look()
        return Number.NaN
      },
      copy(from) {
        const [old, changes] = [energies.slice(), top.change.slice()]
        const width = top.held.length
        for (const { values, held } of layers) {
          const before = values.slice()
          from.forEach((j, i) => {
            values.set(before.subarray(j * held.length, (j + 1) * held.length), i * held.length)
          })
        }
        from.forEach((j, i) => {
          energies[i] = old[j] as number
          top.change.set(changes.subarray(j * width, (j + 1) * width), i * width)
        })
      },
      spread: () => new Float64Array(0),
    }
  }

/** log(1 + exp(x)) */
function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
}
