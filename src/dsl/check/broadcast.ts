import type { Typed } from '../../middle/model.ts'
import { broadcastAxes } from './parameter-axes.ts'
import type { Left, SettledFamily } from './settled.ts'
import { typed } from './typed.ts'

/** The use with the axes of its arguments on the left, too. */
export function broadcast(use: SettledFamily, args: readonly (Typed | undefined)[]): SettledFamily {
  const { value } = use.left
  const more = args.flatMap((arg, i) => {
    const parameter = use.signature.parameters[i]
    return arg === undefined || parameter === undefined ? [] : broadcastAxes(use, parameter, arg)
  })
  const left: Left = { ...use.left, value: typed(value, [...value.axes, ...more], value.span, value.element) }
  return { ...use, left }
}
