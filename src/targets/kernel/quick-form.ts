import type { KernelSource } from './generate.ts'
import type { Kernel } from './instantiate.ts'
import { stringLiteral } from './literal.ts'

/** A quicker way to the outputs of a kernel, which does not always work. */
export interface QuickForm {
  /** Its last output is 1 if the quick way is worth trying. */
  readonly before: KernelSource
  /** The outputs, and one more, last, that is 1 if it worked. */
  readonly source: KernelSource
}

/** One text in which the plain way is preceded by the quick one. */
export function inOrder(plain: KernelSource, { before, source: quick }: QuickForm): KernelSource {
  const text = [
    'function create(sizes, f, buffers) {',
    `  const plain = (${indented(plain.text)})(sizes, f, buffers)`,
    '  const shared = new Map([...plain.inputs, ...plain.outputs])',
    `  const before = (${indented(before.text)})(sizes, f, shared)`,
    `  const quick = (${indented(quick.text)})(sizes, f, shared)`,
    `  const worth = before.outputs.get(${stringLiteral(verdictOf(before))})`,
    `  const right = quick.outputs.get(${stringLiteral(verdictOf(quick))})`,
    '  return {',
    '    inputs: plain.inputs,',
    '    outputs: plain.outputs,',
    '    touch() { plain.touch(); before.touch(); quick.touch() },',
    '    run() {',
    '      before.run()',
    '      if (worth[0] === 1) {',
    '        quick.run()',
    '        if (right[0] === 1) return',
    '      }',
    '      plain.run()',
    '    }',
    '  }',
    '}',
  ].join('\n')
  const all = [plain, before, quick]
  const union = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())]
  return { ...plain, text, axes: union(all.map((s) => s.axes)), helpers: union(all.map((s) => s.helpers)) }
}

/** The same of kernels that are made where they run, by `make`; the plain one only when a run needs it. */
export function firstQuick(
  plainSource: () => KernelSource,
  { before: beforeSource, source }: QuickForm,
  make: (source: KernelSource, buffers: ReadonlyMap<string, Float64Array>) => Kernel,
  buffers: ReadonlyMap<string, Float64Array>,
): Kernel {
  const quick = make(source, buffers)
  const before = make(beforeSource, quick.inputs)
  const outputs = new Map(quick.outputs)
  outputs.delete(verdictOf(source))
  const [worth, right] = [before.outputs.get(verdictOf(beforeSource)), quick.outputs.get(verdictOf(source))]
  let plain: Kernel | undefined
  return {
    inputs: quick.inputs,
    outputs,
    touch(name) {
      for (const kernel of [before, quick, plain]) kernel?.touch(name)
    },
    run() {
      before.run()
      if (worth?.[0] === 1) {
        quick.run()
        if (right?.[0] === 1) return
      }
      plain ??= make(plainSource(), new Map([...quick.inputs, ...outputs]))
      plain.run()
    },
  }
}

function verdictOf({ outputs }: KernelSource): string {
  return outputs.at(-1)?.name ?? ''
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ')
}
