import { must } from '../../base/internal-error.ts'
import type { GivenLabels } from '../../bind/bound.ts'
import type { Sizes } from '../../ir/graph.ts'
import { volumeOver } from '../../ir/layout.ts'
import { numbersOf, sizesIn } from '../../memory/store/patterns.ts'
import type { Shelf } from '../../memory/store/shelf.ts'
import type { Energy } from '../../middle/energy.ts'
import type { GrowingProgram } from '../../middle/growing.ts'
import * as ports from '../../middle/ports.ts'
import { NEW } from '../../middle/random-axis.ts'
import { type GrownElements, noElements } from '../../run/growing.ts'

/** What a store has of an axis that grows: a row of every memory for each element, and one for the element that is new. */
export function elementsIn(shelf: Shelf, program: GrowingProgram): GrownElements {
  const sizes = sizesIn(shelf)
  const size = sizes[program.axis]
  if (size === undefined) return noElements(program)
  const numbers = (name: string, width = 1): Float64Array => must(numbersOf(shelf, name, size * width), name)
  return {
    counts: numbers(program.count).slice(0, -1),
    parameters: new Map(
      program.parameters.map(({ name, axes }) => {
        const width = volumeOver(axes, sizes)
        return [name, numbers(name, width).slice(0, (size - 1) * width)]
      }),
    ),
    names: numbers(ports.openers(program.axis)).slice(0, -1),
  }
}

/** The same as memories of a store. `prior`: of the element that is new. */
export function storedElements(
  program: GrowingProgram,
  { counts, parameters, names }: GrownElements,
  prior: ReadonlyMap<string, Float64Array>,
): { readonly numbers: ReadonlyMap<string, Float64Array>; readonly lengths: Sizes } {
  const with1 = (data: Float64Array, last: ArrayLike<number>): Float64Array => {
    const all = new Float64Array(data.length + last.length)
    all.set(data)
    all.set(last, data.length)
    return all
  }
  return {
    numbers: new Map([
      [program.count, with1(counts, [0])],
      [ports.openers(program.axis), with1(names, [0])],
      ...[...parameters].map(([name, data]) => [name, with1(data, must(prior.get(name), name))] as const),
    ]),
    lengths: { [program.axis]: counts.length + 1 },
  }
}

/** What the elements of axes that grow are called: by the patterns that opened them. */
export function elementLabels({ opened }: Pick<Energy, 'opened'>, shelf: Shelf): readonly GivenLabels[] {
  const sizes = sizesIn(shelf)
  return opened.flatMap(({ axis }) => {
    const size = sizes[axis]
    const numbers = size === undefined ? undefined : numbersOf(shelf, ports.openers(axis), size)
    return numbers === undefined ? [] : [{ axis, names: [...Array.from(numbers.slice(0, -1), String), NEW], from: 'the store' }]
  })
}

/** An element of an axis that grows, for people. */
export interface ElementFact {
  /** The number of the pattern that opened it. */
  readonly name: string
  /** How many patterns took it, or what their shares come to: how strong it is. */
  readonly count: number
}

export function elementFacts({ opened }: Pick<Energy, 'opened'>, shelf: Shelf): Readonly<Record<string, readonly ElementFact[]>> {
  const sizes = sizesIn(shelf)
  return Object.fromEntries(
    opened.map(({ axis, count }) => {
      const size = sizes[axis] ?? 1
      const [counts, names] = [count, ports.openers(axis)].map((name) => numbersOf(shelf, name, size))
      return [axis, Array.from({ length: size - 1 }, (_, k) => ({ name: String(names?.[k]), count: counts?.[k] ?? 0 }))]
    }),
  )
}
