import { cover, type Span } from '../../base/source.ts'
import type { FamilySignature } from '../../families/parts/signature.ts'
import { endsOf, hasElements, isCounted } from '../../families/parts/support.ts'
import { familyNames, isFamily, signatures } from '../../families/tables/signatures.ts'
import type { DensityTerm, Typed } from '../../middle/model.ts'
import type { FamilyCall } from '../ast.ts'
import { givenSlots, matchArguments } from './arguments.ts'
import { alongFamily, broadcast } from './broadcast.ts'
import { censoring } from './censoring.ts'
import { wantsNumber } from './elementwise.ts'
import { hasJacobian } from './jacobian.ts'
import { didYouMean } from './names.ts'
import { familyElsewhere } from './other-systems.ts'
import { overAxes } from './over.ts'
import { argumentAxes } from './parameter-axes.ts'
import { argumentSizes } from './parameter-sizes.ts'
import { argumentValue } from './parameter-values.ts'
import { rangeOf } from './range.ts'
import { tell } from './report.ts'
import { type CheckContext, outermost } from './scope.ts'
import type { Left, SettledFamily } from './settled.ts'
import { leftFits, wantsElement } from './support.ts'
import { truncation } from './truncation.ts'
import { nodesWithin } from './typed.ts'
import { quote } from './words.ts'

/** `left ~ family(args)`: everything of the term but its name; undefined (and reported) where it does not fit. */
export function densityTerm(c: CheckContext, left: Left | undefined, call: FamilyCall, span: Span): Omit<DensityTerm, 'name'> | undefined {
  const values = new Map(call.args.map((a) => [a.value, c.infer(c, a.value, outermost)]))
  const range = truncation(c, call)
  const censored = censoring(c, call)
  const name = call.family.text
  if (!isFamily(name)) return unknownFamily(c, call)
  const signature: FamilySignature = signatures[name]
  const names = signature.parameters.map((p) => p.name)
  const wanted = { what: name, parameters: names, optional: signature.optional ?? 0, span: call.family.span }
  const args = givenSlots(matchArguments(c.report, wanted, call.args))?.map((e) => e && values.get(e))
  if (left === undefined) return undefined
  const isConstant = !hasVariable(c, left.value)
  if (isConstant && args?.some((a) => a !== undefined && hasVariable(c, a)) !== true) {
    // What is unknown on the right may hold one.
    return args?.includes(undefined) === false ? noVariable(c, left) : undefined
  }
  if (hasElements(signature.support) && left.value.element === undefined) return wantsElement(c, name, left)
  const along = isConstant ? alongFamily(c, left, call) : left
  const over = overAxes(c, along, call, signature)
  if (over === undefined) return undefined
  const written: SettledFamily = { name, signature, call, left: along, over }
  // A constant is the same for each element of what is on the right.
  const use = isConstant ? broadcast(written, args ?? []) : written
  const known = fitting(c, use, args ?? [])
  const rangeFits = range !== 'wrong' && (range === undefined || range.fits(use))
  const censoredFits = censored !== 'wrong' && (censored === undefined || censored.fits(use))
  if (!leftFits(c, use, known ?? [], range === 'wrong' || !rangeFits ? undefined : range)) return undefined
  warnJacobian(c, left, signature)
  if (known === undefined || !rangeFits || !censoredFits) return undefined
  const { entry, value } = use.left
  return {
    kind: 'density',
    left: value,
    ...(entry === undefined ? {} : { variable: entry.declaration.name.text }),
    family: name,
    over,
    args: known,
    ...(range === undefined ? {} : { range: { lower: range.lower, upper: range.upper } }),
    ...(censored === undefined ? {} : { censored: { lower: censored.lower, upper: censored.upper } }),
    span,
  }
}

/** The arguments of a family, if all are there and fit; says of each what does not. */
export function fitting(c: CheckContext, use: SettledFamily, args: readonly (Typed | undefined)[]): readonly Typed[] | undefined {
  const known = args.filter((a) => a !== undefined)
  const fit = args.map((a, i) => a === undefined || argumentFits(c, use, i, a)).every(Boolean)
  const { parameters, optional = 0 } = use.signature
  return fit && known.length >= parameters.length - optional && known.length === args.length && boundsInOrder(c, use, known)
    ? known
    : undefined
}

export function leftOf(c: CheckContext, value: Typed): Left {
  const entry = value.kind === 'variable' ? c.scope.variables.get(value.name) : undefined
  const text = c.text.slice(value.span.start, value.span.end)
  const shown = text.length <= 40 && !text.includes('\n') ? text : 'the left side'
  return { value, text: shown, ...(entry === undefined ? {} : { entry }) }
}

function unknownFamily(c: CheckContext, call: FamilyCall): undefined {
  const { text, span } = call.family
  const elsewhere = familyElsewhere(text)
  const hint = elsewhere === undefined ? didYouMean(text, familyNames, 'see the list of families') : { hint: elsewhere }
  tell(c.report, 'AMP203', `there is no family called ${quote(text)}`, { span, ...hint })
}

function argumentFits(c: CheckContext, use: SettledFamily, i: number, value: Typed): boolean {
  const parameter = use.signature.parameters[i]
  if (parameter === undefined) return false
  if (value.element !== undefined) {
    wantsNumber(c, value)
    return false
  }
  return argumentAxes(c, use, parameter, value) && argumentSizes(c, use, parameter, value) && argumentValue(c, use, parameter, value)
}

/** `uniform(3, 2)` has nothing between its bounds. */
function boundsInOrder(c: CheckContext, { name, signature: { support, parameters } }: SettledFamily, args: readonly Typed[]): boolean {
  const ends = endsOf(support) ?? []
  const [lower, upper] = ends.map((end) => args[parameters.findIndex((p) => p.name === end)])
  if (lower === undefined || upper === undefined || rangeOf(c, lower).low < rangeOf(c, upper).high) return true
  tell(c.report, 'AMP404', `'${ends[1]}' of ${name} must be above '${ends[0]}'`, {
    span: cover(lower.span, upper.span),
    hint: 'the lower bound comes first',
  })
  return false
}

function hasVariable(c: CheckContext, value: Typed): boolean {
  for (const n of nodesWithin([value], c.lets)) if (n.kind === 'variable' || n.kind === 'act') return true
  return false
}

function noVariable(c: CheckContext, left: Left): undefined {
  return tell(c.report, 'AMP409', `the left side of ~ must involve a variable, and ${quote(left.text)} has none`, {
    span: left.value.span,
    hint: 'a constant has no distribution: put the variable on the left',
  })
}

/**
 * Of a transformed state the density is taken as it stands; the user has to know. A constant Jacobian changes nothing but the
 * normalising constant, and what takes discrete values has none.
 */
function warnJacobian(c: CheckContext, left: Left, { support }: FamilySignature): void {
  if (isCounted(support) || !hasJacobian(c, left.value)) return
  for (const n of nodesWithin([left.value], c.lets)) {
    const name = n.kind === 'variable' ? n.name : n.kind === 'act' ? n.state : undefined
    const entry = name === undefined ? undefined : c.scope.variables.get(name)
    if (entry?.declaration.role !== 'state') continue
    const { declaration } = entry
    tell(c.report, 'AMP408', `${quote(left.text)} is made of the state ${quote(declaration.name.text)}: no Jacobian is added`, {
      span: left.value.span,
      hint: `the term is taken as written; for the density of a transformed state, add the log Jacobian as an energy`,
      related: [{ span: declaration.name.span, message: `${quote(declaration.name.text)} is declared here` }],
    })
    return
  }
}
