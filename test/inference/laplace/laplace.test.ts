import { expect, test } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { hessianProduct } from '../../../src/compile/hessian-product.ts'
import { flatBuffers, fromProgram } from '../../../src/inference/density/program-density.ts'
import { byDifferences, byProducts, type HessianProduct } from '../../../src/inference/laplace/curvature.ts'
import { laplace } from '../../../src/inference/laplace/laplace.ts'
import { findMode } from '../../../src/inference/laplace/mode.ts'
import { openEnergyOf } from './model.ts'

/** The log density of independent log-gamma coordinates: a y - exp(y), whose integral is Gamma(a). */
const shapes = [2, 7.5, 40]
const logGammas = {
  dimension: shapes.length,
  evaluate(q: Float64Array, gradient: Float64Array): number {
    shapes.forEach((a, i) => {
      gradient[i] = a - Math.exp(q[i] as number)
    })
    return shapes.reduce((sum, a, i) => sum + a * (q[i] as number) - Math.exp(q[i] as number), 0)
  },
}

test('the mode of log-gamma densities is the log of their shape', () => {
  const mode = findMode(logGammas, new Float64Array([-3, 5, 0]))
  expect(mode.converged).toBe(true)
  shapes.forEach((a, i) => {
    expect(mode.at[i]).toBeCloseTo(Math.log(a), 7)
  })
})

test('a narrow, turning valley is followed to its end', () => {
  const valley = {
    dimension: 2,
    evaluate(q: Float64Array, gradient: Float64Array): number {
      const [x, y] = q as unknown as [number, number]
      const bend = y - x * x
      gradient[0] = 400 * bend * x + 2 * (1 - x)
      gradient[1] = -200 * bend
      return -(100 * bend * bend + (1 - x) * (1 - x))
    },
  }
  const mode = findMode(valley, new Float64Array([-1.2, 1]))
  expect(mode.converged).toBe(true)
  expect(mode.at[0]).toBeCloseTo(1, 6)
  expect(mode.at[1]).toBeCloseTo(1, 6)
})

test("Laplace's integral of log-gamma densities is Stirling's formula", () => {
  const product: HessianProduct = (q, direction, out) => {
    for (let i = 0; i < q.length; i += 1) out[i] = Math.exp(q[i] as number) * (direction[i] as number)
  }
  const stirling = shapes.reduce((sum, a) => sum + a * Math.log(a) - a + 0.5 * Math.log((2 * Math.PI) / a), 0)
  const at = new Float64Array(3)
  expect(laplace(logGammas, byProducts(product), at).logIntegral).toBeCloseTo(stirling, 10)
  // What differences leave out is 1e-8 of each second derivative.
  expect(laplace(logGammas, byDifferences(logGammas), at).logIntegral).toBeCloseTo(stirling, 7)
})

test('second derivatives by the graph are differences of gradients', () => {
  const { program, energy, open } = openEnergyOf(
    'axis k = 2\ndata y[i]\nstate w[k] : simplex[k]\nstate s : positive ~ gamma(2, 1)\nstate m[k] ~ normal(0, s)\ny ~ student_t(4, sum[k](w * m), s)',
  )
  const shared = flatBuffers(program, { i: 3, k: 2, 'k:free': 1 })
  const steps = open(program.graph, shared)
  const density = fromProgram(program, steps)
  const graph = hessianProduct(program, energy)
  const second = open(graph, shared)
  const [q, n] = [new Float64Array([0.3, -0.2, 0.7, -0.4]), density.dimension]
  expect(n).toBe(q.length)
  const put = (name: (state: string) => string, values: Float64Array): void => {
    let at = 0
    for (const { name: own } of program.states) {
      const input = second.inputs.get(name(own))
      const length = own === 'm' ? 2 : 1
      input?.set(values.subarray(at, at + length))
      at += length
    }
  }
  const product: HessianProduct = (at, direction, out) => {
    put((s) => `coordinate:${s}`, at)
    put((s) => `direction:${s}`, direction)
    second.run()
    out.set(program.states.flatMap((s) => [...must(second.outputs.get(`product:${s.name}`), s.name)]))
  }
  const found = byProducts(product)(q, q)
  const [above, below] = [new Float64Array(n), new Float64Array(n)]
  for (let j = 0; j < n; j += 1) {
    density.evaluate(q.map((v, i) => (i === j ? v + 1e-5 : v)), above) // biome-ignore format: one thought
    density.evaluate(q.map((v, i) => (i === j ? v - 1e-5 : v)), below) // biome-ignore format: one thought
    for (let i = 0; i < n; i += 1) expect(found[j * n + i]).toBeCloseTo(-((above[i] as number) - (below[i] as number)) / 2e-5, 5)
  }
})
