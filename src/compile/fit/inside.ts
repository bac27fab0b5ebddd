import type { NodeId } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import { dependents, reachable } from '../../ir/walk.ts'
import type { Energy } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { interiorOf, open } from '../conditionals/statements.ts'

/**
 * The energy with each density of what moves as its plain formula inside the support, where it never leaves that: of guards no mean
 * can be taken.
 */
export function insideSupports(energy: Energy, moving: ReadonlySet<string>): Energy {
  const opened = open(energy)
  const { builder } = opened.m
  const inputs = energy.variables.filter((v) => moving.has(v.name)).map((v) => builder.input(v.name, v.axes))
  const holds = (id: NodeId): boolean => {
    const ids = reachable(builder, [id])
    return dependents(builder, ids, new Set(inputs)).has(id)
  }
  const plain = opened.terms.map((t) => (holds(t.node) ? interiorOf(opened, t, moving, holds) : undefined))
  const outputs = opened.terms.map((t, i) => ({ name: ports.term(t.name), node: plain[i] ?? t.node, axes: [] }))
  return {
    ...energy,
    graph: simplify(builder.part([...outputs, ...opened.others])),
    terms: energy.terms.map((t, i) => (plain[i] === undefined ? t : { ...t, altered: true })),
  }
}
