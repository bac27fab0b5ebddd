import type { Span } from '../base/source.ts'
import type { Role, RuleKind } from '../middle/model.ts'

/** The syntax tree: what was written, nothing resolved. Every node carries its span; comments are kept for the formatter. */
export interface Program {
  readonly statements: readonly Statement[]
  /** The statements that could not be read; what is wrong with them has been reported. */
  readonly broken: readonly Broken[]
  /** Every `# ...` comment, in order, `#` included. */
  readonly comments: readonly Comment[]
  readonly span: Span
}

/** What is left of a statement that could not be read. */
export interface Broken {
  /** The word it starts with, where that is one that starts statements. */
  readonly keyword?: string
  /** The name after the keyword, or at the start where there is none; absent where it is gone, too. */
  readonly name?: Name
  /** Every other name in it, in order. */
  readonly words: readonly Name[]
  /**
   * What is wrong with the axes of a declaration: their bracket is not closed, it ends where another one must follow, or
   * their bracket is not opened, so that the name and the first axis (of a def the first parameter) may be one word.
   */
  readonly axes?: 'open' | 'cut' | 'joined'
  readonly span: Span
}

export interface Comment {
  readonly text: string
  readonly span: Span
}

export interface Name {
  readonly text: string
  readonly span: Span
}

export type Statement =
  | ModelStatement
  | AxisStatement
  | Declaration
  | LetStatement
  | DefStatement
  | EnergyStatement
  | DensityStatement
  | RuleStatement
  | ObjectiveStatement
  | TemperatureStatement

/** `model name` */
export interface ModelStatement {
  readonly kind: 'model'
  readonly name: Name
  readonly span: Span
}

/** `axis k = 4 ~ dirichlet(a)`; size and prior each optional. */
export interface AxisStatement {
  readonly kind: 'axis'
  readonly name: Name
  readonly size?: Expr
  /** `axis level = ("low", "mid", "high")`: what its elements are called, in order. */
  readonly labels?: readonly TextLiteral[]
  readonly prior?: FamilyCall
  readonly span: Span
}

/** A text in quotes: `value` is what it says, `text` how it was written. */
export interface TextLiteral {
  readonly value: string
  readonly text: string
  readonly span: Span
}

/** `role name[axes] : type = default ~ family(args) from start with lagrangian L, tau t` */
export interface Declaration {
  readonly kind: 'declaration'
  readonly role: Role
  readonly name: Name
  readonly axes: readonly Name[]
  readonly type?: TypeSyntax
  readonly default?: Expr
  readonly prior?: FamilyCall
  readonly start?: StartSyntax
  readonly lagrangian?: Expr
  readonly tau?: Expr
  readonly span: Span
}

/** `real(lower = a, upper = b)`, `simplex[k]`, `spin`, or an axis name. */
export interface TypeSyntax {
  readonly name: Name
  readonly axes: readonly Name[]
  readonly args: readonly Argument[]
  readonly span: Span
}

/** `family[axis](args) in (a, b) censored (c, d)`: `range` is truncation. */
export interface FamilyCall {
  readonly family: Name
  readonly axes: readonly Name[]
  readonly args: readonly Argument[]
  readonly range?: IntervalExpr
  readonly censored?: IntervalExpr
  readonly span: Span
}

/** `from expr` or `from expr in (a, b)`: what calls a family is read as a function's call would be; the span begins at the word. */
export interface StartSyntax {
  readonly value: Expr
  readonly range?: IntervalExpr
  readonly span: Span
}

/** `(lower, upper)`; the span begins at the word before it. */
export interface IntervalExpr {
  readonly lower: Expr
  readonly upper: Expr
  readonly span: Span
}

/** `expr` or `name = expr`. */
export interface Argument {
  readonly name?: Name
  readonly value: Expr
}

/** `let name = expr` */
export interface LetStatement {
  readonly kind: 'let'
  readonly name: Name
  readonly value: Expr
  readonly span: Span
}

/** `def name[axes](parameters) = expr` */
export interface DefStatement {
  readonly kind: 'def'
  readonly name: Name
  /** Axes of the body that each call names. */
  readonly axes: readonly Name[]
  readonly parameters: readonly Name[]
  readonly body: Expr
  readonly span: Span
}

/** `energy name = expr` or `energy expr` */
export interface EnergyStatement {
  readonly kind: 'energy'
  readonly name?: Name
  readonly value: Expr
  readonly span: Span
}

/** `expr ~ family(args)` */
export interface DensityStatement {
  readonly kind: 'density'
  readonly left: Expr
  readonly right: FamilyCall
  readonly span: Span
}

/**
 * `flow x = expr with noise expr`, `step x = expr`, `jump x = expr where condition`, `write T = expr`,
 * `write xi[pattern = new] = expr`, `forget R[level = v] = expr`
 */
export interface RuleStatement {
  readonly kind: RuleKind
  readonly target: Name
  /** Which elements of the target; all where there are none. */
  readonly subscripts: readonly Subscript[]
  readonly value: Expr
  /** Of a flow. */
  readonly noise?: Expr
  /** Of a jump: when it happens. */
  readonly when?: Expr
  readonly span: Span
}

/** `objective name = expr`, `objective name over W, b = expr` */
export interface ObjectiveStatement {
  readonly kind: 'objective'
  readonly name: Name
  /** What learning by it moves. */
  readonly over?: readonly Name[]
  readonly value: Expr
  readonly span: Span
}

/** `temperature = expr` */
export interface TemperatureStatement {
  readonly kind: 'temperature'
  readonly value: Expr
  readonly span: Span
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or'
export type UnaryOperator = '-' | '+' | 'not'

export type Expr =
  /** `text` keeps the way the number was written (`1e-12`). */
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly span: Span }
  /** `"treated"`: an element of the axis that what stands beside it says. */
  | ({ readonly kind: 'text' } & TextLiteral)
  | { readonly kind: 'name'; readonly name: Name; readonly span: Span }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expr; readonly span: Span }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expr; readonly right: Expr; readonly span: Span }
  /** `exp(x)`, `sum[a, b](x)`, `scan[t](first = e0, next = e)`, `act(v)`, `size(axis)`. */
  | {
      readonly kind: 'call'
      readonly callee: Name
      readonly axes: readonly Name[]
      /** What a def calls each of the axes, where any is given by name: `attend[over = token](...)`. */
      readonly axisNames?: readonly (Name | undefined)[]
      readonly args: readonly Argument[]
      readonly span: Span
    }
  /** `mu[z]`, `mu[cluster = z]`, `s[neuron -> other]`, `y[t = t - 1]`, `y[t = t - 1 else 0]`; several separated by commas. */
  | { readonly kind: 'index'; readonly target: Expr; readonly subscripts: readonly Subscript[]; readonly span: Span }
  /** `( expr )`, kept so that the formatter keeps the user's parentheses. */
  | { readonly kind: 'group'; readonly inner: Expr; readonly span: Span }

export type Subscript =
  | { readonly kind: 'by'; readonly index: Expr; readonly span: Span }
  /** `fill`: the value where a shift falls outside, `y[t = t - 1 else 0]`. */
  | { readonly kind: 'at'; readonly axis: Name; readonly index: Expr; readonly fill?: Expr; readonly span: Span }
  | { readonly kind: 'rename'; readonly from: Name; readonly to: Name; readonly span: Span }

export type Call = Extract<Expr, { kind: 'call' }>
