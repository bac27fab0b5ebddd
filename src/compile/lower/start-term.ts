import type { DensityTerm, Typed, ValueOrigin, Variable } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'

/** What a variable is drawn from where it is not given, as a statement would say it; it is none, and adds nothing to E. */
export function startTerm({ name, axes, type, span, nameSpan }: Variable, start: Extract<ValueOrigin, { kind: 'drawn' }>): DensityTerm {
  const { family, over, args, range } = start
  const element = type.kind === 'element' ? { element: type.axis } : {}
  const left: Typed = { kind: 'variable', name, axes: [...axes].sort(), span: nameSpan, ...element }
  return { kind: 'density', name: ports.start(name), left, variable: name, family, over, args, span, ...(range && { range }) }
}
