import type { IToken } from 'chevrotain'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import type { Expr, Statement } from './ast.ts'
import { isOpener, openerOf } from './lines.ts'
import { chains } from './operators.ts'
import { tokenSpan } from './tokens.ts'

/**
 * Brackets recurse in the parser, and every level of a tree in whatever walks it later; both are bounded here, far above
 * what a person writes and far below what exhausts the stack (the parser manages some 800 levels of brackets).
 */
export const deepestBrackets = 100
export const deepestTree = 500

/** The bracket that goes too deep, before parsing. */
export function bracketsTooDeep(tokens: readonly IToken[]): Diagnostic | undefined {
  let depth = 0
  for (const token of tokens) {
    if (isOpener(token.tokenType)) depth += 1
    else if (openerOf(token.tokenType)) depth = Math.max(0, depth - 1)
    if (depth > deepestBrackets) return tooDeep(tokenSpan(token), `brackets nest more than ${deepestBrackets} deep`)
  }
  return undefined
}

/**
 * A statement whose tree is too deep, after parsing: chains such as `- - - x` and `a < b + ...` are as deep as they are long.
 * Sums, products and conditions may be long, since their left edge is walked, not descended.
 */
export function treeTooDeep(statement: Statement): Diagnostic | undefined {
  const waiting: { readonly node: unknown; readonly depth: number }[] = [{ node: Object.values(statement), depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node } = next
    if (typeof node !== 'object' || node === null) continue
    const depth = next.depth + ('kind' in node ? 1 : 0)
    if (depth > deepestTree) return tooDeep(statement.span, `the expression nests more than ${deepestTree} deep`)
    for (const child of Object.values(node)) waiting.push({ node: child, depth: goesOn(node, child) ? next.depth : depth })
  }
  return undefined
}

/** `a + b` in `a + b - c`. */
function goesOn(node: object, left: unknown): boolean {
  return isBinary(node) && node.left === left && isBinary(left) && chains(node.operator, left.operator)
}

function isBinary(node: unknown): node is Extract<Expr, { kind: 'binary' }> {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'binary'
}

function tooDeep(span: Span, message: string): Diagnostic {
  return diagnostic('AMP115', message, { span, hint: 'name parts of the expression with let' })
}
