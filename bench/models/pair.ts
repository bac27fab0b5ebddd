import { must } from '../../src/base/internal-error.ts'
import type { Executable } from '../../src/middle/executable.ts'
import { type ModelCase, type Numbers, open } from './load.ts'

/** A hand-written program: arrays that it fills, and the loop that fills them. */
export interface Handwritten {
  readonly outputs: Numbers
  run(): void
}

/** The same numbers computed by generated and by hand-written code, once a call. */
export interface Pair {
  readonly name: string
  readonly model: ModelCase
  generated(): void
  handwritten(): void
  /** The largest difference between the two, relative to the largest number of each output. */
  check(): number
}

export function pair(name: string, model: ModelCase, handwritten: Handwritten): Pair {
  const generated = open(model)
  return {
    name,
    model,
    generated: () => generated.run(),
    handwritten: () => handwritten.run(),
    check: () => difference(generated, handwritten),
  }
}

function difference(generated: Executable, handwritten: Handwritten): number {
  generated.run()
  handwritten.run()
  let worst = 0
  for (const [name, found] of generated.outputs) {
    const numbers = must(handwritten.outputs[name], name)
    const scale = numbers.reduce((top, x) => Math.max(top, Math.abs(x)), 1)
    numbers.forEach((x, i) => {
      const d = Math.abs((found[i] as number) - x) / scale
      if (!(d <= worst)) worst = d
    })
  }
  return worst
}

/** A scalar. */
export function cell(value = 0): Float64Array {
  return Float64Array.of(value)
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

export const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
