import { describe, expect, it } from 'vitest'
import { readable } from '../../src/cli/readable.ts'
import type { SummaryRow } from '../../src/inference/diagnostics/summary.ts'
import type { Draws } from '../../src/inference/draws/draws.ts'

const row = (name: string): SummaryRow =>
  ({ name, mean: 1, sd: 1, mcse_mean: 1, q5: 1, q50: 1, q95: 1, ess_bulk: 1, ess_tail: 1, r_hat: 1 }) as SummaryRow
const names = (name: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${name}[${i + 1}]`)

/** A summed-out state before a parameter, a let after it. */
function table(sizes: Readonly<Record<string, number>>, summedOut: readonly string[], all = false) {
  const variables = Object.entries(sizes).map(([name, n]) => ({ name, axes: ['t'], shape: [n] }))
  const draws: Draws = { variables, names: [], chains: [] }
  const rows = Object.entries(sizes).flatMap(([name, n]) => names(name, n).map(row))
  const found = readable(draws, rows, { elements: [{ name: 'z', level: 'k' }], summedOut: new Set(summedOut), all })
  return { shown: found.shown.map((r) => r.name), left: found.left }
}

describe('the table of amp sample', () => {
  it('has parameters first, and of what was summed out the first few', () => {
    const { shown, left } = table({ z: 100, mu: 2, gap: 1 }, ['z'])
    expect(shown).toEqual([...names('mu', 2), 'gap[1]', ...names('z', 8)])
    expect(left).toEqual(['... and 92 more of z, which was summed out (--all prints them; --json or --out has them, too)'])
  })

  it('has all rows on request, parameters first', () => {
    const { shown, left } = table({ z: 100, mu: 50 }, ['z'], true)
    expect(shown).toEqual([...names('mu', 50), ...names('z', 100)])
    expect(left).toEqual([])
  })

  it('does not hide parameters because much was summed out', () => {
    expect(table({ z: 1000, mu: 40 }, ['z']).shown.filter((n) => n.startsWith('mu'))).toHaveLength(40)
    expect(table({ mu: 41 }, []).shown).toHaveLength(8)
    expect(table({ mu: 41 }, []).left).toEqual(['... and 33 more of mu (--all prints them; --json or --out has them, too)'])
  })
})
