import type { FamilySignature } from '../../families/parts/signature.ts'
import type { FamilyName } from '../../families/tables/signatures.ts'
import type { Typed } from '../../middle/model.ts'
import type { FamilyCall } from '../ast.ts'
import type { VariableEntry } from './scope.ts'

/** The left side of `~`: an expression, which may be just a variable. */
export interface Left {
  readonly value: Typed
  readonly entry?: VariableEntry
  /** As written, for messages. */
  readonly text: string
}

/** A family by name with everything about its use that has been settled. */
export interface SettledFamily {
  readonly name: FamilyName
  readonly signature: FamilySignature
  readonly call: FamilyCall
  readonly left: Left
  readonly over: readonly string[]
}
