import type { FamilySignature, ParameterKind } from '../../families/parts/signature.ts'
import type { Typed } from '../../middle/model.ts'
import type { Use } from './density.ts'
import { tell } from './report.ts'
import type { Context } from './scope.ts'
import { fixedSize } from './scope.ts'
import { without } from './typed.ts'
import { quote } from './words.ts'

type Parameter = FamilySignature['parameters'][number]

/** The axis beside which an argument has one of its own, and how many elements fewer that has. */
interface Pair {
  readonly axis: string | undefined
  readonly than: string | undefined
  readonly fewer: 0 | 1
}

const square = (use: Use, parameter: Parameter, own: string | undefined): Pair => {
  const rows = use.over[parameter.name === 'columns' ? 1 : 0]
  return { axis: own ?? use.over[1], than: rows, fewer: 0 }
}

const pairs: { readonly [K in ParameterKind]?: (use: Use, parameter: Parameter, own: string | undefined) => Pair } = {
  covariance: square,
  cholesky: square,
  transition: (use, _parameter, own) => ({ axis: own, than: use.left.value.element, fewer: 0 }),
  ordered: (use, _parameter, own) => ({ axis: own, than: use.left.value.element, fewer: 1 }),
}

/** Whether an argument's own axis has the size it must have, as far as the model fixes both. The rest is seen to when sizes come. */
export function argumentSizes(c: Context, use: Use, parameter: Parameter, value: Typed): boolean {
  const { left, over } = use
  const [own] = without(value.axes, [...left.value.axes, ...over, ...(left.value.element === undefined ? [] : [left.value.element])])
  const { axis, than, fewer = 0 } = pairs[parameter.kind]?.(use, parameter, own) ?? {}
  if (axis === undefined || than === undefined) return true
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
