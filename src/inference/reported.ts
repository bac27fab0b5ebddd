import { must } from '../base/internal-error.ts'
import type { Executable } from '../compile/executable.ts'
import type { Sizes } from '../ir/graph.ts'
import { type ChainDraws, columnNames, type DrawnVariable, type Draws } from './draws.ts'

/** A quantity computed from drawn ones: an executable with the output `value`, and the variables it reads as inputs. */
export interface Quantity {
  readonly name: string
  readonly axes: readonly string[]
  readonly executable: Executable
  /** Drawn variables whose values count from 1 outside and from 0 inside. */
  readonly elements: ReadonlySet<string>
}

/** The draws with more columns: each quantity at every draw. Inputs that are not drawn are read as they stand. */
export function withQuantities(draws: Draws, quantities: readonly Quantity[], sizes: Sizes): Draws {
  if (quantities.length === 0) return draws
  const variables = quantities.map(
    ({ name, axes }): DrawnVariable => ({ name, axes, shape: axes.map((a) => must(sizes[a], `size of ${a}`)) }),
  )
  const names = variables.flatMap((v) => columnNames(v.name, v.shape))
  const places = placesOf(draws)
  const widened = draws.chains.map((chain) => widen(chain, draws.names.length, names.length, quantities, places))
  return { variables: [...draws.variables, ...variables], names: [...draws.names, ...names], chains: widened }
}

interface Place {
  readonly at: number
  readonly length: number
}

function placesOf(draws: Draws): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  let at = 0
  for (const { name, shape } of draws.variables) {
    const length = shape.reduce((n, size) => n * size, 1)
    places.set(name, { at, length })
    at += length
  }
  return places
}

function widen(
  chain: ChainDraws,
  before: number,
  more: number,
  quantities: readonly Quantity[],
  places: ReadonlyMap<string, Place>,
): ChainDraws {
  const width = before + more
  const values = new Float64Array(chain.count * width)
  for (let d = 0; d < chain.count; d += 1) {
    const row = chain.values.subarray(d * before, (d + 1) * before)
    values.set(row, d * width)
    let at = d * width + before
    for (const quantity of quantities) {
      const value = evaluate(quantity, row, places)
      values.set(value, at)
      at += value.length
    }
  }
  return { ...chain, values }
}

function evaluate({ executable, elements }: Quantity, row: Float64Array, places: ReadonlyMap<string, Place>): Float64Array {
  for (const [name, buffer] of executable.inputs) {
    const place = places.get(name)
    if (place === undefined) continue
    const first = elements.has(name) ? 1 : 0
    for (let i = 0; i < place.length; i += 1) buffer[i] = (row[place.at + i] as number) - first
  }
  executable.run()
  return must(executable.outputs.get('value'), 'value')
}
