import { type Checked, checked, type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Energy, EnergyVariable, WrittenRule } from '../middle/energy.ts'
import type { Model, Variable } from '../middle/model.ts'
import type { WritingProgram, WritingRule } from '../middle/program.ts'
import { statesOf } from '../middle/situation.ts'
import { appendings } from './lower/supplied-rules.ts'
import { onlyOutputs, together } from './outputs.ts'
import { isStored, naturalOf } from './posterior/natural.ts'
import { predictiveOf } from './posterior/predictive.ts'

/** All rules of a write, or of a forget, as one graph: they run at once, on the memories as they were. */
export function readWriting(model: Model, energy: Energy, action: WritingProgram['action']): Checked<WritingProgram> {
  const rules = energy.rules.filter((r) => r.kind === action)
  const variable = (name: string): EnergyVariable =>
    must(
      energy.declared.find((v) => v.name === name),
      name,
    )
  const ports = rules.flatMap((r) => [r.value, ...r.places.flatMap((p) => p.index?.port ?? [])])
  const graph = onlyOutputs(energy.written, new Map(ports.map((port) => [port, port])))
  const read = new Set(graph.inputs.map((p) => p.name))
  const states = statesOf({ variables: energy.declared })
  const held = new Set(rules.flatMap((r) => (r.places.some(isNew) ? [] : [r.target])))
  const program: WritingProgram = {
    kind: 'writing',
    action,
    graph,
    axes: energy.axes,
    fixed: energy.declared.filter((v) => read.has(v.name) && !states.has(v.name) && v.role !== 'memory'),
    states: energy.declared.filter((v) => read.has(v.name) && states.has(v.name)),
    memories: energy.declared.filter((v) => v.role === 'memory' && (read.has(v.name) || held.has(v.name))),
    rules: rules.map((r) => ruleOf(r, variable(r.target))),
    growing: growingOf(energy),
  }
  const refused = rules.flatMap((r) => r.refused)
  return checked(program, [...refused, ...(action === 'write' ? unsaid(model, energy) : appended(rules, energy))])
}

/** What was appended is taken out by its number or label: a rule that gives all of it other values has nothing to work on. */
function appended(rules: readonly WrittenRule[], energy: Energy): readonly Diagnostic[] {
  const grows = growingOf(energy)
  return rules.flatMap(({ target, span }) => {
    const along = grows[target]
    if (along === undefined) return []
    const message = `The forget rule of "${target}" would change elements of ${along} that were appended, which stay as they were written.`
    return [diagnostic('AMP803', message, { span, hint: 'Leave the rule out: amp forget takes them out by number or label.' })]
  })
}

/** With the log density of each pattern before it is written, where that is made of what the rules read. */
export function withPredictive(energy: Energy, program: WritingProgram): WritingProgram {
  const predictive = predictiveOf(energy)
  const states = statesOf({ variables: energy.declared })
  const read = new Set(program.states.map((v) => v.name))
  if (predictive === undefined || predictive.graph.inputs.some((p) => states.has(p.name) && !read.has(p.name))) return program
  const used = new Set([...program.graph.inputs, ...predictive.graph.inputs].map((p) => p.name))
  const fixed = energy.declared.filter((v) => !states.has(v.name) && v.role !== 'memory' && (used.has(v.name) || program.fixed.includes(v)))
  const memories = energy.declared.filter((v) => v.role === 'memory' && (used.has(v.name) || program.memories.includes(v)))
  return { ...program, graph: together([program.graph, predictive.graph]), axes: predictive.axes, fixed, memories, predictive: true }
}

const isNew = ({ index }: WrittenRule['places'][number]): boolean => index === undefined

function ruleOf({ axes, value, places }: WrittenRule, target: EnergyVariable): WritingRule {
  const picked = places.flatMap(({ axis, index }) => (index === undefined ? [] : [{ axis, ...index }]))
  return { target, axes, value, appends: places.some(isNew), places: picked }
}

/** By memory: the axis that writes make longer. */
export function growingOf({ rules }: Pick<Energy, 'rules'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rules.flatMap((r) => r.places.flatMap((p) => (r.kind === 'write' && isNew(p) ? [[r.target, p.axis] as const] : []))),
  )
}

/** Memories of which nothing says what a write makes of them, and that cannot stay as they are. */
function unsaid(model: Model, energy: Energy): readonly Diagnostic[] {
  const spoken = new Set(energy.rules.flatMap((r) => (r.kind === 'write' ? [r.target] : [])))
  const axes = new Set(Object.values(growingOf(energy)))
  const memories = model.variables.filter((v) => v.role === 'memory' && v.label === undefined)
  const open = memories.filter((v) => !spoken.has(v.name))
  if (memories.length === 0) {
    const hint = 'Declare what is kept: memory xi[pattern, pixel].'
    return [diagnostic('AMP803', `The model ${model.name} has no memory, so there is nothing to write.`, { hint })]
  }
  const needed = [...open.flatMap((memory) => wanted(model, energy, memory, axes) ?? []), ...stuck(memories, energy, axes)]
  if (needed.length > 0 || spoken.size > 0) return needed
  return open.map((memory) => noRule(memory, `write ${memory.name} = ${memory.name} + ...`))
}

/** Memories along an axis that grows, with a rule that does not append. */
function stuck(memories: readonly Variable[], energy: Energy, growing: ReadonlySet<string>): readonly Diagnostic[] {
  const grows = growingOf(energy)
  return memories.flatMap(({ name, axes }) => {
    const along = axes.find((axis) => growing.has(axis))
    const rule = energy.rules.find((r) => r.kind === 'write' && r.target === name)
    if (along === undefined || rule === undefined || grows[name] !== undefined) return []
    const message = `"${name}" varies over ${along}, which a write makes longer, but its own rule does not.`
    return [diagnostic('AMP803', message, { span: rule.span, expected: `write ${name}[${along} = new] = ...` })]
  })
}

function wanted(model: Model, energy: Energy, memory: Variable, growing: ReadonlySet<string>): Diagnostic | undefined {
  const { name, axes } = memory
  if (energy.posteriors.some((p) => p.name === name)) return undefined
  if (model.terms.some((t) => t.kind === 'density' && t.variable === name)) return unconditioned(energy, memory)
  const all = appendings(model, memory)
  if (all.length > 1) return noRule(memory, all.map((r) => `write ${name}[${r.places[0]?.axis} = new] = ${stateOf(r)}`).join(', or '))
  const along = axes.find((axis) => growing.has(axis))
  return along === undefined ? undefined : noRule(memory, `write ${name}[${along} = new] = ...`)
}

/** A memory that a write would condition. */
function unconditioned(energy: Energy, { name, span }: Variable): Diagnostic {
  const natural = naturalOf(
    energy,
    must(
      energy.declared.find((v) => v.name === name),
      name,
    ),
  )
  const why = isStored(natural) ? 'its posterior is not kept here' : natural.reason
  return diagnostic('AMP803', `"${name}" has a prior and no rule, so a write conditions on it, which has no closed form: ${why}.`, {
    span: isStored(natural) ? span : (natural.span ?? span),
    hint: `Add a rule, such as write ${name} = ${name} + ...; or infer it from data: amp sample --infer ${name}.`,
  })
}

function stateOf({ value }: ReturnType<typeof appendings>[number]): string {
  return value.kind === 'variable' ? value.name : '...'
}

function noRule({ name, span }: Variable, rules: string): Diagnostic {
  return diagnostic('AMP803', `Nothing says what a write makes of "${name}".`, {
    span,
    expected: `a rule for "${name}"`,
    hint: `Add ${rules}.`,
  })
}
