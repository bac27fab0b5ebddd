import { must } from '../../../base/internal-error.ts'
import { pathOf } from './dependence.ts'
import { Heap } from './heap.ts'
import { isView, type LowGraph, type LowId } from './lowered.ts'

/**
 * Operands first; of what is ready, that with the fewest loops, and then that in inner axes: what is small and can be had
 * early is there before a large loop is opened that might want it.
 */
export function inOrder({ nodes, order, outputs }: LowGraph): readonly LowId[] {
  const results = outputs.map((p) => p.axes)
  const paths = nodes.map((n) => (isView(n) ? [] : pathOf(order, results, n)))
  const urgency = nodes.map((_, id) => {
    const path = must(paths[id], 'path')
    return path.length * order.length - order.indexOf(path[0] ?? '')
  })
  const missing = nodes.map((n) => new Set(n.args).size)
  const users = nodes.map((): LowId[] => [])
  for (const [id, n] of nodes.entries()) for (const a of new Set(n.args)) must(users[a], 'operand').push(id)
  const ready = new Heap<LowId>((a, b) => (urgency[a] as number) - (urgency[b] as number) || a - b)
  for (const [id, left] of missing.entries()) if (left === 0) ready.push(id)
  const done: LowId[] = []
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    done.push(next)
    for (const user of must(users[next], 'users')) {
      missing[user] = (missing[user] as number) - 1
      if (missing[user] === 0) ready.push(user)
    }
  }
  return done
}
