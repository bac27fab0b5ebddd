import { must } from '../base/internal-error.ts'
import { type Tensor, tensor } from '../base/tensor.ts'
import { sizeOf } from '../ir/layout.ts'
import { open } from '../middle/open.ts'
import type { ReportedLet } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import type { Run } from './run.ts'

/** Works out lets where states ended. */
export interface Reporter {
  /** `values`: by name, what differs from end to end; elements are numbered from 0. */
  at(values: Readonly<Record<string, Float64Array>>): Readonly<Record<string, Tensor>>
  dispose(): void
}

export function reporter(run: Run<{ readonly reports: readonly ReportedLet[] }>): Reporter {
  const { sizes } = run
  const lets = run.parts.reports.map(({ name, axes, graph }) => ({ name, axes, executable: open(run, graph) }))
  return {
    at: (values) =>
      Object.fromEntries(
        lets.map(({ name, axes, executable }) => {
          for (const [input, buffer] of executable.inputs) {
            const value = values[input]
            if (value === undefined) continue
            buffer.set(value)
            executable.touch(input)
          }
          executable.run()
          const shape = axes.map((axis) => sizeOf(axis, sizes))
          return [name, tensor(axes, shape, Float64Array.from(must(executable.outputs.get(ports.result), name)))]
        }),
      ),
    dispose() {
      for (const { executable } of lets) executable.dispose()
    },
  }
}
