import { describe, expect, it } from 'vitest'
import { derivatives } from '../../../src/ir/derivatives.ts'
import { evaluate } from '../../../src/ir/evaluate.ts'
import { printGraph } from '../../../src/ir/print.ts'
import type { Rewriter, SimplifyRules } from '../../../src/ir/simplify/rewriter.ts'
import { partSimplifications, simplifications, simplify } from '../../../src/ir/simplify.ts'
import type { GraphCase } from '../../generators/graphs.ts'
import { gradientGraph } from '../../laws/agreement.ts'
import { Pen } from './pen.ts'
import { ruleGraphs } from './rule-graphs.ts'

const DRAWS = 32

/** Every rule by operation and name, those for parts of graphs among them. */
const rules: readonly (readonly [op: string, name: string])[] = [
  ...new Set([simplifications, partSimplifications].flatMap((tables) => rows(tables).map(([op, name]) => `${op}\n${name}`))),
].map((key) => key.split('\n') as [string, string])

describe.each(rules)('%s: %s', (op, name) => {
  const draw = ruleGraphs[op]?.[name]

  const examples = cases(draw)

  it('fires on graphs drawn for it, and keeps their values and gradients', () => {
    expect(draw, 'a rule needs a row in rule-graphs.ts').toBeDefined()
    let fired = 0
    const counting = changed(op, name, (node) => {
      fired += 1
      return node
    })
    for (const example of examples) {
      const found = wrong(example, counting) ?? wrong(example, partSimplifications)
      if (found !== undefined) expect.fail(`${found} in\n${printGraph(example.graph)}`)
    }
    // Most of the draws are meant for the rule.
    expect(fired).toBeGreaterThanOrEqual(DRAWS / 5)
  })

  it('would be caught if what it wrote were wrong', () => {
    const lie = changed(op, name, (node, r) => r.builder.apply('add', node, r.k(0.25)))
    expect(examples.some((example) => wrong(example, lie) !== undefined)).toBe(true)
  })
})

it('has no graphs for rules that are gone', () => {
  const drawn = Object.entries(ruleGraphs).flatMap(([op, row]) => Object.keys(row).map((name) => `${op}: ${name}`))
  expect(drawn.sort()).toEqual(rules.map(([op, name]) => `${op}: ${name}`).sort())
})

it('has no two rules of one name for an operation', () => {
  const names = rows(simplifications).map(([op, name]) => `${op}: ${name}`)
  expect(new Set(names).size).toBe(names.length)
})

function rows(tables: SimplifyRules): readonly (readonly [op: string, name: string])[] {
  const all = { ...tables.elementwise, ...tables.reduction, ...tables.structure }
  return Object.entries(all).flatMap(([op, row]) => row.map((rule) => [op, rule.name] as const))
}

interface Example extends GraphCase {
  /** Of the graph as it was written, by the reference. */
  readonly values: Numbers
  readonly gradients: Numbers
}

type Numbers = Readonly<Record<string, Float64Array>>

function cases(draw: ((p: Pen) => number) | undefined): readonly Example[] {
  if (draw === undefined) return []
  return Array.from({ length: DRAWS }, (_, seed) => {
    const pen = new Pen(seed)
    const example = pen.finish(draw(pen))
    const { graph, sizes, inputs } = example
    return { ...example, values: evaluate(graph, sizes, inputs), gradients: evaluate(gradientGraph(graph), sizes, inputs) }
  })
}

/** All tables, with one rule's result handed to `change`. */
function changed(op: string, name: string, change: (node: number, r: Rewriter) => number): SimplifyRules {
  const within = <T extends object>(table: T): T =>
    Object.fromEntries(
      Object.entries(table).map(([key, row]) => [
        key,
        key !== op
          ? row
          : row.map((rule: { name: string; write: (r: Rewriter, ...rest: unknown[]) => number | undefined }) => ({
              ...rule,
              write: (r: Rewriter, ...rest: unknown[]) => {
                const found = rule.write(r, ...rest)
                return found === undefined || rule.name !== name ? found : change(found, r)
              },
            })),
      ]),
    ) as T
  const { elementwise, reduction, structure } = simplifications
  return { elementwise: within(elementwise), reduction: within(reduction), structure: within(structure) }
}

/** Where the simplified graph, or its gradients, differ from the graph as it was written. */
function wrong({ graph, sizes, inputs, values, gradients }: Example, tables: SimplifyRules): string | undefined {
  const simple = simplify(graph, sizes, tables)
  const slopes = (): Numbers => evaluate(gradientGraph(simple, derivatives, graph), sizes, inputs)
  return differ(evaluate(simple, sizes, inputs), values) ?? differ(slopes(), gradients)
}

/**
 * Sums of at most six terms below 100 or so, reordered: 1e-12 of the largest is a hundred times their rounding. Numbers
 * that are not finite agree exactly, but for NaN, of which the rules may make less.
 */
function differ(found: Numbers, expected: Numbers): string | undefined {
  for (const [name, numbers] of Object.entries(expected)) {
    const scale = numbers.reduce((top, x) => (Number.isFinite(x) ? Math.max(top, Math.abs(x)) : top), 1)
    const at = numbers.findIndex((x, i) => {
      const y = found[name]?.[i] as number
      return !Number.isNaN(x) && x !== y && !(Math.abs(x - y) <= 1e-12 * scale)
    })
    if (at >= 0) return `${name}[${at}] is ${found[name]?.[at]} instead of ${numbers[at]}`
  }
  return undefined
}
