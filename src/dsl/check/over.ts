import type { FamilySignature } from '../../families/parts/signature.ts'
import { isSquare } from '../../families/parts/support.ts'
import { ownAxes } from '../../middle/kinds.ts'
import type { FamilyCall } from '../ast.ts'
import { distinctAxes } from './axes.ts'
import { didYouMean } from './names.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import type { Left } from './settled.ts'
import { axesInWords, quote } from './words.ts'

/**
 * The axes a family goes along: those in brackets, or those of the declared type of the left side. Families of square
 * matrices get both axes, rows first, whether one or both were written.
 */
export function overAxes(c: CheckContext, left: Left, call: FamilyCall, signature: FamilySignature): readonly string[] | undefined {
  const names = distinctAxes(c, call.axes)
  if (names === undefined) return undefined
  const family = call.family.text
  const square = isSquareFamily(signature)
  const most = square ? 2 : signature.over
  const surplus = names[most]
  if (surplus !== undefined) {
    const takes = most === 0 ? 'takes no axis in brackets' : `goes along ${most === 1 ? 'one axis' : 'two axes'}`
    return tell(c.report, 'AMP306', `${family} ${takes}`, {
      span: surplus.span,
      ...(most === 0 ? { hint: `${family} describes each element by itself: leave the brackets out` } : {}),
    })
  }
  const fromType = left.entry?.type === undefined ? [] : ownAxes(left.entry.type)
  for (const n of names) if (!isOfLeft(c, left, family, n.text, n.span)) return undefined
  const given = names.map((n) => n.text)
  const [first] = given
  if (first !== undefined && fromType.length > 0 && !fromType.includes(first) && !('chain' in signature.support)) {
    return tell(
      c.report,
      'AMP320',
      `${family} goes along ${quote(first)}, but the type of ${quote(left.text)} goes along ${quote(fromType[0] ?? '')}`,
      {
        span: names[0]?.span ?? call.family.span,
        hint: `${family}[${fromType[0]}]`,
      },
    )
  }
  if (square) return squareAxes(c, left, call, given, fromType)
  if (given.length === signature.over) return given
  if (given.length === 0 && signature.over === 1 && fromType.length === 1 && !('chain' in signature.support)) return fromType
  return missing(c, left, call, signature.over)
}

export function isSquareFamily(signature: FamilySignature): boolean {
  return isSquare(signature.support)
}

function isOfLeft(c: CheckContext, left: Left, family: string, axis: string, span: FamilyCall['span']): boolean {
  if (left.value.axes.includes(axis)) return true
  tell(c.report, 'AMP320', `${family} goes along ${quote(axis)}, an axis that ${quote(left.text)} does not have`, {
    span,
    expected:
      left.value.axes.length === 0 ? 'a left side with axes; this is a single number' : `one of ${left.value.axes.map(quote).join(', ')}`,
    ...didYouMean(axis, left.value.axes),
    related: [{ span: left.value.span, message: `this has ${axesInWords(left.value.axes)}` }],
  })
  return false
}

function squareAxes(
  c: CheckContext,
  left: Left,
  call: FamilyCall,
  given: readonly string[],
  fromType: readonly string[],
): readonly string[] | undefined {
  if (fromType.length === 2) return fromType
  const [rows, columns] = given
  if (rows !== undefined && columns !== undefined) return given
  const others = left.value.axes.filter((a) => a !== rows)
  const [only] = others
  if (rows !== undefined && only !== undefined && others.length === 1) return [rows, only]
  return missing(c, left, call, 2)
}

function missing(c: CheckContext, left: Left, call: FamilyCall, wanted: number): undefined {
  const family = call.family.text
  const axes = left.entry?.axes ?? left.value.axes
  const example = axes.length >= wanted ? axes.slice(-wanted).join(', ') : undefined
  tell(c.report, 'AMP320', `${family} needs ${wanted === 1 ? 'the axis' : 'the two axes'} that it goes along`, {
    span: call.family.span,
    expected: `${family}[${wanted === 1 ? 'axis' : 'rows, columns'}](...)`,
    hint: example === undefined ? `${quote(left.text)} has ${axesInWords(axes)}` : `${family}[${example}](...)`,
  })
}
