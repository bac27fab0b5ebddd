import type { Typed } from '../../middle/model.ts'
import type { FamilyCall } from '../ast.ts'
import { broadcastAxes } from './parameter-axes.ts'
import type { CheckContext } from './scope.ts'
import type { Left, SettledFamily } from './settled.ts'
import { typed } from './typed.ts'

/** A constant is the same at each element of the axes that its family is said to go along. */
export function alongFamily(c: CheckContext, left: Left, { axes }: FamilyCall): Left {
  const known = axes.map((a) => a.text).filter((a) => c.scope.axes.has(a))
  return { ...left, value: typed(left.value, [...left.value.axes, ...known], left.value.span, left.value.element) }
}

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
