import { cover, type Span } from '../../base/source.ts'
import type { FunctionName } from '../../middle/functions.ts'
import type { Typed } from '../../middle/model.ts'
import type { BinaryOperator, Expr } from '../ast.ts'
import { chains } from '../operators.ts'
import { apply } from './elementwise.ts'
import type { CheckContext } from './scope.ts'

type Link = Extract<Expr, { kind: 'binary' }>

/** What joins two terms, and what joins a term to one that is taken away. */
interface Joining {
  readonly together: FunctionName
  readonly away: FunctionName
}

const joinings: Partial<Record<BinaryOperator, Joining>> = {
  '+': { together: 'add', away: 'sub' },
  '-': { together: 'add', away: 'sub' },
  '*': { together: 'mul', away: 'div' },
  '/': { together: 'mul', away: 'div' },
  and: { together: 'and', away: 'and' },
  or: { together: 'or', away: 'or' },
}
const takesAway: ReadonlySet<BinaryOperator> = new Set(['-', '/'])

/** Chains of up to this many links are computed from left to right, as written. */
export const longestInOrder = 500

/** One term of a chain, or several that are joined; `away` where it is subtracted from, or divides, what is before it. */
interface Stretch {
  readonly value: Typed | undefined
  readonly span: Span
  readonly away: boolean
}

/** The links of `a + b - c + ...`, from left to right, that end in `last`; undefined where they are few. */
export function longChain(last: Link): readonly Link[] | undefined {
  const links: Link[] = []
  for (let e: Expr = last; e.kind === 'binary' && chains(last.operator, e.operator); e = e.left) links.push(e)
  return links.length > longestInOrder ? links.reverse() : undefined
}

/**
 * A long chain joined in pairs, then pairs of pairs: as deep as the logarithm of its length, so that nothing that walks it
 * runs out of stack; a sum of n terms is rounded log n times rather than n times.
 */
export function inPairs(c: CheckContext, links: readonly Link[], infer: (e: Expr) => Typed | undefined): Typed | undefined {
  const [start] = links
  const joining = start && joinings[start.operator]
  if (start === undefined || joining === undefined) return undefined
  const alone = (e: Expr, away: boolean): Stretch => ({ value: infer(e), span: e.span, away })
  let terms: readonly Stretch[] = [alone(start.left, false), ...links.map((link) => alone(link.right, takesAway.has(link.operator)))]
  while (terms.length > 1) {
    const before = terms
    terms = before.flatMap((left, i) => (i % 2 === 0 ? [joined(c, joining, left, before[i + 1])] : []))
  }
  return terms[0]?.value
}

/** `-a - b` is `-(a + b)`, `-a + b` is `b - a`. */
function joined(c: CheckContext, joining: Joining, left: Stretch, right: Stretch | undefined): Stretch {
  if (right === undefined) return left
  const same = left.away === right.away
  const [a, b] = left.away && !same ? [right.value, left.value] : [left.value, right.value]
  const span = cover(left.span, right.span)
  return { value: apply(c, same ? joining.together : joining.away, [a, b], span), span, away: left.away && same }
}
