import type { Energy } from '../middle/energy.ts'

/** At which T of exp(-E/T) a result is, where that is not plainly 1. `asked`: by the option, which goes before the model. */
export function temperatureSentence(T: number, { temperature: stated }: Energy, asked: number | undefined): readonly string[] {
  if (stated === undefined) return T === 1 ? [] : [`The temperature is ${T}.`]
  return [asked === undefined ? `The temperature is ${T}, as the model says.` : `The temperature is ${T}, in place of the model's.`]
}
