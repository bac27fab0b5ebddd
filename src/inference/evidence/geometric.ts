import { fold, type Key, Stream } from '../../base/random.ts'
import { exp } from '../../base/special/exponential.ts'
import { metric } from '../adaptation/metric.ts'
import type { LogDensity } from '../density/density.ts'
import { boltzmann, type DiscreteField, pick } from '../samplers/gibbs.ts'
import { copyPoint, hamiltonian, leapfrog, point } from '../samplers/leapfrog.ts'
import type { MoveTuning, OpenPopulation, Population } from './population.ts'

/** A density of coordinates and discrete values that can be drawn from. */
export interface Base {
  /** log of its integral over the coordinates, and sum over the discrete values. */
  readonly logIntegral: number
  /** At coordinates, and at the discrete values that the fields hold. */
  readonly density: LogDensity
  /** Its change where a discrete value changes; absent where it is uniform over these. */
  readonly fields?: readonly DiscreteField[]
  /** Writes coordinates into `q`, and the discrete values into the fields. */
  draw(key: Key, q: Float64Array): void
}

export interface GeometricSetting {
  readonly target: LogDensity
  readonly fields: readonly DiscreteField[]
  /** T: fields give differences of E. */
  readonly temperature: number
  readonly base: Base
  readonly key: Key
}

/** A trajectory goes a quarter of a turn around a normal density, more or less. */
const TURN = Math.PI / 2
const MOST_LEAPS = 40

/** The path f_b = base^(1-b) target^b: trajectories of coordinates, and heat-bath sweeps over discrete values, in turn. */
export const geometric =
  (setting: GeometricSetting): OpenPopulation =>
  (count, name) => {
    const { target, base, fields } = setting
    const { dimension } = target
    const width = dimension + fields.reduce((sum, f) => sum + f.values.length, 0)
    const numbers = new Float64Array(count * width)
    const [atBase, atTarget] = [new Float64Array(count), new Float64Array(count)]
    const own = fold(setting.key, name)
    const streams = Array.from({ length: count }, (_, i) => new Stream(fold(fold(own, 'moves'), i)))
    const mover = moverOf(setting)

    const load = (i: number): void => {
      let at = i * width
      mover.here.q.set(numbers.subarray(at, at + dimension))
      at += dimension
      for (const { values } of fields) {
        values.set(numbers.subarray(at, at + values.length))
        at += values.length
      }
    }
    const store = (i: number): void => {
      let at = i * width
      numbers.set(mover.here.q, at)
      at += dimension
      for (const { values } of fields) {
        numbers.set(values, at)
        at += values.length
      }
      atBase[i] = mover.logBase()
      atTarget[i] = mover.logTarget()
    }

    for (let i = 0; i < count; i += 1) {
      base.draw(fold(fold(own, 'base'), i), mover.here.q)
      mover.look(0)
      store(i)
    }
    const population: Population = {
      count,
      dimension,
      logBase: base.logIntegral,
      log: (i, b) => mixed(b, atBase[i] as number, atTarget[i] as number),
      move(b, tuning) {
        mover.tune(tuning)
        let accepted = 0
        for (let i = 0; i < count; i += 1) {
          load(i)
          accepted += mover.step(b, tuning.step, streams[i] as Stream)
          store(i)
        }
        return dimension === 0 ? Number.NaN : accepted / count
      },
      copy(from) {
        const [old, oldBase, oldTarget] = [numbers.slice(), atBase.slice(), atTarget.slice()]
        from.forEach((j, i) => {
          numbers.set(old.subarray(j * width, (j + 1) * width), i * width)
          atBase[i] = oldBase[j] as number
          atTarget[i] = oldTarget[j] as number
        })
      },
      spread: () => spreadOf(numbers, count, width, dimension),
    }
    return population
  }

/** (1 - b) base + b target, where 0 times infinity is 0. */
function mixed(b: number, base: number, target: number): number {
  if (b === 0) return base
  return b === 1 ? target : (1 - b) * base + b * target
}

function spreadOf(numbers: Float64Array, count: number, width: number, dimension: number): Float64Array {
  return Float64Array.from({ length: dimension }, (_, k) => {
    let [mean, squares] = [0, 0]
    for (let i = 0; i < count; i += 1) {
      const off = (numbers[i * width + k] as number) - mean
      mean += off / (i + 1)
      squares += off * ((numbers[i * width + k] as number) - mean)
    }
    const variance = squares / Math.max(1, count - 1)
    return variance > 0 && Number.isFinite(variance) ? Math.sqrt(variance) : 1
  })
}

/** Moves the one particle that is at hand. */
function moverOf({ target, fields, temperature, base }: GeometricSetting) {
  const n = target.dimension
  const [slopes, steep] = [new Float64Array(n), new Float64Array(n)]
  let [b, ofBase, ofTarget] = [0, 0, 0]
  const path: LogDensity = {
    dimension: n,
    evaluate(q, gradient) {
      ofBase = base.density.evaluate(q, slopes)
      ofTarget = target.evaluate(q, steep)
      for (let i = 0; i < n; i += 1) gradient[i] = mixed(b, slopes[i] as number, steep[i] as number)
      return mixed(b, ofBase, ofTarget)
    },
  }
  const inverse = metric('diagonal', n)
  const [here, next] = [point(n), point(n)]
  const weights = fields.map((f) => new Float64Array(f.levels.length))

  function look(at: number): void {
    b = at
    here.logDensity = path.evaluate(here.q, here.gradient)
  }

  /** The acceptance probability of a trajectory; the point moves where it is accepted. */
  function trajectory(size: number, stream: Stream): number {
    const leaps = Math.min(MOST_LEAPS, Math.max(1, Math.ceil((TURN * (0.5 + stream.uniform())) / size)))
    inverse.draw(here.p, stream)
    inverse.velocity(here.p, here.v)
    copyPoint(here, next)
    const before = hamiltonian(here)
    for (let k = 0; k < leaps && Number.isFinite(next.logDensity); k += 1) leapfrog(path, inverse, next, size)
    const probability = Math.min(1, exp(before - hamiltonian(next)))
    if (stream.uniform() < probability) copyPoint(next, here)
    return Number.isNaN(probability) ? 0 : probability
  }

  function sweep(stream: Stream): void {
    fields.forEach((field, f) => {
      const other = base.fields?.[f]
      field.prepare()
      other?.prepare()
      const out = weights[f] as Float64Array
      for (let site = 0; site < field.values.length; site += 1) {
        if (field.held?.[site] === 1) continue
        const now = field.values[site] as number
        for (let l = 0; l < out.length; l += 1) {
          const level = field.levels[l] as number
          const ofOther = other === undefined || level === now ? 0 : other.change(site, level)
          out[l] = level === now ? 0 : -mixed(b, -ofOther, -field.change(site, level) / temperature)
        }
        boltzmann(out, 1)
        const level = field.levels[pick(out, stream.uniform())] as number
        if (level === now) continue
        // The second one finds the site at its new level: it must hear of the old one.
        field.commit(site, level)
        if (other !== undefined) {
          field.values[site] = now
          other.commit(site, level)
        }
      }
    })
  }

  return {
    here,
    look,
    logBase: () => ofBase,
    logTarget: () => ofTarget,
    tune({ scales }: MoveTuning): void {
      if (n > 0) inverse.update(scales.map((s) => s * s))
    },
    step(at: number, size: number, stream: Stream): number {
      look(at)
      const accepted = n === 0 ? 1 : trajectory(size, stream)
      if (n > 0) look(at)
      if (fields.length > 0) {
        sweep(stream)
        look(at)
      }
      return accepted
    },
  }
}
