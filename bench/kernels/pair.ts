import { must } from '../../src/base/internal-error.ts'
import type { Executable } from '../../src/compile/executable.ts'
import { kernel } from '../../src/compile/targets/kernel.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { Graph, NodeId, Sizes } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import { simplify } from '../../src/ir/simplify.ts'

/** The same numbers computed by generated and by hand-written code, once a call. */
export interface Pair {
  readonly name: string
  generated(): void
  handwritten(): void
  /** The largest difference between the two, relative to the largest number. */
  check(): number
}

/** What a hand-written program is: arrays that it reads, arrays that it fills, and a loop. */
export interface Handwritten {
  readonly inputs: Readonly<Record<string, Float64Array>>
  readonly outputs: Readonly<Record<string, Float64Array>>
  run(): void
}

export interface EnergyOptions {
  readonly fixed: readonly (readonly [name: string, axes: readonly string[]])[]
  readonly moving: readonly (readonly [name: string, axes: readonly string[]])[]
  energy(m: Maths, input: (name: string) => NodeId): NodeId
}

/** Outputs `energy` and `gradient:NAME` for everything that moves. */
export function energyAndGradient({ fixed, moving, energy }: EnergyOptions): Graph {
  const builder = new GraphBuilder()
  const inputs = new Map([...fixed, ...moving].map(([name, axes]) => [name, builder.input(name, axes)]))
  const e = energy(maths(builder), (name) => must(inputs.get(name), name))
  builder.output('energy', e)
  const slopes = gradient(
    builder,
    e,
    moving.map(([name]) => must(inputs.get(name), name)),
  )
  moving.forEach(([name, axes], k) => {
    builder.output(`gradient:${name}`, must(slopes[k], name), axes)
  })
  return simplify(builder.finish())
}

export function pair(name: string, options: EnergyOptions, sizes: Sizes, handwritten: Handwritten): Pair {
  const generated = kernel(energyAndGradient(options), sizes, {
    fixed: new Set(options.fixed.map(([fixed]) => fixed)),
    buffers: new Map(Object.entries(handwritten.inputs)),
  })
  return {
    name,
    generated: () => generated.run(),
    handwritten: () => handwritten.run(),
    check: () => difference(generated, handwritten),
  }
}

function difference(generated: Executable, handwritten: Handwritten): number {
  generated.run()
  handwritten.run()
  let worst = 0
  for (const [name, numbers] of Object.entries(handwritten.outputs)) {
    const found = must(generated.outputs.get(name), name)
    const scale = numbers.reduce((top, x) => Math.max(top, Math.abs(x)), 1)
    numbers.forEach((x, i) => {
      const d = Math.abs((found[i] as number) - x) / scale
      if (!(d <= worst)) worst = d
    })
  }
  return worst
}

/** Numbers that look random, the same every time: a linear congruential generator (Numerical Recipes) from `seed`. */
export function uniforms(length: number, seed: number): Float64Array {
  let state = seed >>> 0
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  })
}

/** Roughly normal: the sum of twelve uniforms less six. */
export function normals(length: number, seed: number): Float64Array {
  const u = uniforms(12 * length, seed)
  return Float64Array.from({ length }, (_, i) => u.subarray(12 * i, 12 * i + 12).reduce((a, b) => a + b, -6))
}
