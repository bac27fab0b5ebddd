/** A JavaScript expression and how tightly it binds, so that only the parentheses that are needed get printed. */
export interface JsCode {
  readonly text: string
  readonly rank: number
}

const TERNARY = 2
const BITWISE = 7
const EQUALITY = 8
const COMPARISON = 9
const ADDITIVE = 11
const MULTIPLICATIVE = 12
const UNARY = 14
const ATOM = 20

type Infix = '+' | '-' | '*' | '/' | '<' | '<=' | '===' | '!==' | '>='

const ranks: Record<Infix, number> = {
  '+': ADDITIVE,
  '-': ADDITIVE,
  '*': MULTIPLICATIVE,
  '/': MULTIPLICATIVE,
  '<': COMPARISON,
  '<=': COMPARISON,
  '>=': COMPARISON,
  '===': EQUALITY,
  '!==': EQUALITY,
}

/** A name, a literal of no sign, a call: something that never needs parentheses. */
export function atom(text: string): JsCode {
  return { text, rank: ATOM }
}

/** A literal with its sign. */
export function signed(text: string): JsCode {
  return { text, rank: UNARY }
}

/** Groups to the left, as JavaScript does; rounding makes `a + (b + c)` another number than `a + b + c`. */
export function infix(a: JsCode, op: Infix, b: JsCode): JsCode {
  const rank = ranks[op]
  return { text: `${within(a, rank)} ${op} ${within(b, rank + 1)}`, rank }
}

/** A sum of whole numbers, in which parentheses make no difference. */
export function joined(terms: readonly JsCode[]): JsCode {
  return { text: terms.map((t) => within(t, ADDITIVE)).join(' + '), rank: ADDITIVE }
}

export function negated(a: JsCode): JsCode {
  return { text: `-${within(a, UNARY + 1)}`, rank: UNARY }
}

export function call(name: string, ...args: readonly JsCode[]): JsCode {
  return atom(`${name}(${args.map((a) => a.text).join(', ')})`)
}

/** `test ? a : b`. */
export function choice(test: JsCode, a: JsCode, b: JsCode): JsCode {
  return { text: `${within(test, TERNARY + 1)} ? ${within(a, TERNARY + 1)} : ${within(b, TERNARY)}`, rank: TERNARY }
}

/** A number that counts array elements, from a float that holds it exactly. */
export function truncated(a: JsCode): JsCode {
  return atom(`(${within(a, BITWISE)} | 0)`)
}

function within(code: JsCode, rank: number): string {
  return code.rank < rank ? `(${code.text})` : code.text
}
