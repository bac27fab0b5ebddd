import type { Graph, Sizes } from '../../ir/graph.ts'
import { isHostOp } from './calls.ts'
import type { TfjsPlan } from './plan.ts'
import { planTfjs, withAliases } from './planner.ts'
import { volumes } from './volumes.ts'

/** The most numbers that one tensor may have: 1 GB of float32, a quarter of what WebAssembly can address. */
const LARGEST = 1 << 28
/** The most numbers that go through the host a run, at some 50 ns each. */
const MOST_ON_HOST = 1 << 20
/** The most numbers of a factorisation or a substitution, worked out by their definitions. */
const MOST_BY_DEFINITION = 1 << 14
/** The longest recursion that is worth a run of its body a place. */
const LONGEST_SCAN = 4096

/** Why this graph had better not run on TensorFlow.js at these sizes, as a sentence; undefined where it may. */
export function supportsTfjs(graph: Graph, sizes: Sizes, fixed: ReadonlySet<string> = new Set()): string | undefined {
  const empty = Object.keys(sizes).find((axis) => sizes[axis] === 0)
  if (empty !== undefined) return `The axis ${empty} has no elements.`
  return troubleOf(planTfjs(graph, { sizes, fixed }), sizes)
}

function troubleOf(plan: TfjsPlan, sizes: Sizes): string | undefined {
  const volume = volumes(withAliases(sizes, plan.aliases))
  for (const located of [...plan.once.flatMap((o) => o.uploads), ...plan.inputs, ...plan.steps]) {
    if (volume(located.axes) > LARGEST)
      return `A tensor over ${located.axes.join(', ')} would have ${volume(located.axes).toLocaleString('en')} numbers.`
  }
  for (const step of plan.steps) {
    if (step.call === 'apply' && isHostOp(step.op) && volume(step.axes) > MOST_ON_HOST)
      return `TensorFlow.js has no ${step.op}, and ${volume(step.axes).toLocaleString('en')} of them a step are too many for the host.`
    if (step.call === 'host' && volume(step.axes) > MOST_BY_DEFINITION)
      return `TensorFlow.js has no ${step.node.op}, and ${volume(step.axes).toLocaleString('en')} numbers of it a step are too many for the host.`
    if (step.call === 'scan') {
      if (volume([step.axis]) > LONGEST_SCAN) return `The recursion along ${step.axis} is too long to take place by place.`
      const inside = troubleOf(step.body, sizes)
      if (inside !== undefined) return inside
    }
  }
  return undefined
}
