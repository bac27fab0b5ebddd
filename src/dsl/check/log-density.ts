import type { FamilySignature } from '../../families/parts/signature.ts'
import { hasElements } from '../../families/parts/support.ts'
import { type FamilyName, signatures } from '../../families/tables/signatures.ts'
import type { Typed } from '../../middle/model.ts'
import type { Call } from '../ast.ts'
import { givenSlots, matchArguments } from './arguments.ts'
import { broadcast } from './broadcast.ts'
import { fitting, leftOf } from './density.ts'
import { overAxes } from './over.ts'
import type { CheckContext, ExprPlace } from './scope.ts'
import { deeper } from './scope.ts'
import { leftFits, wantsElement } from './support.ts'
import { typed, without } from './typed.ts'

/**
 * `normal_lpdf(y, mu, sigma)`: the log density of y, over the axes of y and of the arguments together, without those that
 * the family goes along. The same is asked of y and of the arguments as beside `~`.
 */
export function inferLogDensity(c: CheckContext, e: Call, family: FamilyName, place: ExprPlace): Typed | undefined {
  const values = new Map(e.args.map((a) => [a.value, c.infer(c, a.value, deeper(place))]))
  const signature: FamilySignature = signatures[family]
  const { text, span } = e.callee
  const parameters = ['y', ...signature.parameters.map((p) => p.name)]
  const matched = givenSlots(matchArguments(c.report, { what: text, parameters, optional: signature.optional ?? 0, span }, e.args))
  const [y, ...args] = matched?.map((a) => a && values.get(a)) ?? []
  if (y === undefined) return undefined
  const left = leftOf(c, y)
  if (hasElements(signature.support) && y.element === undefined) return wantsElement(c, family, left)
  const call = { family: e.callee, axes: e.axes, args: [], span: e.span }
  const over = overAxes(c, left, call, signature)
  if (over === undefined) return undefined
  const use = broadcast({ name: family, signature, call, left, over }, args)
  const known = fitting(c, use, args)
  if (!leftFits(c, use, known ?? [], undefined) || known === undefined) return undefined
  const variable = y.kind === 'variable' ? { variable: y.name } : {}
  return typed({ kind: 'log_density', family, over, left: y, args: known, ...variable }, without(use.left.value.axes, over), e.span)
}
