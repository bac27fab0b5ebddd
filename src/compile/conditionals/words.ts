import type { Op } from '../../ir/graph.ts'

/** Operations that have a kink or a jump: between them a second derivative says nothing. */
const kinked: ReadonlySet<Op> = new Set<Op>([
  ...(['abs', 'sign', 'floor', 'ceil', 'round', 'min', 'max', 'max_over', 'min_over'] as const),
  ...(['where', 'less', 'less_equal', 'equal'] as const),
])

export function isKinked(op: Op): boolean {
  return kinked.has(op)
}

/** How an operation of the graph is written in a model, where that is not its own name. */
const written: { readonly [K in Op]?: string } = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  pow: '^',
  square: '^2',
  less: '<',
  less_equal: '<=',
  equal: '==',
  max_over: 'max',
  min_over: 'min',
}

/** An operation in the user's words, as an object. */
export function operationWords(op: Op): string {
  return `\`${written[op] ?? op.replaceAll('_', ' ')}\`${isKinked(op) ? ', which has a kink' : ''}`
}
