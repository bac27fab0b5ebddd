import { must } from '../../../base/internal-error.ts'
import { isView, type LowId, type LowNode, solutionAxis } from './lowered.ts'

/** That a node reads the computed node `on`, through any number of views. */
export interface Use {
  readonly on: LowId
  /** Axes of `on` that are not read at the reader's own position: there `on` must be complete. */
  readonly whole: readonly string[]
  /** Whether `on` is itself an operand. */
  readonly direct: boolean
}

/** What has to be computed before `node`. */
export function usesOf(nodes: readonly LowNode[], node: LowNode): readonly Use[] {
  const whole = 'rows' in node ? [node.rows, node.columns] : []
  return node.args.flatMap((a) => usesThrough(nodes, a, whole, true))
}

function usesThrough(nodes: readonly LowNode[], id: LowId, whole: readonly string[], direct: boolean): readonly Use[] {
  const node = must(nodes[id], 'operand')
  if (!isView(node)) return [{ on: id, whole: whole.filter((a) => node.axes.includes(a)), direct }]
  const operand = (k: number, more: readonly string[]): readonly Use[] =>
    usesThrough(nodes, must(node.args[k], 'operand'), [...whole, ...more], false)
  switch (node.op) {
    case 'rename':
      return operand(0, [node.from])
    case 'shift':
      return operand(0, [node.axis])
    case 'pick':
      return [...operand(0, [node.axis]), ...operand(1, [])]
    default:
      return []
  }
}

/** The axes of the loops that must end before anything may read `node`. */
export function closedAxes(node: LowNode): readonly string[] {
  switch (node.op) {
    case 'sum':
    case 'prod':
    case 'max_over':
    case 'min_over':
      return node.over
    case 'scatter':
      return [...node.over, node.axis]
    case 'recursion':
    case 'trace':
      return [node.axis]
    case 'cholesky':
      return [node.rows, node.columns]
    case 'solve_lower':
      return [solutionAxis(node)]
    default:
      return []
  }
}

/** The loops in which `node` is computed, outermost first; for parts of a recursion, those inside of its loop. */
export function pathOf(order: readonly string[], outputs: readonly (readonly string[])[], node: LowNode): readonly string[] {
  switch (node.op) {
    case 'sum':
    case 'prod':
    case 'max_over':
    case 'min_over':
      return arrange(order, [...node.axes, ...node.over])
    case 'scatter':
      return arrange(order, [...node.axes.filter((a) => a !== node.axis), ...node.over])
    case 'recursion':
    case 'trace':
      return node.axes.filter((a) => a !== node.axis)
    case 'cholesky':
    case 'solve_lower':
      return node.axes.filter((a) => !closedAxes(node).includes(a))
    case 'output':
      return arrange(order, must(outputs[node.port], 'output'))
    default:
      return node.axes
  }
}

function arrange(order: readonly string[], axes: readonly string[]): readonly string[] {
  return order.filter((a) => axes.includes(a))
}
