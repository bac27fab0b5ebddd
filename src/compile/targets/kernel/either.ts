import type { KernelSource } from './generate.ts'
import { stringLiteral } from './literal.ts'

/**
 * `plain`, preceded by a quicker way to the same outputs that does not always work. `before` has one output, which is 1 if
 * it is worth trying; `quick` has one more than `plain`, which is 1 if it worked.
 */
export function inOrder(plain: KernelSource, before: KernelSource, quick: KernelSource): KernelSource {
  const output = ({ outputs }: KernelSource): string => stringLiteral(outputs.at(-1)?.name ?? '')
  const text = [
    'function create(sizes, f, buffers) {',
    `  const plain = (${indented(plain.text)})(sizes, f, buffers)`,
    '  const shared = new Map([...plain.inputs, ...plain.outputs])',
    `  const before = (${indented(before.text)})(sizes, f, shared)`,
    `  const quick = (${indented(quick.text)})(sizes, f, shared)`,
    `  const worth = before.outputs.get(${output(before)})`,
    `  const right = quick.outputs.get(${output(quick)})`,
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

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ')
}
