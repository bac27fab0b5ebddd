import { printGraph } from '../../ir/print.ts'
import type { Located, Output, TfCall, TfjsPlan, TfStep } from './plan.ts'

/** A plan as text: what is worked out once, then one line a call; tensors with their layouts. */
export function printPlan(plan: TfjsPlan): string {
  const lines = [
    ...plan.once.flatMap((once) => [
      once.depends.length === 0 ? 'once, in float64:' : `when ${once.depends.join(' or ')} changes, in float64:`,
      ...printGraph(once.graph)
        .split('\n')
        .map((line) => `  ${line.replace(/^value:(\d+)/, 't$1')}`),
    ]),
    'every run:',
    ...plan.inputs.map((p) => `  ${shown(p)} = upload ${p.name}`),
    ...plan.steps.map((step) => `  ${stepText(step)}`),
    ...plan.outputs.filter((o) => o.from.kind !== 'once').map((o) => `  ${outputText(o)}`),
  ]
  return lines.join('\n')
}

function shown({ value, axes }: Located): string {
  return `t${value}[${axes.join(', ')}]`
}

function stepText(step: TfStep): string {
  const freed = step.free.length === 0 ? '' : `; free ${step.free.map((v) => `t${v}`).join(' ')}`
  return `${shown({ value: step.out, axes: step.axes })} = ${callText(step)}(${step.args.map(shown).join(', ')})${bodyText(step)}${freed}`
}

const names: { readonly [K in TfCall['call']]: (call: TfCall & { readonly call: K }) => string } = {
  apply: ({ op }) => op,
  reduce: ({ op, over }) => `${op} over ${over.join(', ')} `,
  matmul: ({ along }) => `matMul along ${along.join(', ')} `,
  transpose: () => 'transpose',
  host: ({ node }) => `${node.op} on the host `,
  pick: ({ axis }) => `gather along ${axis} `,
  shift: ({ axis, by }) => `shift by ${by} along ${axis} `,
  cumsum: ({ axis, reverse }) => `cumsum along ${axis}${reverse ? ' from the end' : ''} `,
  scan: ({ axis, reverse }) => `scan along ${axis}${reverse ? ' from the end' : ''} `,
}

function callText(step: TfStep): string {
  return (names[step.call] as (call: TfCall) => string)(step)
}

function bodyText(step: TfStep): string {
  if (step.call !== 'scan') return ''
  return ` {\n${printPlan(step.body)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n  }`
}

function outputText({ name, axes, from }: Output): string {
  const source = from.kind === 'value' ? shown(from.at) : from.kind === 'input' ? from.name : ''
  return `${name}[${axes.join(', ')}] = ${source}`
}
