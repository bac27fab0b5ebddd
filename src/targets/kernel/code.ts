/** A JavaScript expression and how tightly it binds, so that only the parentheses that are needed get printed. */
export interface Code {
  readonly text: string
  readonly rank: number
  /** The same as a truth value, for expressions that are 1 or 0. */
  readonly test?: Code
}

export const TERNARY = 2
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

/** A name, a literal, a call: something that never needs parentheses. */
export function atom(text: string): Code {
  return { text, rank: text.startsWith('-') ? UNARY : ATOM }
}

/** Groups to the left, as JavaScript does; rounding makes `a + (b + c)` another number than `a + b + c`. */
export function infix(a: Code, op: Infix, b: Code): Code {
  const rank = ranks[op]
  return { text: `${within(a, rank)} ${op} ${within(b, rank + 1)}`, rank }
}

export function negated(a: Code): Code {
  return { text: `-${within(a, UNARY + 1)}`, rank: UNARY }
}

export function call(name: string, ...args: readonly Code[]): Code {
  return atom(`${name}(${args.map((a) => a.text).join(', ')})`)
}

/** `test ? a : b`. */
export function choice(test: Code, a: Code, b: Code): Code {
  return { text: `${within(test, TERNARY + 1)} ? ${within(a, TERNARY + 1)} : ${within(b, TERNARY)}`, rank: TERNARY }
}

/** 1 or 0. */
export function truth(test: Code): Code {
  return { ...choice(test, atom('1'), atom('0')), test }
}

/** A number that counts array elements, from a float that holds it exactly. */
export function truncated(a: Code): Code {
  return { text: `(${within(a, 7)} | 0)`, rank: ATOM }
}

function within(code: Code, rank: number): string {
  return code.rank < rank ? `(${code.text})` : code.text
}
