import { must } from '../../../base/internal-error.ts'
import { isElementwise } from '../../../ir/scalar.ts'
import { applied, variable } from '../expressions.ts'
import type { Real } from '../program.ts'
import type { ComputedOp, Fold, LowId, LowNode, LowOf } from '../schedule/lowered.ts'
import { here, moved } from './address.ts'
import { fill, folds } from './collected.ts'
import { writeCholesky, writeCholeskyGradient, writeSolution } from './factorisation.ts'
import type { WriteScope } from './scope.ts'
import { expressionOf, operandOf, picked, readValue } from './values.ts'
import { element, held, store, type Writing } from './writing.ts'

/** Writes the statement of a node into `scope`. */
export function writeStatement(w: Writing, id: LowId, scope: WriteScope): void {
  const node = must(w.schedule.nodes[id], 'node')
  if (isElementwise(node.op)) hold(w, id, scope, expressionOf(w, node, scope))
  else (statements[node.op as ComputedOp] as NodeWriter<LowNode>)(w, node, id, scope)
}

type NodeWriter<N extends LowNode> = (w: Writing, node: N, id: LowId, scope: WriteScope) => void

const statements: { readonly [K in ComputedOp]: NodeWriter<LowOf<K>> } = {
  sum: writeFold,
  prod: writeFold,
  max_over: writeFold,
  min_over: writeFold,
  scatter: writeScatter,
  cumsum: writeRunningSum,
  recursion: writeNext,
  trace: (w, node, id, scope) => store(w, w.stored.get(id), scope, operandOf(w, node, scope)),
  cholesky: writeCholesky,
  cholesky_gradient: writeCholeskyGradient,
  solve_lower: writeSolution,
  output: (w, node, _id, scope) => store(w, w.outputs[node.port], scope, operandOf(w, node, scope)),
}

/** A node's value in a variable, and in its array if it has one. */
function hold(w: Writing, id: LowId, scope: WriteScope, value: Real): void {
  const local = w.locals.make('value')
  scope.statements.push({ kind: 'let', local, value })
  held(w, id, scope, local)
}

function writeFold(w: Writing, node: LowOf<Fold>, id: LowId, scope: WriteScope): void {
  const x = operandOf(w, node, scope)
  const collector = w.collectors.get(id)
  const into = collector === undefined ? element(w, w.stored.get(id), scope) : variable(collector)
  scope.statements.push({ kind: 'accumulate', into, by: folds[node.op].by, values: [x] })
}

function writeScatter(w: Writing, node: LowOf<'scatter'>, id: LowId, scope: WriteScope): void {
  const array = must(w.stored.get(id), 'array of a scatter')
  if (!w.storage.collected.has(id)) fill(w, array, scope, 0)
  const index = picked(readValue(w, must(node.args[1], 'index'), scope))
  const into = element(w, array, scope, moved(here, node.axis, index))
  scope.statements.push({ kind: 'accumulate', into, by: 'add', values: [operandOf(w, node, scope)] })
}

function writeRunningSum(w: Writing, node: LowNode, id: LowId, scope: WriteScope): void {
  const state = w.states.get(id)
  const x = operandOf(w, node, scope)
  if (state === undefined) {
    const sum = must(w.collectors.get(id), 'running sum')
    scope.statements.push({ kind: 'accumulate', into: variable(sum), by: 'add', values: [x] })
    held(w, id, scope, sum)
    return
  }
  const local = w.locals.make('value')
  scope.statements.push({ kind: 'let', local, value: applied('add', [element(w, state, scope), x]) })
  store(w, state, scope, variable(local))
  held(w, id, scope, local)
}

/** The value of a recursion; the variable of the previous one is still read in this round. */
function writeNext(w: Writing, node: LowNode, id: LowId, scope: WriteScope): void {
  const value = operandOf(w, node, scope)
  const carry = w.carries.get(id)
  if (carry === undefined) {
    store(w, w.stored.get(id), scope, value)
    return
  }
  const next = w.locals.make('value')
  scope.statements.push({ kind: 'let', local: next, value })
  store(w, w.stored.get(id), scope, variable(next))
  w.carries.set(id, { ...carry, next })
}
