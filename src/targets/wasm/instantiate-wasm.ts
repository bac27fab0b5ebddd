import { must } from '../../base/internal-error.ts'
import type { Sizes } from '../../ir/graph.ts'
import { helpers } from '../kernel/helpers.ts'
import type { KernelInstance } from '../kernel/instantiate.ts'
import type { LoopProgram } from '../loops/program.ts'
import { engine } from './engine.ts'
import { tables } from './formulas/tables.ts'
import { tablePlaces } from './functions.ts'
import { GIVEN, MEMORY } from './module.ts'
import { ALWAYS, ONCE, printWasm } from './print-wasm.ts'
import { routineOn } from './routines.ts'

/** A memory whose addresses have 32 bits. */
const MOST_PAGES = 65536

/** What the functions of the kernel are, one number at a time; those of `Math` too. */
const imported: Readonly<Record<string, unknown>> = helpers

/**
 * A program at given sizes, ready to run. Its arrays lie in a memory of its own: those of `buffers` are copied there and back, inputs
 * that are `fixed` only once they were touched.
 */
export function instantiateWasm(
  program: LoopProgram,
  sizes: Sizes,
  buffers: ReadonlyMap<string, Float64Array>,
  fixed: ReadonlySet<string>,
): KernelInstance {
  const { bytes, layout, imports } = printWasm(program, sizes)
  if (layout.pages > MOST_PAGES) throw new RangeError('Array buffer allocation failed')
  const memory = new engine.Memory({ initial: layout.pages })
  for (const [name, table] of Object.entries(tables))
    new Float64Array(memory.buffer, tablePlaces[name as keyof typeof tables], table.length).set(table)
  const arrays = layout.arrays.map(({ at, length }) => new Float64Array(memory.buffer, at, length))
  const functions = imports.map(({ name }) => [name, routineOn(name, arrays) ?? imported[name]] as const)
  const given = { [MEMORY]: memory, ...Object.fromEntries(functions) }
  const { exports } = new engine.Instance(new engine.Module(bytes), { [GIVEN]: given })
  const [once, always] = [exports[ONCE], exports[ALWAYS]] as (() => void)[]

  const inside = (kind: 'input' | 'output'): readonly (readonly [string, Float64Array])[] =>
    program.arrays.flatMap((array, k) => (array.kind === kind ? [[array.port ?? '', must(arrays[k], 'array')] as const] : []))
  const [inputs, outputs] = [inside('input'), inside('output')]
  const copied = (ports: typeof inputs): readonly Copied[] =>
    ports.flatMap(([name, own]) => {
      const outside = buffers.get(name)
      return outside === undefined ? [] : [{ name, own, outside }]
    })
  const [kept, read] = [copied(inputs).filter((c) => fixed.has(c.name)), copied(inputs).filter((c) => !fixed.has(c.name))]
  const written = copied(outputs)
  const stale = new Set(kept)
  let ready = program.once.length === 0
  const ports = (all: typeof inputs): ReadonlyMap<string, Float64Array> =>
    new Map(all.map(([name, own]) => [name, buffers.get(name) ?? own] as const))
  return {
    inputs: ports(inputs),
    outputs: ports(outputs),
    touch(name) {
      for (const c of kept) if (c.name === name) stale.add(c)
      ready = program.once.length === 0
    },
    run() {
      if (stale.size > 0) {
        for (const c of stale) c.own.set(c.outside)
        stale.clear()
      }
      for (const c of read) c.own.set(c.outside)
      if (!ready) once?.()
      ready = true
      always?.()
      for (const c of written) c.outside.set(c.own)
    },
  }
}

/** An array in memory and the one outside of it. */
interface Copied {
  readonly name: string
  readonly own: Float64Array
  readonly outside: Float64Array
}
