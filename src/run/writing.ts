import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { typeTrouble } from '../bind/troubles.ts'
import { element } from '../bind/values.ts'
import type { Sizes } from '../ir/graph.ts'
import { stridesOver, volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Executable, Target } from '../middle/executable.ts'
import { isUnbounded } from '../middle/kinds.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { WritingProgram, WritingRule } from '../middle/program.ts'

/** What the rules of a write are run with. Elements are numbered from 0. */
export interface WritingValues {
  readonly sizes: Sizes
  /** Data and params, and memories as they are before the first pattern. */
  readonly values: ReadonlyMap<string, Float64Array>
}

/** The rules of a write, or of a forget, opened once: each step is one pattern. */
export interface OpenWriting {
  /** Values of states, by name, to be filled before each step. */
  readonly states: ReadonlyMap<string, Float64Array>
  /** Memories that rules give values in place, as they are after the last step. */
  readonly numbers: ReadonlyMap<string, Float64Array>
  /** What the last step appended, by memory; elements are numbered from 1. */
  readonly rows: ReadonlyMap<string, Float64Array>
  /** The log density (nats) of the last pattern given those before it, where the program knows it. */
  logDensity(): number | undefined
  /** All rules at once, on the memories as they are. What is wrong with a value is returned, and then nothing is changed. */
  step(): Diagnostic | undefined
  dispose(): void
}

export function openWriting(program: WritingProgram, target: Target, { sizes: given, values }: WritingValues): OpenWriting {
  const sizes = madeSizes(program.axes, given)
  const fixed = new Map(program.fixed.map(({ name }) => [name, must(values.get(name), name)]))
  const executable = open({ target, sizes, fixed, still: [] }, program.graph)
  const numbers = new Map<string, Float64Array>()
  for (const { name } of program.memories) {
    const buffer = executable.inputs.get(name)
    if (buffer !== undefined) buffer.set(must(values.get(name), name))
    if (program.growing[name] === undefined) numbers.set(name, buffer ?? must(values.get(name), name).slice())
  }
  const rules = program.rules.map((rule) => opened(rule, executable, sizes, numbers))
  const rows = new Map(rules.flatMap(({ rule, outside }) => (rule.appends ? [[rule.target.name, outside] as const] : [])))
  const states = new Map(
    program.states.flatMap(({ name }) => {
      const buffer = executable.inputs.get(name)
      return buffer === undefined ? [] : [[name, buffer] as const]
    }),
  )
  let logDensity: number | undefined
  return {
    states,
    numbers,
    rows,
    logDensity: () => logDensity,
    step() {
      executable.run()
      const energy = program.predictive === true ? executable.outputs.get(ports.energy) : undefined
      logDensity = energy === undefined ? undefined : -must(energy[0], 'energy')
      for (const { look } of rules) {
        const trouble = look()
        if (trouble !== undefined) return trouble
      }
      // All values are there before the first memory changes.
      for (const { assign } of rules) assign()
      return undefined
    },
    dispose: () => executable.dispose(),
  }
}

interface OpenRule {
  readonly rule: WritingRule
  /** The value as it is outside: elements numbered from 1. */
  readonly outside: Float64Array
  look(): Diagnostic | undefined
  assign(): void
}

function opened(rule: WritingRule, executable: Executable, sizes: Sizes, numbers: ReadonlyMap<string, Float64Array>): OpenRule {
  const { target, axes, value, appends, places } = rule
  const output = must(executable.outputs.get(value), value)
  const first = target.type.kind === 'element' ? 1 : 0
  const outside = new Float64Array(output.length)
  const unbounded = isUnbounded(target.type)
  const shaped = { axes, type: target.type }
  const picks = places.map(({ axis, port, axes: over }) => ({ axis, over, at: must(executable.outputs.get(port), port) }))
  const positions = appends || places.length === 0 ? undefined : picking(rule, picks, sizes)
  return {
    rule,
    outside,
    look() {
      // As they are to the bit, -0 included.
      outside.set(output)
      if (first > 0) for (let i = 0; i < output.length; i += 1) outside[i] = (output[i] as number) + first
      for (let i = 0; i < output.length; i += 1)
        if (!Number.isFinite(output[i])) return wrong(rule, `${outside[i]}`, element(axes, sizes, i, false), 'a finite number')
      const trouble = unbounded ? undefined : typeTrouble(shaped, outside, sizes)
      if (trouble !== undefined) return wrong(rule, trouble.said, element(axes, sizes, trouble.at, false), trouble.expected)
      return positions?.look()
    },
    assign() {
      if (appends) return
      const memory = must(numbers.get(target.name), target.name)
      if (positions === undefined) memory.set(output)
      else positions.assign(memory, output)
      executable.touch(target.name)
    },
  }
}

interface RulePicking {
  look(): Diagnostic | undefined
  assign(memory: Float64Array, value: Float64Array): void
}

/** Where the elements of a value go in a memory: as far along each axis that is picked as its index says. */
function picking(
  rule: WritingRule,
  picks: readonly { readonly axis: string; readonly over: readonly string[]; readonly at: Float64Array }[],
  sizes: Sizes,
): RulePicking {
  const { axes, target } = rule
  const strides = stridesOver(target.axes, sizes)
  const own = stridesOver(axes, sizes)
  const count = volumeOver(axes, sizes)
  const coordinate = (i: number, axis: string): number => Math.floor(i / must(own.get(axis), axis)) % must(sizes[axis], axis)
  const base = Int32Array.from({ length: count }, (_, i) =>
    axes.reduce((sum, axis) => sum + coordinate(i, axis) * must(strides.get(axis), axis), 0),
  )
  const along = picks.map(({ axis, over, at }) => {
    const inner = stridesOver(over, sizes)
    const from = Int32Array.from({ length: count }, (_, i) => over.reduce((sum, a) => sum + coordinate(i, a) * must(inner.get(a), a), 0))
    return { axis, at, from, stride: must(strides.get(axis), axis), size: must(sizes[axis], axis) }
  })
  return {
    look() {
      for (const { axis, at, size } of along)
        for (const k of at)
          if (!Number.isInteger(k) || k < 0 || k >= size)
            return diagnostic('AMP805', `The rule of "${target.name}" picks element ${k + 1} of ${axis}.`, {
              expected: `an element of ${axis}, from 1 to ${size}`,
            })
      return undefined
    },
    assign(memory, value) {
      for (let i = 0; i < count; i += 1) {
        let place = base[i] as number
        for (const { at, from, stride } of along) place += (at[from[i] as number] as number) * stride
        memory[place] = value[i] as number
      }
    },
  }
}

function wrong({ target: { name, span } }: WritingRule, said: string, where: string, expected: string): Diagnostic {
  const what = /^(is|holds|has) /.test(said) ? said : `would be ${said}`
  return diagnostic('AMP805', `"${name}" ${what}${where === '' ? '' : ` at ${where}`}.`, { span, expected })
}
