import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/ir/evaluate.ts'
import type { NodeId, ReductionOp } from '../../../src/ir/graph.ts'
import { simplify } from '../../../src/ir/simplify.ts'
import { Pen } from './pen.ts'

/** The numbers of a formula over random leaves, as it was written and simplified. */
function both(
  write: (p: Pen) => NodeId,
  seed = 3,
): { readonly plain: readonly number[]; readonly simple: readonly number[]; readonly ops: readonly string[] } {
  const pen = new Pen(seed)
  const { graph, sizes, inputs } = pen.finish(write(pen))
  const simplified = simplify(graph, sizes)
  const numbers = (g: typeof graph): readonly number[] => [...(evaluate(g, sizes, inputs).value as Float64Array)]
  return { plain: numbers(graph), simple: numbers(simplified), ops: simplified.nodes.map((n) => n.op) }
}

function close(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length)
  // A handful of roundings of numbers of order 1.
  for (const [i, x] of expected.entries()) expect(Math.abs((found[i] as number) - x)).toBeLessThan(1e-13 * Math.max(1, Math.abs(x)))
}

describe('differences', () => {
  it('that are opposite are one difference', () => {
    const { plain, simple, ops } = both((p) => {
      const [x, y] = [p.x(['i']), p.x(['i'])]
      return p.m.add(p.m.exp(p.m.sub(x, y)), p.m.times(p.m.k(1.7), p.m.softplus(p.m.sub(y, x))))
    })
    close(simple, plain)
    expect(ops.filter((op) => op === 'sub').length).toBe(1)
  })
  it('of which only the opposite is used are turned, those used otherwise too are not', () => {
    const turned = both((p) => p.m.exp(p.m.neg(p.m.sub(p.x(['i']), p.x(['i'])))))
    close(turned.simple, turned.plain)
    expect(turned.ops).not.toContain('neg')
    const shared = both((p) => {
      const difference = p.m.sub(p.x(['i']), p.x(['i']))
      return p.m.add(p.m.exp(p.m.neg(difference)), p.m.tanh(difference))
    })
    close(shared.simple, shared.plain)
  })
})

describe('what does not vary along an axis', () => {
  const reductions: readonly ReductionOp[] = ['sum', 'prod', 'max_over', 'min_over', 'logsumexp']

  /** The same numbers, laid out along i by a choice that no rule sees through. */
  const laidOut = (p: Pen, x: NodeId): NodeId => p.m.where(p.m.less(p.builder.index('i'), p.m.k(7.5)), x, p.m.k(0))

  it.each(reductions)('is reduced along it as its copies are: %s', (op) => {
    const spread = both((p) => p.builder.reduce(op, ['i', 'j'], laidOut(p, p.x(['j']))))
    const short = both((p) => p.builder.reduce(op, ['i', 'j'], p.x(['j'])))
    close(short.plain, spread.plain)
    close(short.simple, spread.plain)
  })
  it.each([-1, 1, 2])('is shifted along it as its copies are: by %i', (by) => {
    const spread = both((p) => p.builder.shift(laidOut(p, p.x(['j'])), 'i', by))
    const short = both((p) => p.builder.shift(p.x(['j']), 'i', by))
    close(short.plain, spread.plain)
    close(short.simple, spread.plain)
  })
  it.each([true, false])('is summed up along it as its copies are: from the end %s', (reverse) => {
    const spread = both((p) => p.builder.cumsum(laidOut(p, p.x(['j'])), 'i', reverse))
    const short = both((p) => p.builder.cumsum(p.x(['j']), 'i', reverse))
    close(short.plain, spread.plain)
    close(short.simple, spread.plain)
  })
  it('is added up as its copies are where it is scattered', () => {
    const place = (p: Pen): NodeId => p.m.k(1)
    const spread = both((p) => p.builder.scatter(laidOut(p, p.x(['j'])), 'k', place(p), ['i']))
    const short = both((p) => p.builder.scatter(p.x(['j']), 'k', place(p), ['i']))
    close(short.plain, spread.plain)
    close(short.simple, spread.plain)
  })
})

it('an infinity that counts for nothing does not become NaN', () => {
  const infinite = (p: Pen): NodeId => p.m.div(p.x(['i']), p.m.sub(p.builder.size('i'), p.m.k(3)))
  expect(both((p) => p.m.mul(p.m.k(0), infinite(p))).simple).toEqual([0, 0, 0])
  expect(both((p) => p.m.div(p.m.k(0), infinite(p))).simple).toEqual([0, 0, 0])
  expect(
    both((p) => {
      const x = infinite(p)
      return p.m.sub(x, x)
    }).simple,
  ).toEqual([0, 0, 0])
})
