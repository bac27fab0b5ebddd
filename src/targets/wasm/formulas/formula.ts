import type { Plain } from '../instructions.ts'
import type { TableName } from './tables.ts'

/**
 * A formula without loops or branches, as data: a part that is written at several places is computed once. The same formula is
 * printed for one number and for a pair of them, operation by operation, so that both give the same bits.
 */
export type Formula = FormulaArgument | Literal | WholeLiteral | Done | Shifted | LookedUp | Called | Imported

export interface FormulaArgument {
  readonly kind: 'argument'
  readonly position: number
}

export interface Literal {
  readonly kind: 'literal'
  readonly value: number
}

/** A whole number of 64 bits. */
export interface WholeLiteral {
  readonly kind: 'whole'
  readonly value: bigint
}

export interface Done {
  readonly kind: 'done'
  readonly op: FormulaOp
  readonly of: readonly Formula[]
}

/** The bits of a whole number moved; to the right zeros come in. */
export interface Shifted {
  readonly kind: 'shifted'
  readonly to: 'left' | 'right'
  readonly by: number
  readonly of: Formula
}

/** An entry of a table. */
export interface LookedUp {
  readonly kind: 'looked up'
  readonly table: TableName
  readonly at: Formula
}

/** Another function. */
export interface Called {
  readonly kind: 'called'
  readonly name: string
  readonly of: readonly Formula[]
}

/** The function of the kernel with this name, one number at a time: for rare numbers, never in the first case. */
export interface Imported {
  readonly kind: 'imported'
  readonly name: string
  readonly of: readonly Formula[]
}

/** Reals are float64; a mask is 1 or 0 beside one number, all bits or none beside a pair. */
export type Gives = 'real' | 'whole' | 'mask'

interface FormulaRow {
  readonly one: Plain
  readonly pair: Plain
  readonly gives: Gives | 'second'
}

/** What an operation is by instructions, for one number and for a pair. `second`: it gives what its second part is. */
export const operations = {
  add: { one: 'f64.add', pair: 'f64x2.add', gives: 'real' },
  sub: { one: 'f64.sub', pair: 'f64x2.sub', gives: 'real' },
  mul: { one: 'f64.mul', pair: 'f64x2.mul', gives: 'real' },
  div: { one: 'f64.div', pair: 'f64x2.div', gives: 'real' },
  neg: { one: 'f64.neg', pair: 'f64x2.neg', gives: 'real' },
  abs: { one: 'f64.abs', pair: 'f64x2.abs', gives: 'real' },
  sqrt: { one: 'f64.sqrt', pair: 'f64x2.sqrt', gives: 'real' },
  ceil: { one: 'f64.ceil', pair: 'f64x2.ceil', gives: 'real' },
  floor: { one: 'f64.floor', pair: 'f64x2.floor', gives: 'real' },
  trunc: { one: 'f64.trunc', pair: 'f64x2.trunc', gives: 'real' },
  min: { one: 'f64.min', pair: 'f64x2.min', gives: 'real' },
  max: { one: 'f64.max', pair: 'f64x2.max', gives: 'real' },
  /** The number with these bits, and the bits of a number. */
  real: { one: 'f64.reinterpret_i64', pair: 'v128.or', gives: 'real' },
  bits: { one: 'i64.reinterpret_f64', pair: 'v128.or', gives: 'whole' },
  eq: { one: 'f64.eq', pair: 'f64x2.eq', gives: 'mask' },
  ne: { one: 'f64.ne', pair: 'f64x2.ne', gives: 'mask' },
  lt: { one: 'f64.lt', pair: 'f64x2.lt', gives: 'mask' },
  le: { one: 'f64.le', pair: 'f64x2.le', gives: 'mask' },
  gt: { one: 'f64.gt', pair: 'f64x2.gt', gives: 'mask' },
  ge: { one: 'f64.ge', pair: 'f64x2.ge', gives: 'mask' },
  both: { one: 'i32.and', pair: 'v128.and', gives: 'mask' },
  either: { one: 'i32.or', pair: 'v128.or', gives: 'mask' },
  wholeAdd: { one: 'i64.add', pair: 'i64x2.add', gives: 'whole' },
  wholeSub: { one: 'i64.sub', pair: 'i64x2.sub', gives: 'whole' },
  wholeAnd: { one: 'i64.and', pair: 'v128.and', gives: 'whole' },
  wholeOr: { one: 'i64.or', pair: 'v128.or', gives: 'whole' },
  wholeXor: { one: 'i64.xor', pair: 'v128.xor', gives: 'whole' },
  wholeGt: { one: 'i64.gt_s', pair: 'i64x2.gt_s', gives: 'mask' },
  /** [mask, a, b]: a where the mask is, else b; both are computed. */
  select: { one: 'select', pair: 'v128.bitselect', gives: 'second' },
} as const satisfies Readonly<Record<string, FormulaRow>>

export type FormulaOp = keyof typeof operations

/** A function, case by case: the first whose `when` holds. A pair goes the first way where both numbers do, else one by one. */
export interface FormulaFunction {
  readonly arity: number
  readonly cases: readonly { readonly when: Formula; readonly value: Formula }[]
  readonly otherwise: Formula
}

/** All formulas of a function. */
export function formulasOf({ cases, otherwise }: FormulaFunction): readonly Formula[] {
  return [...cases.flatMap(({ when, value }) => [when, value]), otherwise]
}

export function partsOf(e: Formula): readonly Formula[] {
  if (e.kind === 'done' || e.kind === 'called' || e.kind === 'imported') return e.of
  if (e.kind === 'shifted') return [e.of]
  return e.kind === 'looked up' ? [e.at] : []
}

type FormulaOperand = Formula | number | bigint

export function f(operand: FormulaOperand): Formula {
  if (typeof operand === 'number') return { kind: 'literal', value: operand }
  return typeof operand === 'bigint' ? { kind: 'whole', value: operand } : operand
}

export function argument(position: number): FormulaArgument {
  return { kind: 'argument', position }
}

const binary =
  (op: FormulaOp) =>
  (a: FormulaOperand, b: FormulaOperand): Formula => ({ kind: 'done', op, of: [f(a), f(b)] })
const unary =
  (op: FormulaOp) =>
  (a: FormulaOperand): Formula => ({ kind: 'done', op, of: [f(a)] })

export const add = binary('add')
export const sub = binary('sub')
export const mul = binary('mul')
export const div = binary('div')
export const max = binary('max')
export const min = binary('min')
export const lt = binary('lt')
export const le = binary('le')
export const gt = binary('gt')
export const ge = binary('ge')
export const eq = binary('eq')
export const ne = binary('ne')
export const both = binary('both')
export const either = binary('either')
export const wholeAdd = binary('wholeAdd')
export const wholeSub = binary('wholeSub')
export const wholeAnd = binary('wholeAnd')
export const wholeOr = binary('wholeOr')
export const wholeXor = binary('wholeXor')
export const wholeGt = binary('wholeGt')
export const neg = unary('neg')
export const abs = unary('abs')
export const trunc = unary('trunc')
export const floor = unary('floor')
export const ceil = unary('ceil')
export const bits = unary('bits')
export const real = unary('real')

export function select(mask: Formula, a: FormulaOperand, b: FormulaOperand): Formula {
  return { kind: 'done', op: 'select', of: [mask, f(a), f(b)] }
}

export function left(of: Formula, by: number): Formula {
  return { kind: 'shifted', to: 'left', by, of }
}

export function right(of: Formula, by: number): Formula {
  return { kind: 'shifted', to: 'right', by, of }
}

export function lookUp(table: TableName, at: Formula): Formula {
  return { kind: 'looked up', table, at }
}

export function call(name: string, ...of: readonly FormulaOperand[]): Formula {
  return { kind: 'called', name, of: of.map(f) }
}

export function imported(name: string, ...of: readonly FormulaOperand[]): Imported {
  return { kind: 'imported', name, of: of.map(f) }
}

/** c[0] + x (c[1] + x (c[2] + ...)), added from the inside. */
export function polynomial(x: Formula, coefficients: readonly number[]): Formula {
  const [c = 0, ...rest] = coefficients
  return rest.length === 0 ? f(c) : add(c, mul(x, polynomial(x, rest)))
}

/** -x where the sign of `like` is negative. */
export function withSignOf(like: Formula, x: Formula): Formula {
  return real(wholeXor(bits(x), wholeAnd(bits(like), SIGN)))
}

export const SIGN = -0x8000000000000000n
export const UPPER_WORD = -0x100000000n

/** x in two parts; whole numbers below 2^51 lie in the last digits of what is added to 1.5 * 2^52. */
export const ROUNDING = 6755399441055744

/** A number without fraction as a whole number of 64 bits. */
export function wholeOf(x: Formula): Formula {
  return wholeSub(bits(add(x, ROUNDING)), f(0x4338000000000000n))
}

/** A whole number of at most 51 digits as a number. */
export function realOf(k: Formula): Formula {
  return sub(real(wholeAdd(k, f(0x4338000000000000n))), ROUNDING)
}

/** 2^k, for k from -1022 to 1023. */
export function powerOfTwo(k: Formula): Formula {
  return real(left(wholeAdd(k, f(1023n)), 52))
}
