import { without } from '../../ir/builder.ts'
import type { NodeId } from '../../ir/graph.ts'
import type { Maths } from '../../ir/maths.ts'
import type { Mixing } from '../conditionals/coefficients.ts'

/** Several axes one after the other as one, the last fastest, so that elements that meet along all of them make one matrix. */
export interface Stack {
  /** From the axes (as they are, or `called` otherwise) to the one. */
  stacked(x: NodeId, called?: readonly string[]): NodeId
  /** Back; to the axes, or to what they are `called`. */
  apart(x: NodeId, from?: string, called?: readonly string[]): NodeId
}

export function stackOf(m: Maths, axes: readonly string[], axis: string): Stack {
  const { builder } = m
  const strides = axes.map((_, i) => m.times(...axes.slice(i + 1).map((a) => builder.size(a))))
  const place = builder.index(axis)
  const own = axes.map((a, i) => {
    const [size, stride] = [builder.size(a), strides[i] ?? m.k(1)]
    const whole = m.floor(m.div(place, stride))
    return m.sub(whole, m.mul(size, m.floor(m.div(whole, size))))
  })
  return {
    stacked: (x, called = axes) => called.reduce((node, a, i) => builder.pick(node, a, own[i] ?? place), x),
    apart: (x, from = axis, called = axes) =>
      builder.pick(x, from, m.plus(...called.map((a, i) => m.mul(builder.index(a), strides[i] ?? m.k(1))))),
  }
}

/** A matrix over the axes and their second names, as one over one axis and its second name. */
export function stackedMatrix(m: Maths, stack: Stack, mixing: readonly Mixing[], axis: string, other: string, x: NodeId): NodeId {
  const columns = stack.stacked(x, mixing.map((p) => p.other)) // biome-ignore format: one thought
  return stack.stacked(m.builder.rename(columns, axis, other))
}

/** What is left beside axes that are stacked. */
export const beside = (axes: readonly string[], mixing: readonly Mixing[]): readonly string[] => without(axes, mixing.map((p) => p.axis)) // biome-ignore format: one thought
