import { describe, expect, test } from 'vitest'
import { GraphBuilder, include } from '../../src/ir/builder.ts'
import { evaluate } from '../../src/ir/evaluate.ts'
import { gradient } from '../../src/ir/gradient.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { Draw, energyOf, sizesOf, total } from './models.ts'

const axes = 'axis a = 3\naxis b = size(a)\naxis c = size(a)\n'
/** A positive definite matrix for each of two groups. */
const spd = (seed: number): number[] => {
  const root = new Draw(seed).normals('root', 18)
  return [0, 1].flatMap((g) =>
    [0, 1, 2].flatMap((i) =>
      [0, 1, 2].map((j) =>
        [0, 1, 2].reduce((s, k) => s + (root[9 * g + 3 * i + k] as number) * (root[9 * g + 3 * j + k] as number), i === j ? 0.5 : 0),
      ),
    ),
  )
}
const energyAt = (expression: string, values: Record<string, readonly number[]>): number =>
  total(energyOf(`model t\n${axes}state A[g, a, b]\nstate y[g, a]\nenergy ${expression}\n`), { g: 2 }, values)

function determinant(m: readonly number[]): number {
  const at = (i: number): number => m[i] as number
  return at(0) * (at(4) * at(8) - at(5) * at(7)) - at(1) * (at(3) * at(8) - at(5) * at(6)) + at(2) * (at(3) * at(7) - at(4) * at(6))
}

describe('functions of positive definite matrices', () => {
  const A = spd(1)
  const y = new Draw(2).normals('y', 6)

  test("L is lower triangular and L L' is A; A x is y; the log of the determinant by minors", () => {
    // 1e-20: squares of rounding errors of a dozen operations on numbers below 10.
    expect(energyAt('sum[g, a, b]((sum[c](cholesky[a, b](A)[b -> c] * cholesky[a, b](A)[b -> c][a -> b]) - A)^2)', { A, y })).toBeLessThan(
      1e-20,
    )
    expect(energyAt('sum[g, a, b](where(index(a) < index(b), cholesky[a, b](A)^2, 0))', { A, y })).toBe(0)
    expect(energyAt('sum[g, a]((sum[b](A * solve[a, b](A, y)) - y)^2)', { A, y })).toBeLessThan(1e-20)
    const right = Math.log(determinant(A.slice(0, 9))) + 2 * Math.log(determinant(A.slice(9)))
    expect(energyAt('sum[g](index(g) * log_det[a, b](A))', { A, y })).toBeCloseTo(right, 11)
  })

  test('gradients are differences, in the kernel as in the reference', () => {
    const text = `model t\n${axes}state R[a, c]\nstate y[a]\ndata w[a]\nlet A = sum[c](R * R[a -> b]) + where(index(a) == index(b), 0.3, 0)\nenergy sum[b](w[a -> b] * solve[a, b](A, y)) + log_det[a, b](A) + sum[a, b](w * sin(w[a -> b]) * cholesky[a, b](A))\n`
    const energy = energyOf(text)
    const builder = new GraphBuilder()
    const ids = include(builder, energy.graph)
    const value = ids[energy.graph.outputs.find((o) => o.name.startsWith('term:'))?.node as number] as number
    builder.output('value', value)
    const names = { R: ['a', 'c'], y: ['a'] }
    const inputs = Object.entries(names).map(([name, own]) => builder.input(name, own))
    for (const [i, g] of gradient(builder, value, inputs).entries()) builder.output(`g${i}`, g, Object.values(names)[i] as string[])
    const graph = builder.finish()
    const draw = new Draw(3)
    const at = { R: draw.normals('R', 9), y: draw.normals('y', 3), w: draw.normals('w', 3), [ports.temperature]: [1] }
    const sizes = sizesOf(energy.axes, {})
    const run = (values: Record<string, readonly number[]>) =>
      evaluate(graph, sizes, Object.fromEntries(graph.inputs.map((p) => [p.name, Float64Array.from(values[p.name] as number[])])))
    const here = run(at)
    const compiled = kernel(graph, sizes)
    for (const p of graph.inputs) compiled.inputs.get(p.name)?.set((at as Record<string, number[]>)[p.name] as number[])
    compiled.run()
    Object.keys(names).forEach((name, n) => {
      const slopes = here[`g${n}`] as Float64Array
      slopes.forEach((slope, i) => {
        const moved = (by: number) =>
          run({ ...at, [name]: (at as Record<string, number[]>)[name]?.map((v, k) => (k === i ? v + by : v)) as number[] })
        const step = 1e-5
        const difference = ((moved(step).value?.[0] as number) - (moved(-step).value?.[0] as number)) / (2 * step)
        // 1e-6: a step of 1e-5 squared, times third derivatives of some hundreds near 0.3 I.
        expect(Math.abs(slope - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)))
        expect(compiled.outputs.get(`g${n}`)?.[i]).toBeCloseTo(slope, 10)
      })
    })
  })

  test('where a matrix is not positive definite the energy is infinite, of one group as of all', () => {
    const bad = [...A.slice(0, 9), 1, 2, 0, 2, 1, 0, 0, 0, 1]
    for (const expression of ['sum[g](log_det[a, b](A))', 'sum[g, b](solve[a, b](A, y))', 'sum[g, a, b](cholesky[a, b](A))'])
      expect(energyAt(expression, { A: bad, y })).toBe(Infinity)
    expect(energyAt('log_det[a, b](A[g = 1])', { A: bad, y })).toBeCloseTo(Math.log(determinant(bad)), 11)
  })

  test('rows and columns have one size, and a definition of the same name takes its place', () => {
    const open = energyOf('model t\nstate A[p, q]\nenergy log_det[p, q](A)\n')
    expect(open.relations).toContainEqual(expect.objectContaining({ axis: 'q', than: 'p', by: 0 }))
    expect(total(energyOf('model t\nstate x\ndef solve(a) = a + 1\nenergy solve(x)\n'), {}, { x: [3] })).toBe(4)
  })
})
