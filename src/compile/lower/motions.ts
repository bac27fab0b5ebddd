import { must } from '../../base/internal-error.ts'
import type { WrittenMotion } from '../../middle/energy.ts'
import { isMotion, type MotionRuleKind, type Rule, type Typed } from '../../middle/model.ts'
import * as ports from '../../middle/ports.ts'
import { emptyEnvironment, type LowerContext } from './context.ts'
import { asPosition } from './elements.ts'
import { byItself } from './legality.ts'

/** Writes what flows, steps and jumps are made of. They are no part of E: what is wrong with one is kept with it, for who runs it. */
export function writeMotions(c: LowerContext): readonly WrittenMotion[] {
  return c.model.rules.flatMap((rule, i) => (isMotion(rule) ? [writeMotion(c, rule, i)] : []))
}

function writeMotion(outer: LowerContext, { kind, target, value, noise, excess, span }: Rule, i: number): WrittenMotion {
  const c: LowerContext = { ...outer, diagnostics: [], picks: [], matrices: [], renamed: [] }
  const declared = must(c.variables.get(target), target)
  const more = (excess?.axes ?? []).filter((axis) => !declared.axes.includes(axis))
  const axes = [...declared.axes, ...more]
  const lowered = (e: Typed) => byItself(c, c.lower(c, e, emptyEnvironment()))
  const port = ports.rule(kind, target, i)
  const node = lowered(value)
  outer.builder.output(port, declared.type.kind === 'element' ? asPosition(c, value, node) : node, axes)
  if (noise !== undefined) outer.builder.output(ports.shaking(port), lowered(noise), declared.axes)
  if (excess !== undefined) outer.builder.output(ports.excess(port), lowered(excess), excess.axes)
  return {
    ...{ kind: kind as MotionRuleKind, target, axes, value: port, span },
    ...(noise === undefined ? {} : { noise: ports.shaking(port) }),
    ...(excess === undefined ? {} : { excess: { port: ports.excess(port), axes: excess.axes } }),
    refused: c.diagnostics,
  }
}
