import { printGraph } from '../../ir/print.ts'
import { formWords } from '../../middle/fit-program.ts'
import { levelsOf, ownAxes } from '../../middle/kinds.ts'
import { hasForm } from './conditional.ts'
import type { FormName } from './forms.ts'
import type { Conditional, NoForm } from './found.ts'

const words: Readonly<Record<FormName, string>> = {
  ...formWords,
  gaussian: 'Gaussian',
  categorical: 'categorical',
  wishart: 'Wishart',
  inverse_wishart: 'inverse Wishart',
}

/** The form of each variable and what it depends on, a line each; then the graphs of their coefficients. */
export function printConditionals(all: readonly (Conditional | NoForm)[]): string {
  const graphs = all.filter(hasForm).map((c) => `${c.variable.name}:\n${printGraph(c.graph)}`)
  return ['conditionals', ...all.map(line), ...graphs.map((g) => `\n${g}`)].join('\n')
}

function line(c: Conditional | NoForm): string {
  const { name, role, axes } = c.variable
  const what = `${role} ${name}${axes.length === 0 ? '' : `[${axes.join(', ')}]`}`
  return hasForm(c) ? `${what} : ${described(c)}` : `${what} : no form: ${c.reason}`
}

function described(c: Conditional): string {
  const own = ownAxes(c.variable.type)
  const meeting = c.mixing.map((m) => m.axis)
  const apart = c.apart.filter((axis) => !own.includes(axis))
  const form = `${c.truncated ? 'truncated ' : ''}${words[c.form]}`
  return [
    form,
    ...(meeting.length === 0
      ? []
      : [`${levelsOf(c.variable.type) !== undefined ? 'one element at a time' : 'jointly'} along ${meeting.join(', ')}`]),
    ...(apart.length === 0 ? [] : [`independent along ${apart.join(', ')}`]),
    c.dependsOn.length === 0 ? 'given nothing else' : `given ${c.dependsOn.join(', ')}`,
  ].join(', ')
}
