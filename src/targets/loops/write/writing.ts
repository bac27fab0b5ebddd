import { must } from '../../../base/internal-error.ts'
import { variable } from '../expressions.ts'
import type { Element, Local, Real } from '../program.ts'
import type { LowId } from '../schedule/lowered.ts'
import type { Storage } from '../schedule/storage.ts'
import { type AddressPositions, address, here } from './address.ts'
import type { WriteScope } from './scope.ts'
import type { Stored, ValueReading } from './values.ts'

export interface Writing extends ValueReading {
  readonly storage: Storage
  /** The arrays of the outputs. */
  readonly outputs: readonly Stored[]
  /** The variables that collect reductions and running sums. */
  readonly collectors: Map<LowId, Local>
  /** The arrays that hold the states of running sums. */
  readonly states: ReadonlyMap<LowId, Stored>
}

/** The element of `array` at the current position, never from a variable: it may be written. */
export function element(w: Writing, array: Stored | undefined, scope: WriteScope, positions: AddressPositions = here): Element {
  const { array: k, layout } = must(array, 'array')
  return { kind: 'element', array: k, at: address(layout, positions, scope, w.locals).of }
}

export function store(w: Writing, array: Stored | undefined, scope: WriteScope, value: Real, positions: AddressPositions = here): void {
  scope.statements.push({ kind: 'store', into: element(w, array, scope, positions), value })
}

/** That `local` holds the value of a node from now on. */
export function held(w: Writing, id: LowId, scope: WriteScope, local: Local): void {
  w.held.set(id, { scope, local })
  const array = w.stored.get(id)
  if (array !== undefined) store(w, array, scope, variable(local))
}
