import { readFileSync } from 'node:fs'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { lower } from '../../src/compile/lower.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import type { Graph, Sizes } from '../../src/ir/graph.ts'
import type { Energy } from '../../src/middle/energy.ts'
import type { Model } from '../../src/middle/model.ts'
import * as ports from '../../src/middle/ports.ts'

export type Values = Readonly<Record<string, readonly number[] | Float64Array>>

export function modelOf(text: string): Model {
  const { value, diagnostics } = analyse({ name: 'test.amp', text })
  if (value === undefined) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'))
  return value
}

export function energyOf(text: string): Energy {
  const { value, diagnostics } = lower(modelOf(text))
  if (value === undefined) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'))
  return value
}

/** Codes of what lowering has to say. */
export function codesOf(text: string): readonly string[] {
  return lower(modelOf(text)).diagnostics.map((d) => d.code)
}

export function program(name: string): string {
  return readFileSync(new URL(`../language/${name}.amp`, import.meta.url), 'utf8')
}

/** Sizes of all axes, made ones included, from those that are open. */
export function sizesOf(axes: Energy['axes'], open: Sizes): Sizes {
  const sizes: Record<string, number> = { ...open }
  for (const { name, size } of axes) {
    if (size.kind === 'fixed') sizes[name] = size.size
    if (size.kind === 'same') sizes[name] = sizes[size.as] as number
    if (size.kind === 'less') sizes[name] = (sizes[size.than] as number) - size.by
  }
  return sizes
}

export function run(graph: Graph, sizes: Sizes, values: Values): Record<string, Float64Array> {
  const inputs = Object.fromEntries(graph.inputs.map((p) => [p.name, Float64Array.from(values[p.name] ?? missing(p.name))]))
  return evaluate(graph, sizes, inputs)
}

function missing(name: string): never {
  throw new Error(`no value for ${name}`)
}

/** The sum of the terms. */
export function total(energy: Energy, open: Sizes, values: Values): number {
  const outputs = run(energy.graph, sizesOf(energy.axes, open), { [ports.temperature]: [1], ...values })
  return energy.terms.reduce((sum, t) => sum + (outputs[`term:${t.name}`]?.[0] as number), 0)
}

/** Random values, independent for every name. */
export class Draw {
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  stream(name: string): Stream {
    return new Stream(fold(keyFromSeed(this.#seed), name))
  }

  normals(name: string, count: number, scale = 1): number[] {
    const stream = this.stream(name)
    return Array.from({ length: count }, () => scale * stream.normal())
  }

  positives(name: string, count: number): number[] {
    return this.normals(name, count, 0.5).map(Math.exp)
  }

  spins(name: string, count: number): number[] {
    const stream = this.stream(name)
    return Array.from({ length: count }, () => (stream.uniform() < 0.5 ? -1 : 1))
  }

  integers(name: string, count: number, below: number): number[] {
    const stream = this.stream(name)
    return Array.from({ length: count }, () => stream.integer(below))
  }
}

/** All tuples of `levels` of a length, in order. */
export function tuples(levels: readonly number[], length: number): readonly (readonly number[])[] {
  if (length === 0) return [[]]
  return tuples(levels, length - 1).flatMap((t) => levels.map((l) => [...t, l]))
}

/** -T log sum exp(-E/T) over a list of energies. */
export function freeEnergy(energies: readonly number[], temperature = 1): number {
  const least = Math.min(...energies)
  return least - temperature * Math.log(energies.reduce((sum, e) => sum + Math.exp(-(e - least) / temperature), 0))
}
