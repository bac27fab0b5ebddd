import fc from 'fast-check'
import type { Graph, Sizes } from '../../src/ir/graph.ts'
import { volumeOver } from '../../src/ir/layout.ts'
import { generatedOps, writeSteps } from './graph-steps.ts'
import { zeroForms } from './graph-zeros.ts'

/** A well-formed graph with sizes and numbers for its inputs, at which every value is finite and away from kinks. */
export interface GraphCase {
  readonly graph: Graph
  readonly sizes: Sizes
  readonly inputs: Readonly<Record<string, Float64Array>>
}

export interface GraphOptions {
  /** Operations to leave out, by name (trigamma where derivatives are asked for). */
  readonly without?: readonly string[]
  readonly steps?: number
  /** Whether to write, about as often as all else, what is finite by way of zeros and infinities. */
  readonly zeros?: boolean
}

/** One step of writing a graph: an operation and numbers from which its operands and parameters are chosen. */
export interface Step {
  readonly op: string
  readonly picks: readonly number[]
  readonly constant: number
}

/**
 * Graphs with the scalar output `energy`, whatever the last steps made as `value:0`, `value:1`, ..., laid out in some
 * order and sometimes repeated along an axis; over axes of sizes 1 to 4, two of them (`b`, `d`) of one size. Inputs
 * whose names start with `which` hold whole numbers: places along an axis. Shrinks to fewer steps.
 */
export function graphs(options: GraphOptions = {}): fc.Arbitrary<GraphCase> {
  const ops = generatedOps.filter((op) => !options.without?.includes(op))
  const step: fc.Arbitrary<Step> = fc.record({
    op:
      options.zeros === true
        ? fc.oneof(fc.constantFrom(...ops), fc.constantFrom(...zeroForms.filter((f) => !options.without?.includes(f))))
        : fc.constantFrom(...ops),
    picks: fc.array(fc.nat(997), { minLength: 6, maxLength: 6 }),
    constant: fc.constantFrom(-3, -1, -0.5, 0, 0.3, 0.5, 1, 2, 2.7),
  })
  const sizes = fc.record({ a: fc.integer({ min: 1, max: 3 }), b: fc.integer({ min: 1, max: 3 }), t: fc.integer({ min: 1, max: 4 }) })
  return fc
    .record({ sizes, seed: fc.nat(1_000_000), steps: fc.array(step, { minLength: 1, maxLength: options.steps ?? 12, size: 'max' }) })
    .map(({ sizes: { a, b, t }, seed, steps }) => written({ a, b, d: b, t, u: 1 }, seed, steps))
}

/** The inputs of every generated graph. */
const ports: readonly (readonly [name: string, axes: readonly string[], along?: string])[] = [
  ['p', []],
  ['x', ['a']],
  ['w', ['b', 'a']],
  ['y', ['t']],
  ['m', ['d', 'b']],
  ['z', ['t', 'u', 'a']],
  ['which_a', ['t'], 'a'],
  ['which_b', ['a', 'b'], 'b'],
  ['which_t', [], 't'],
]

function written(sizes: Sizes, seed: number, steps: readonly Step[]): GraphCase {
  const inputs = Object.fromEntries(
    ports.map(([name, axes, along], k) => {
      const numbers = Float64Array.from({ length: volumeOver(axes, sizes) }, (_, i) => hashed(seed + 1000 * k, i))
      return [name, along === undefined ? numbers.map((u) => 4 * u - 2) : numbers.map((u) => Math.floor(u * (sizes[along] ?? 1)))]
    }),
  )
  const graph = writeSteps({ sizes, inputs, ports }, steps)
  return { graph, sizes, inputs: Object.fromEntries(graph.inputs.map((p) => [p.name, inputs[p.name] as Float64Array])) }
}

/** A number in [0, 1) that looks random: a multiplicative hash (Knuth) with its bits mixed. */
function hashed(seed: number, i: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 2654435761) + Math.imul(i + 1, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return ((h ^ (h >>> 15)) >>> 0) / 0x1_0000_0000
}
