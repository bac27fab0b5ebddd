import type { Energy } from '../middle/energy.ts'
import type { StatedTemperature } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { expressionOf } from './outputs.ts'

/** T of exp(-E/T) as the model says it, where it does. */
export function temperatureOf(energy: Energy): { readonly temperature?: StatedTemperature } {
  const { temperature } = energy
  return temperature === undefined ? {} : { temperature: { graph: expressionOf(energy, ports.statedTemperature), span: temperature.span } }
}

/** T where no option says it and nothing has to be given for it. */
export function plainTemperature({ temperature }: Energy): { readonly temperature?: 1 } {
  return temperature === undefined ? { temperature: 1 } : {}
}
