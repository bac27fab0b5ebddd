import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { FamilyContext } from './density.ts'
import type { Each, WrittenSignature } from './signature.ts'

/**
 * The log density inside the support at ordinary arguments as a plain formula: no guards, nothing regrouped for digits. What x and
 * the arguments bring is seen from it (conjugate forms); numbers come from `density`.
 */
export interface Interior<S extends WrittenSignature = WrittenSignature> {
  logDensity(m: Maths, x: NodeId, args: Each<S, NodeId>, context: FamilyContext): NodeId
}
