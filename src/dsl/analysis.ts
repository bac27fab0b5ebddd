import type { Checked } from '../base/diagnostic.ts'
import type { SourceFile, Span } from '../base/source.ts'
import type { AxisSize, Model, Role, ValueType } from '../middle/model.ts'
import type { Expr, Program } from './ast.ts'

/**
 * All that is known of a text, whatever is wrong with it: what each name means at each place, the axes of each expression,
 * and the diagnostics. The model is there when none of them is an error.
 */
export type Analysis = Checked<Model> & {
  readonly source: SourceFile
  /** The statements that could be read, and what is left of the others. */
  readonly program: Program
  /** What the text declares, in the order of the text; the parameters of defs are among it. */
  readonly declarations: readonly Declared[]
  /** Every name in the text, in order; none overlap. */
  readonly mentions: readonly Mention[]
  /** Of the expressions that the checker came to; the others are unknown. */
  readonly types: ReadonlyMap<Expr, NodeType>
}

/** What a name stands for. Two mentions mean the same where this is the same object. */
export type Meaning = Declared | OfLanguage

export type Declared =
  /** `size` is absent where it could not be read; `declared` is its statement's name, or the first declaration that has it. */
  | (NamedMeaning & { readonly kind: 'axis'; readonly size?: AxisSize; readonly labels?: readonly string[] })
  /** `type` is absent where it was wrong. */
  | (NamedMeaning & { readonly kind: 'variable'; readonly role: Role; readonly axes: readonly string[]; readonly type?: ValueType })
  | (NamedMeaning & { readonly kind: 'let'; readonly value: Expr })
  | (NamedMeaning & { readonly kind: 'def'; readonly parameters: readonly string[] })
  /** `within` is the def whose parameter it is. */
  | (NamedMeaning & { readonly kind: 'parameter'; readonly within: Span })
  | (NamedMeaning & { readonly kind: 'model' | 'energy' | 'objective' })
  /** Declared by a statement that could not be read: of any kind, type and axes. */
  | (NamedMeaning & { readonly kind: 'unknown' })

interface NamedMeaning {
  readonly name: string
  /** Where the name stands that declares it. */
  readonly declared: Span
}

/** `argument` is the name before `=` in a call of the language's own functions, families and types. */
export interface OfLanguage {
  readonly kind: 'function' | 'family' | 'type' | 'constant' | 'argument'
  readonly name: string
  readonly declared?: undefined
}

/** A name where it stands; without a meaning where nothing is called so. */
export interface Mention {
  readonly span: Span
  readonly means?: Meaning
}

export type NodeType =
  /** `element`: the axis of which the values are elements. */
  | { readonly kind: 'known'; readonly axes: readonly string[]; readonly element?: string }
  /** In a def whose calls have arguments with different axes. */
  | { readonly kind: 'depends' }
  /** Something in it, or in what it uses, was wrong. */
  | { readonly kind: 'unknown' }
