import { must } from '../base/internal-error.ts'
import { type Tensor, tensor } from '../base/tensor.ts'
import { sizeOf } from '../ir/layout.ts'
import { type OpenSetting, open } from '../middle/open.ts'
import type { EliminatedVariable, ToldMoment } from '../middle/program.ts'

/**
 * What is reported of a variable that is gone from the energy, given the rest where it ended. Integrated out: the `mean` and `sd` of its
 * elements under exp(-E/T), and their `covariance` (over its axes and a second name of those along which they meet). Minimised: the
 * `value` at which the energy is least; plugged in: its most likely `value` by what is known of it alone. What depends on a variable that went after it in a way that has no closed form is left out.
 */
export type EliminatedValue = { readonly how: 'integrate' | 'plug-in' | 'minimise' } & { readonly [M in ToldMoment]?: Tensor }

/** Opens what is reported of the variables that are gone; `valuesOf` says where the rest ended, inside (elements from 0), and `energy` is that there. */
export function openTold(
  eliminated: readonly EliminatedVariable[],
  setting: OpenSetting,
): (valuesOf: (name: string) => Float64Array | undefined, energy: number) => Readonly<Record<string, EliminatedValue>> {
  const opened = eliminated.map((variable) => ({ variable, executable: open(setting, variable.graph) }))
  return (valuesOf, energy) => {
    // Without inherited names, since variables are named by the user.
    const result: Record<string, EliminatedValue> = Object.create(null)
    for (const { variable, executable } of opened) {
      // Where there is no density there are no moments.
      if (!Number.isFinite(energy)) {
        result[variable.name] = { how: variable.how }
        continue
      }
      for (const [name, buffer] of executable.inputs) {
        const value = valuesOf(name)
        if (value === undefined) continue
        buffer.set(value)
        executable.touch(name)
      }
      executable.run()
      const read = variable.told.map(({ what, axes, port }) => {
        const data = must(executable.outputs.get(port), port).slice()
        return [what, tensor(axes, axes.map((a) => sizeOf(a, setting.sizes)), data)] as const // biome-ignore format: one thought
      })
      result[variable.name] = { how: variable.how, ...Object.fromEntries(read) }
    }
    return result
  }
}
