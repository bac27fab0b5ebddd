import { must } from '../../base/internal-error.ts'
import { log } from '../../base/special/logarithm.ts'
import { offsets, stridesOver } from '../../ir/layout.ts'
import type { GaussianBlock } from '../../middle/fit-program.ts'
import { type OpenSetting, open } from '../../middle/open.ts'
import { calledIn, type GaussianSystem, gaussianSystem } from '../draws/gaussian-system.ts'
import type { FactorColumns } from '../draws/sparse-cholesky.ts'
import type { FitBuffers, FitPart } from './part.ts'
import { logDeterminant, placeIn, selectedInverse } from './selected-inverse.ts'

const LOG_2_PI = log(2 * Math.PI)

/** Variables whose q is one Gaussian: its precision P and linear part h come from the means of all else, m = P^-1 h. */
export function gaussianPart(block: GaussianBlock, setting: OpenSetting, { means, values, sums }: FitBuffers): FitPart {
  const { sizes } = setting
  const executable = open(setting, block.draw.graph, means)
  const system = gaussianSystem(block.draw, { executable, sizes, values: means, held: new Map() })
  const { size, repeats, factor } = system
  const names = block.draw.variables.map((v) => v.name)
  const spreads = block.draw.blocks.map((_, b) => spreadOf(block, b, system, setting, means))
  const variances = new Map(system.parts.map((part) => [part.variable.name, new Float64Array(part.values.length)]))
  const x = new Float64Array(size)
  const draw = new Float64Array(size)
  let inverse = new Float64Array(0)
  let logDet = Number.NaN

  return {
    names,
    update() {
      sums.fresh()
      sums.changed()
      const failed = system.refactor()
      if (failed !== undefined) return failed
      for (let r = 0; r < repeats; r += 1) {
        system.read(r, x)
        factor.solve(x)
        factor.solveTransposed(x)
        system.write(r, x)
      }
      const columns = factor.columns()
      if (inverse.length !== columns.numbers.length) inverse = new Float64Array(columns.numbers.length)
      selectedInverse(columns, inverse)
      for (const spread of spreads) spread.fill(columns, inverse)
      logDet = logDeterminant(columns)
      return undefined
    },
    entropy: () => 0.5 * repeats * (size * (1 + LOG_2_PI) - logDet),
    draw(stream) {
      let square = 0
      for (let r = 0; r < repeats; r += 1) {
        for (let i = 0; i < size; i += 1) {
          const z = stream.normal()
          draw[i] = z
          square += z * z
        }
        factor.solveTransposed(draw)
        system.write(r, draw, values)
      }
      for (const name of names) {
        const [to, mean] = [must(values.get(name), name), must(means.get(name), name)]
        for (let i = 0; i < to.length; i += 1) to[i] = (to[i] as number) + (mean[i] as number)
      }
      return 0.5 * (repeats * (logDet - size * LOG_2_PI) - square)
    },
    pin() {
      sums.changed()
      for (const name of names) must(means.get(name), name).set(must(values.get(name), name))
      for (const { port } of block.covariances) must(means.get(port), port).fill(0)
    },
    moments() {
      const columns = factor.columns()
      for (let i = 0; i < size; i += 1) x[i] = inverse[columns.starts[i] as number] as number
      for (let r = 0; r < repeats; r += 1) system.write(r, x, variances)
      return names.map((name) => {
        const mean = Float64Array.from(must(means.get(name), name))
        return { name, mean, sd: must(variances.get(name), name).map(Math.sqrt) }
      })
    },
  }
}

/** Covariances of a pair of variables, from the entries of P^-1. */
function spreadOf(block: GaussianBlock, b: number, system: GaussianSystem, { sizes }: OpenSetting, means: FitBuffers['means']) {
  const { row, column, rowAxes, columnAxes } = must(block.draw.blocks[b], 'block')
  const { port, axes: all } = must(block.covariances[b], 'covariance')
  const to = must(means.get(port), port)
  const part = (name: string) => must(system.parts.find((p) => p.variable.name === name), name) // biome-ignore format: one thought
  const [rows, columns] = [part(row), part(column)]
  const axes = all.filter((axis) => !system.repeated.includes(axis))
  const [byRow, byColumn] = [calledIn(rows, rowAxes, sizes), calledIn(columns, columnAxes, sizes)]
  const at = offsets(axes, sizes, stridesOver(all, sizes))
  const bases = offsets(system.repeated, sizes, stridesOver(all, sizes))
  const [i, j] = [offsets(axes, sizes, byRow), offsets(axes, sizes, byColumn)]
  const places = new Int32Array(at.length)
  let of: Int32Array | undefined
  return {
    fill(factor: FactorColumns, inverse: Float64Array): void {
      if (of !== factor.places) {
        of = factor.places
        for (let e = 0; e < at.length; e += 1) {
          const [r, c] = [rows.places[i[e] as number] as number, columns.places[j[e] as number] as number]
          places[e] = placeIn(factor, Math.max(r, c), Math.min(r, c))
        }
      }
      // Where P has no entry and none comes up on the way, it is 0 whatever the others are, and so is all that the covariance weighs.
      for (const base of bases) {
        for (let e = 0; e < at.length; e += 1)
          to[base + (at[e] as number)] = places[e] === -1 ? 0 : (inverse[places[e] as number] as number)
      }
    },
  }
}
