import type { Model, Rule, ValueType, Variable } from '../../middle/model.ts'
import { statesOf } from '../../middle/situation.ts'

/**
 * What a write does to the memories that no rule and no prior speaks of: `write M[axis = new] = s`, where there is just one
 * such statement that makes sense. The axis is one that only memories have and whose size is open; s is a state that has all
 * other axes of M, in any order, and holds values of the same type.
 */
export function suppliedRules(model: Model): readonly Rule[] {
  return model.variables.flatMap((memory): readonly Rule[] => {
    const [only, second] = isSpokenOf(model, memory) ? [] : appendings(model, memory)
    return only === undefined || second !== undefined ? [] : [only]
  })
}

function isSpokenOf({ rules, terms }: Model, { role, name }: Variable): boolean {
  return (
    role !== 'memory' ||
    rules.some((r) => r.kind === 'write' && r.target === name) ||
    terms.some((t) => t.kind === 'density' && t.variable === name)
  )
}

/** Every rule that would append a row to a memory. */
export function appendings(model: Model, memory: Variable): readonly Rule[] {
  const moving = statesOf(model)
  const states = model.variables.filter((v) => moving.has(v.name))
  return memory.axes
    .filter((axis) => growable(model, axis))
    .flatMap((axis) =>
      states.filter((s) => isRowOf(s, memory, axis)).map((s): Rule => ({ ...appended(memory, axis, s), span: memory.nameSpan })),
    )
}

function appended({ name, nameSpan }: Variable, axis: string, s: Variable): Omit<Rule, 'span'> {
  const element = s.type.kind === 'element' ? { element: s.type.axis } : {}
  const value = { kind: 'variable', name: s.name, axes: [...s.axes].sort(), span: nameSpan, ...element } as const
  return { kind: 'write', target: name, places: [{ axis, index: 'new' }], value }
}

/** Whether only memories vary over an axis, and no statement says how long it is. */
export function growable({ axes, variables }: Model, name: string): boolean {
  const axis = axes.find((a) => a.name === name)
  return axis?.size.kind === 'open' && axis.labels === undefined && variables.every((v) => v.role === 'memory' || !v.axes.includes(name))
}

function isRowOf(state: Variable, memory: Variable, axis: string): boolean {
  const rest = memory.axes.filter((a) => a !== axis)
  return rest.length === state.axes.length && rest.every((a) => state.axes.includes(a)) && isAlike(state.type, memory.type)
}

/** Whether values of one type are values of the other; a memory of real numbers takes all but elements. */
function isAlike(state: ValueType<unknown>, memory: ValueType<unknown>): boolean {
  if (memory.kind === 'element' || state.kind === 'element')
    return memory.kind === 'element' && state.kind === 'element' && memory.axis === state.axis
  return memory.kind === state.kind || memory.kind === 'real'
}
