import type { LoopProgram } from '../loops/program.ts'
import { type Quick, verdictOf } from '../loops/quick.ts'
import type { KernelInstance } from './instantiate.ts'

/** The quick way and then, if it did not work, the plain one, as kernels that `make` makes: the plain one only when a run needs it. */
export function firstQuick(
  plainProgram: () => LoopProgram,
  { before: beforeProgram, program }: Quick,
  make: (program: LoopProgram, buffers: ReadonlyMap<string, Float64Array>) => KernelInstance,
  buffers: ReadonlyMap<string, Float64Array>,
): KernelInstance {
  const quick = make(program, buffers)
  const before = make(beforeProgram, quick.inputs)
  const outputs = new Map(quick.outputs)
  outputs.delete(verdictOf(program))
  const [worth, right] = [before.outputs.get(verdictOf(beforeProgram)), quick.outputs.get(verdictOf(program))]
  let plain: KernelInstance | undefined
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
      plain ??= make(plainProgram(), new Map([...quick.inputs, ...outputs]))
      plain.run()
    },
  }
}
