import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { garch } from '../../../bench/models/garch.ts'
import { graphOf } from '../../../bench/models/load.ts'
import { markov } from '../../../bench/models/markov.ts'
import { hopfield } from '../../../bench/models/memories.ts'
import { must } from '../../../src/base/internal-error.ts'
import type { Graph, Sizes } from '../../../src/ir/graph.ts'
import { simplify } from '../../../src/ir/simplify.ts'
import { madeSizes } from '../../../src/middle/derived-sizes.ts'
import { temperature } from '../../../src/middle/ports.ts'
import { kernelSource } from '../../../src/targets/kernel/generate.ts'
import { helpers, routines } from '../../../src/targets/kernel/helpers.ts'
import { instantiate } from '../../../src/targets/kernel/instantiate.ts'
import { type LoopOptions, loopPrograms, writtenProgram } from '../../../src/targets/loops/compile.ts'
import { expand } from '../../../src/targets/loops/graph/expand.ts'
import { unroll } from '../../../src/targets/loops/passes/unroll.ts'
import { type LoopProgram, roles } from '../../../src/targets/loops/program.ts'
import { rules } from '../../../src/targets/loops/rules.ts'
import { type GraphCase, graphs } from '../../generators/graphs.ts'
import { gradientGraph } from '../../laws/agreement.ts'
import { interpret } from './interpret.ts'

/** What JavaScript of a program makes. */
function printed(program: LoopProgram, sizes: Sizes): ReturnType<typeof interpret> {
  const source = kernelSource(program)
  return instantiate(source)(new Map(source.axes.map((a) => [a, must(sizes[a], a)])), helpers, new Map())
}

function outputsOf(
  made: ReturnType<typeof interpret>,
  inputs: Readonly<Record<string, Float64Array>>,
): Readonly<Record<string, Float64Array>> {
  for (const [name, array] of made.inputs) array.set(must(inputs[name], name))
  made.run()
  return Object.fromEntries(made.outputs)
}

function programsOf(graph: Graph, options: LoopOptions): readonly LoopProgram[] {
  const { plain, quick } = loopPrograms(graph, options)
  return [plain(), ...(quick === undefined ? [] : [quick.before, quick.program])]
}

const halfFixed = ({ graph }: GraphCase): ReadonlySet<string> => new Set(graph.inputs.map((p) => p.name).filter((_, k) => k % 2 === 0))

const ways: readonly (readonly [string, (g: GraphCase) => LoopOptions])[] = [
  ['at any sizes', () => ({})],
  ['at known sizes', ({ sizes }) => ({ sizes })],
  ['with half of its inputs fixed', (g) => ({ fixed: halfFixed(g) })],
]

describe.each(ways)('a program %s', (_, optionsOf) => {
  const holds = (runs: number, seed: number, steps: number, make: (g: GraphCase) => GraphCase): void => {
    fc.assert(
      fc.property(graphs({ steps, without: ['trigamma'] }), (example) => {
        const { graph, sizes, inputs } = make(example)
        for (const program of programsOf(graph, optionsOf({ graph, sizes, inputs }))) {
          const wanted = outputsOf(printed(program, sizes), inputs)
          // Bit for bit: they do the same operations in the same order.
          expect(outputsOf(interpret(program, sizes), inputs)).toEqual(wanted)
          expect(outputsOf(interpret(unroll(program), sizes), inputs)).toEqual(wanted)
        }
      }),
      { numRuns: runs, seed },
    )
  }

  test('says all that its JavaScript does', () => holds(60, 11, 18, (g) => g))
  test('says it of gradients', () => holds(40, 12, 12, (g) => ({ ...g, graph: simplify(gradientGraph(g.graph), g.sizes) })))
})

const read = (path: string): string => readFileSync(new URL(`../../../${path}.amp`, import.meta.url), 'utf8')

test.each([
  ['a hidden Markov chain, in numbers and in logs', () => markov(read('test/language/hidden_markov'), 7, 'scaled'), 3],
  ['GARCH, a recursion that is read', () => garch(read('models/posteriors/garch11'), 9), 1],
  ['a memory, with lanes and a rest', () => hopfield(read('test/language/modern_hopfield'), 5, 11), 1],
] as const)('%s: the program says all that its JavaScript does', (_, make, ways) => {
  const { model } = make()
  const { graph, known, fixed, axes } = graphOf(model)
  const sizes = madeSizes(axes, model.sizes)
  const given: Readonly<Record<string, Float64Array>> = { ...model.fixed, ...model.coordinates, [temperature]: Float64Array.of(1) }
  const programs = programsOf(graph, { sizes: known, fixed })
  expect(programs).toHaveLength(ways)
  for (const program of programs) expect(outputsOf(interpret(program, sizes), given)).toEqual(outputsOf(printed(program, sizes), given))
})

test('passes keep the bits of what is written', () => {
  const kept = (graph: Graph, { sizes, inputs }: GraphCase): void => {
    const wanted = outputsOf(printed(loopPrograms(graph).plain(), sizes), inputs)
    const written = writtenProgram(expand(graph), new Map())
    expect(outputsOf(interpret(written, sizes), inputs)).toEqual(wanted)
    expect(outputsOf(printed(written, sizes), inputs)).toEqual(wanted)
  }
  fc.assert(
    fc.property(graphs({ steps: 16, without: ['trigamma'] }), (example) => {
      kept(example.graph, example)
      kept(gradientGraph(example.graph), example)
    }),
    { numRuns: 60, seed: 14 },
  )
})

/** Every string in plain data but the names of its fields. */
function stringsIn(data: unknown): readonly string[] {
  if (typeof data === 'string') return [data]
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(stringsIn) : []
}

const kinds =
  'let start assign store accumulate loop constant variable element apply inside count whole extent total offset times truncated input output work state'
const words: ReadonlySet<string> = new Set([
  ...kinds.split(' '),
  'routine',
  ...Object.keys(routines),
  ...Object.keys(roles),
  ...Object.keys(rules),
  'at least',
  'below',
])

/** All axes that a graph speaks of, and the names of its ports. */
function namesIn(graph: Graph): ReadonlySet<string> {
  return new Set(
    [...graph.inputs, ...graph.outputs, ...graph.nodes].flatMap((x) => ['name' in x ? x.name : '', ...stringsIn({ ...x, op: '' })]),
  )
}

test('programs are plain data in which no string is code', () => {
  fc.assert(
    fc.property(graphs({ steps: 18 }), ({ graph, sizes }) => {
      for (const program of programsOf(graph, { sizes })) {
        expect(kernelSource(structuredClone(program)).text).toBe(kernelSource(program).text)
        const names = namesIn(graph)
        const others = stringsIn(program).filter((s) => !words.has(s) && !names.has(s))
        // What says whether a quick way works has a name with a line break, which no name of the user's has.
        expect(others.filter((s) => !s.startsWith('\n'))).toEqual([])
      }
    }),
    { numRuns: 100, seed: 13 },
  )
})
