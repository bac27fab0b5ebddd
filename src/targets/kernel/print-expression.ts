import { LEAST_TOTAL } from '../../ir/scalar.ts'
import type { Applied, Expression, Real } from '../loops/program.ts'
import { type LoopOperator, rules } from '../loops/rules.ts'
import { atom, call, choice, infix, type JsCode, joined, negated, signed, truncated } from './code.ts'
import { numberLiteral } from './literal.ts'
import type { Names } from './names.ts'

/** The name in a kernel of a function of `f`. */
export function helperName(op: string): string {
  return `f_${op}`
}

type PrintedKind = Expression['kind']
type Writers = { readonly [K in PrintedKind]: (e: Extract<Expression, { readonly kind: K }>) => JsCode }
type Operation = (args: readonly Expression[], code: (e: Expression) => JsCode) => JsCode

/** The expressions of one kernel as JavaScript. */
export class Expressions {
  /** The operations that call a function of `f`. */
  readonly helpers = new Set<string>()
  readonly #writers: Writers

  constructor(names: Names) {
    const code = (e: Expression): JsCode => this.code(e)
    this.#writers = {
      constant: ({ value }) => number(value),
      variable: ({ local }) => atom(names.local(local)),
      element: ({ array, at }) => atom(`${names.array(array)}[${code(at).text}]`),
      apply: ({ op, args }) => this.#applied(op, args),
      inside: ({ index, is, bound, value }) => choice(infix(code(index), is === 'below' ? '<' : '>=', code(bound)), code(value), atom('0')),
      count: ({ of }) => code(of),
      whole: ({ value }) => number(value),
      extent: (e) => atom(names.extent(e)),
      total: ({ terms }) => joined(terms.map(code)),
      offset: ({ of, by }) => infix(code(of), by < 0 ? '-' : '+', number(Math.abs(by))),
      times: ({ of, by }) => infix(code(of), '*', code(by)),
      truncated: ({ of }) => truncated(code(of)),
    }
  }

  code(e: Expression): JsCode {
    return (this.#writers[e.kind] as (e: Expression) => JsCode)(e)
  }

  #applied(op: Applied, args: readonly Real[]): JsCode {
    if (isOperator(op)) return operations[op](args, (e) => this.code(e))
    const codes = args.map((a) => this.code(a))
    if (rules[op].by === 'Math') return call(`Math.${op}`, ...codes)
    this.helpers.add(op)
    return call(helperName(op), ...codes)
  }
}

function number(value: number): JsCode {
  const literal = numberLiteral(value)
  return value < 0 || Object.is(value, -0) ? signed(literal) : atom(literal)
}

type OperatorOf = Exclude<LoopOperator, 'square'>

function isOperator(op: Applied): op is OperatorOf {
  return rules[op].by === 'operator'
}

const between =
  (op: Parameters<typeof infix>[1]): Operation =>
  ([a, b], code) =>
    infix(code(a as Expression), op, code(b as Expression))

const compared =
  (op: Parameters<typeof infix>[1]): Operation =>
  (args, code) =>
    choice(between(op)(args, code), atom('1'), atom('0'))

const comparisons = { less: '<', less_equal: '<=', equal: '===' } as const

const operations: { readonly [K in OperatorOf]: Operation } = {
  neg: ([a], code) => negated(code(a as Expression)),
  log_total: ([a], code) => call('Math.max', code(a as Expression), number(LEAST_TOTAL)),
  add: between('+'),
  sub: between('-'),
  mul: between('*'),
  div: between('/'),
  less: compared(comparisons.less),
  less_equal: compared(comparisons.less_equal),
  equal: compared(comparisons.equal),
  where: ([test, a, b], code) => choice(condition(test as Expression, code), code(a as Expression), code(b as Expression)),
}

/** A comparison as it is, instead of as the number that it gives. */
function condition(test: Expression, code: (e: Expression) => JsCode): JsCode {
  const op = test.kind === 'apply' && test.op in comparisons ? comparisons[test.op as keyof typeof comparisons] : undefined
  return op === undefined || test.kind !== 'apply' ? infix(code(test), '!==', atom('0')) : between(op)(test.args, code)
}
