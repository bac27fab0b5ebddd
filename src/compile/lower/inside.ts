import { signatures } from '../../families/tables/signatures.ts'
import type { FamilyUse } from '../../middle/model.ts'
import * as supports from '../../middle/supports.ts'
import type { LowerContext } from './context.ts'

/** Whether the type of the left side alone keeps it inside the support of its family, so that its density needs no guard. */
export function keepsInside(c: LowerContext, { variable, family }: FamilyUse): boolean {
  const type = variable === undefined ? undefined : c.variables.get(variable)?.type
  return type !== undefined && supports.keepsInside(type, signatures[family].support)
}
