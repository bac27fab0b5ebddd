import { argumentAxes } from '../../families/parts/argument-axes.ts'
import { tiedAxis } from '../../families/parts/parameter-kinds.ts'
import type { Parameter } from '../../families/parts/signature.ts'
import type { Typed } from '../../middle/model.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { fixedSize } from './scope.ts'
import type { SettledFamily } from './settled.ts'
import { quote } from './words.ts'

/** Whether an argument's own axis has the size it must have, as far as the model fixes both. The rest is seen to when sizes come. */
export function argumentSizes(c: CheckContext, use: SettledFamily, parameter: Parameter, value: Typed): boolean {
  const tied = tiedAxis(parameter.kind, argumentAxes(use.left.value, use.over, { name: parameter.name, axes: value.axes }))
  if (tied === undefined) return true
  const { axis, than, fewer } = tied
  const [size, other] = [fixedSize(c.scope, axis), fixedSize(c.scope, than)]
  if (size === undefined || other === undefined || size === other - fewer) return true
  // Of a type that is square, its declaration was told so.
  if (value.kind === 'variable' && 'rows' in (c.scope.variables.get(value.name)?.type ?? {})) return false
  const argument = `${quote(parameter.name)} of ${use.name}`
  const wanted = fewer === 0 ? `must be square, and ${quote(than)} has size ${other}` : `are ${size}, but ${other} levels need ${other - 1}`
  tell(c.report, 'AMP314', fewer === 0 ? `${argument} ${wanted}, but ${quote(axis)} has ${size}` : `${argument} ${wanted}`, {
    span: value.span,
    expected: `axis ${axis} = ${fewer === 0 ? `size(${than})` : other - 1}`,
    related: [axis, than].flatMap((name) => {
      const entry = c.scope.axes.get(name)
      return entry === undefined ? [] : [{ span: entry.span, message: `${quote(name)} has size ${fixedSize(c.scope, name)}` }]
    }),
  })
  return false
}
