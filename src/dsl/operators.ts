import type { IToken } from 'chevrotain'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { cover, type Span } from '../base/source.ts'
import type { BinaryOperator, Expr, UnaryOperator } from './ast.ts'
import { Not, tokenSpan } from './tokens.ts'

/** How tightly an operator binds, loosest first; comparisons do not chain, `^` groups to the right. */
export const binding: Record<BinaryOperator, number> = {
  or: 1,
  and: 2,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
}
export const prefixBinding: Record<UnaryOperator, number> = { not: 3, '-': 7, '+': 7 }
const comparison = binding['==']

/** Whether operators follow each other in one chain whose grouping does not matter: sums, products, `and`s or `or`s. */
export function chains(operator: BinaryOperator, next: BinaryOperator): boolean {
  const own = binding[operator]
  return own === binding[next] && own !== comparison && own !== binding['^']
}

/** `- - x` is two prefixes and a primary. */
export interface Operand {
  readonly prefixes: readonly IToken[]
  readonly primary: Expr
}

interface Waiting {
  readonly token: IToken
  readonly prefix: boolean
  readonly binding: number
}

/**
 * Turns `operand (operator operand)*` into a tree by the table above. A loop with its own stack (the shunting-yard
 * algorithm), so that no chain of operators, however long, is a recursion here.
 */
export function treeOf(operands: readonly Operand[], operators: readonly IToken[], report: (problem: Diagnostic) => void): Expr {
  const done: Expr[] = []
  const waiting: Waiting[] = []

  function reduce(): void {
    const { token, prefix } = must(waiting.pop(), 'operator')
    const right = must(done.pop(), 'operand')
    done.push(prefix ? unary(token, right) : binary(must(done.pop(), 'left operand'), token, right))
  }
  function reduceDownTo(token: IToken, own: number): void {
    for (let top = waiting.at(-1); top && yields(top, own); top = waiting.at(-1)) {
      if (own === comparison && top.binding === comparison) report(chained(top.token, token))
      reduce()
    }
  }

  operands.forEach(({ prefixes, primary }, i) => {
    const operator = operators[i - 1]
    if (operator) {
      const own = binding[operator.image as BinaryOperator]
      reduceDownTo(operator, own)
      waiting.push({ token: operator, prefix: false, binding: own })
    }
    for (const token of prefixes) {
      if (token.tokenType === Not && !mayStartWithNot(waiting.at(-1))) report(looseNot(token, must(waiting.at(-1), 'operator').token))
      waiting.push({ token, prefix: true, binding: prefixBinding[token.image as UnaryOperator] })
    }
    done.push(primary)
  })
  while (waiting.length > 0) reduce()
  return must(done[0], 'expression')
}

/** Whether the operator on the stack takes its operand before one of binding `own` does. */
function yields(top: Waiting, own: number): boolean {
  return own === binding['^'] ? top.binding > own : top.binding >= own
}

function mayStartWithNot(before: Waiting | undefined): boolean {
  return before === undefined || before.binding <= prefixBinding.not
}

function unary(token: IToken, operand: Expr): Expr {
  return { kind: 'unary', operator: token.image as UnaryOperator, operand, span: cover(tokenSpan(token), operand.span) }
}

function binary(left: Expr, token: IToken, right: Expr): Expr {
  return { kind: 'binary', operator: token.image as BinaryOperator, left, right, span: cover(left.span, right.span) }
}

function chained(first: IToken, second: IToken): Diagnostic {
  return diagnostic('AMP114', `'${first.image}' and '${second.image}' cannot be chained`, {
    span: tokenSpan(second),
    hint: `compare twice and join with 'and': a ${first.image} b and b ${second.image} c`,
    related: [{ span: tokenSpan(first), message: 'the first comparison is here' }],
  })
}

function looseNot(token: IToken, before: IToken): Diagnostic {
  const at: Span = tokenSpan(token)
  return diagnostic('AMP105', `expected an operand after '${before.image}', found 'not'`, {
    span: at,
    hint: `'not' binds more loosely than '${before.image}': put it in parentheses, (not x)`,
  })
}
