import { must } from '../base/internal-error.ts'
import type { ElementwiseOp, Graph, Node, NodeId, NodeOf, ReductionOp, StructuralOp } from './graph.ts'
import { isElementwise } from './scalar.ts'
import { isReduction } from './structure.ts'

/**
 * A graph as text, one line a step: `%0[pattern] = sum[pixel](xi * x)`. Inputs come first, with their axes in layout
 * order; what is used once by elementwise arithmetic is written into its user while the line stays short. Stable.
 */
export function printGraph(graph: Graph): string {
  const texts: Text[] = []
  const lines = graph.inputs.map((p) => `input ${p.name}${bracketed(p.axes)}`)
  const uses = usesOf(graph)
  let steps = 0
  graph.nodes.forEach((node, id) => {
    const text = textOf(
      node,
      node.args.map((a) => must(texts[a], 'operand')),
    )
    if (staysInline(node, text, uses[id] as Uses)) {
      texts.push(text)
      return
    }
    const name = `%${steps}`
    steps += 1
    lines.push(`${name}${bracketed(node.axes)} = ${text.text}`)
    texts.push({ text: name, binds: ATOM })
  })
  for (const o of graph.outputs) lines.push(`${o.name}${bracketed(o.axes)} = ${must(texts[o.node], 'output').text}`)
  return lines.join('\n')
}

interface Text {
  readonly text: string
  /** How tightly its outermost operator binds. */
  readonly binds: number
}

const COMPARISON = 0
const SUM = 1
const PRODUCT = 2
const SIGN = 3
const POWER = 4
const ATOM = 5
const LONGEST = 100

interface Uses {
  readonly count: number
  /** Whether every use folds its operands: elementwise, a reduction or an output. */
  readonly plain: boolean
}

function usesOf(graph: Graph): readonly Uses[] {
  const uses = graph.nodes.map(() => ({ count: 0, plain: true }))
  const use = (id: NodeId, plain: boolean): void => {
    const u = must(uses[id], 'operand')
    u.count += 1
    u.plain &&= plain
  }
  for (const node of graph.nodes) for (const a of node.args) use(a, isElementwise(node.op) || 'over' in node)
  for (const o of graph.outputs) use(o.node, true)
  return uses
}

function staysInline(node: Node, text: Text, uses: Uses): boolean {
  if (node.args.length === 0) return true
  return uses.count === 1 && uses.plain && isElementwise(node.op) && text.text.length <= LONGEST
}

function textOf(node: Node, args: readonly Text[]): Text {
  if (isElementwise(node.op)) return elementwiseText(node.op, args)
  const texts = args.map((a) => a.text)
  if (isReduction(node)) return { text: reductionText(node, texts), binds: ATOM }
  const rule = structural[node.op as StructuralOp] as (node: Node, args: readonly string[]) => string
  const text = rule(node, texts)
  return { text, binds: node.op === 'const' && text.startsWith('-') ? SIGN : ATOM }
}

const infix: { readonly [K in ElementwiseOp]?: readonly [symbol: string, binds: number, right: number] } = {
  // The right operand of - and / must bind tighter than the operator itself.
  add: ['+', SUM, SUM],
  sub: ['-', SUM, PRODUCT],
  mul: ['*', PRODUCT, PRODUCT],
  div: ['/', PRODUCT, SIGN],
  less: ['<', COMPARISON, SUM],
  less_equal: ['<=', COMPARISON, SUM],
  equal: ['==', COMPARISON, SUM],
  pow: ['^', POWER, POWER],
}

function elementwiseText(op: ElementwiseOp, args: readonly Text[]): Text {
  const [a, b] = args
  const operator = infix[op]
  if (operator !== undefined && a !== undefined && b !== undefined) {
    const [symbol, binds, right] = operator
    const left = binds === COMPARISON ? SUM : op === 'pow' ? ATOM : binds
    return { text: `${within(a, left)} ${symbol} ${within(b, right)}`, binds }
  }
  if (op === 'neg' && a !== undefined) return { text: `-${within(a, PRODUCT)}`, binds: SIGN }
  return { text: `${op}(${args.map((x) => x.text).join(', ')})`, binds: ATOM }
}

function within(operand: Text, binds: number): string {
  return operand.binds < binds ? `(${operand.text})` : operand.text
}

function reductionText(node: NodeOf<ReductionOp>, [x]: readonly string[]): string {
  const names = { sum: 'sum', prod: 'prod', max_over: 'max', min_over: 'min', logsumexp: 'logsumexp' } as const
  return `${names[node.op]}[${node.over.join(', ')}](${x})`
}

type StructuralText = { readonly [K in StructuralOp]: (node: NodeOf<K>, args: readonly string[]) => string }

const structural: StructuralText = {
  const: (node) => (Object.is(node.value, -0) ? '-0' : String(node.value)),
  input: (node) => node.name,
  size: (node) => `size(${node.axis})`,
  index: (node) => `index(${node.axis})`,
  pick: (node, [x, index]) => `${x}[${node.axis} = ${index}]`,
  scatter: (node, [g, index]) => `scatter[${node.axis} = ${index}; ${node.over.join(', ')}](${g})`,
  rename: (node, [x]) => `${x}[${node.from} -> ${node.to}]`,
  shift: (node, [x]) => `${x}[${node.axis} = ${node.axis} ${node.by < 0 ? '+' : '-'} ${Math.abs(node.by)}]`,
  cumsum: (node, [x]) => `cumsum[${node.axis}${node.reverse ? ', from the end' : ''}](${x})`,
  cholesky: (node, [x]) => `cholesky[${node.rows}, ${node.columns}](${x})`,
  cholesky_gradient: (node, [lower, g]) => `cholesky_gradient[${node.rows}, ${node.columns}](${lower}, ${g})`,
  threshold: (node, [z, q]) => `threshold[${node.axis}](${z}, ${q})`,
  entmax_potential: (node, [x, alpha]) => `entmax_potential[${node.axis}](${x}, ${alpha})`,
  solve_lower: (node, [lower, b]) => `solve_lower[${node.rows}, ${node.columns}${node.transposed ? ', transposed' : ''}](${lower}, ${b})`,
  scan: (node, [first, ...elements]) => {
    const given = elements.map((e, k) => `, e${k} = ${e}`).join('')
    const steps = printGraph(node.body)
      .split('\n')
      .filter((line) => !line.startsWith('input '))
    return `scan[${node.axis}${node.reverse ? ', from the end' : ''}](first = ${first}${given}) { ${steps.join('; ')} }`
  },
}

function bracketed(axes: readonly string[]): string {
  return axes.length === 0 ? '' : `[${axes.join(', ')}]`
}
