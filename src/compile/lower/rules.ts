import { must } from '../../base/internal-error.ts'
import type { WrittenPlace, WrittenRule } from '../../middle/energy.ts'
import { isMotion, type Rule, type Typed } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { emptyEnvironment, type LowerContext } from './context.ts'
import { byItself } from './legality.ts'
import { suppliedRules } from './supplied-rules.ts'

/**
 * Writes what each write and forget rule makes of its memory, over the axes that the rule leaves of it and in their declared
 * order, and the elements that it picks. Rules are no part of E: what is wrong with one is kept with it, for who runs it.
 */
export function writeRules(c: LowerContext): readonly WrittenRule[] {
  const own = c.model.rules.map((rule) => ({ rule, supplied: false }))
  const all = [...own, ...suppliedRules(c.model).map((rule) => ({ rule, supplied: true }))]
  return all.flatMap(({ rule, supplied }, i) => (isMotion(rule) ? [] : [writeRule(c, rule, i, supplied)]))
}

function writeRule(outer: LowerContext, rule: Rule, i: number, supplied: boolean): WrittenRule {
  const { kind, target, span } = rule
  const c: LowerContext = { ...outer, diagnostics: [], picks: [], matrices: [], renamed: [] }
  const declared = must(c.variables.get(target), target)
  const picked = new Set(rule.places.map((p) => p.axis))
  const axes = declared.axes.filter((axis) => !picked.has(axis))
  const value = ports.rule(kind, target, i)
  const write = (port: string, e: Typed, over: readonly string[], isPosition: boolean): void => {
    const node = byItself(c, c.lower(c, e, emptyEnvironment()))
    // Numbers count from 1 outside.
    outer.builder.output(port, isPosition && e.element === undefined ? c.m.sub(node, c.m.k(1)) : node, over)
  }
  write(value, rule.value, axes, declared.type.kind === 'element')
  const places = rule.places.map(({ axis, index }): WrittenPlace => {
    if (index === 'new') return { axis }
    const port = ports.place(value, axis)
    write(port, index, index.axes, true)
    return { axis, index: { port, axes: index.axes } }
  })
  return { kind: kind === 'forget' ? 'forget' : 'write', target, axes, value, places, supplied, refused: c.diagnostics, span }
}
