import { type Checked, type Diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { InternalError, must } from '../base/internal-error.ts'
import { bind } from '../bind/bind.ts'
import type { Bindable, Bound } from '../bind/bound.ts'
import type { Graph } from '../ir/graph.ts'
import type { Executable, Target } from '../middle/executable.ts'
import { helpers } from '../targets/kernel/helpers.ts'
import { givenOf, type Inputs } from './inputs.ts'
import { outOfMemory } from './within-memory.ts'

/** In an emitted module a graph is the name of its kernel; its ports are kept, its nodes are gone into the kernel's text. */
export interface KernelGraph extends Graph {
  readonly kernel: string
}

/** A kernel's factory, as `generateKernel` writes it. */
export type Create = (
  sizes: ReadonlyMap<string, number>,
  f: Readonly<Record<string, unknown>>,
  buffers: ReadonlyMap<string, Float64Array>,
) => Omit<Executable, 'dispose'>

/** What an emitted module knows of its model. */
export interface Description<Parts> {
  readonly name: string
  readonly bindable: Bindable
  /** What starts and observations may be given for. */
  readonly unknown: readonly string[]
  readonly parts: Parts
}

/** A target that looks kernels up instead of compiling graphs. */
export function kernelTarget(kernels: Readonly<Record<string, Create>>): Target {
  return (graph, sizes, options) => {
    if (!('kernel' in graph)) throw new InternalError('a graph without a kernel')
    const create = must(kernels[(graph as KernelGraph).kernel], 'kernel')
    const made = create(new Map(Object.entries(sizes)), helpers, options?.buffers ?? new Map())
    return { ...made, run: () => made.run(), touch: (name) => made.touch(name), dispose() {} }
  }
}

/** Binds the inputs, runs, and throws one Error that lists everything wrong with them. */
export function run<Parts, Result>(
  description: Description<Parts>,
  inputs: Inputs,
  work: (bound: Bound) => Checked<Result>,
): { readonly result: Result; readonly bound: Bound } {
  const given = givenOf(inputs)
  const bound = given.value === undefined ? undefined : bind(description.bindable, given.value, new Set(description.unknown))
  const before = [...given.diagnostics, ...(bound?.diagnostics ?? [])]
  if (bound?.value === undefined || hasErrors(before)) throw errorOf(before)
  const done = within(bound.value, work)
  if (done.value === undefined) throw errorOf([...before, ...done.diagnostics])
  return { result: done.value, bound: bound.value }
}

function within<Result>(bound: Bound, work: (bound: Bound) => Checked<Result>): Checked<Result> {
  try {
    return work(bound)
  } catch (error) {
    return unmade(outOfMemory(error, bound.sizes))
  }
}

/** One error that lists everything that is wrong. */
export function errorOf(diagnostics: readonly Diagnostic[]): Error {
  const lines = diagnostics
    .filter((d) => d.severity === 'error')
    .map((d) => [d.message, d.expected && `expected ${d.expected}`, d.hint].filter(Boolean).join(' — '))
  return new TypeError(lines.join('\n'))
}
