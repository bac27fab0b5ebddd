import { describe, expect, it, vi } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { withBatch } from '../../../src/ir/batch.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import { gradient } from '../../../src/ir/gradient.ts'
import type { Graph, NodeId } from '../../../src/ir/graph.ts'
import { type Maths, maths } from '../../../src/ir/maths.ts'
import { simplify } from '../../../src/ir/simplify.ts'
import { kernel } from '../../../src/targets/kernel.ts'
import { planTfjs } from '../../../src/targets/tfjs/planner.ts'
import { openTfjs, printTfjs, supportsTfjs } from '../../../src/targets/tfjs.ts'
import { backends } from './backends.ts'

/** Energy, gradient and posterior of a memory at many cues. */
function memory(energy: (m: Maths, x: NodeId, xi: NodeId, beta: NodeId) => readonly [energy: NodeId, weights: NodeId]): Graph {
  const b = new GraphBuilder()
  const x = b.input('x', ['pixel'])
  const [e, weights] = energy(maths(b), x, b.input('xi', ['pattern', 'pixel']), b.input('beta', []))
  b.output('energy', e)
  b.output('weights', weights)
  b.output('gradient', must(gradient(b, e, [x])[0], 'gradient'), ['pixel'])
  return withBatch(simplify(b.finish()), ['x'], 'cue')
}

const soft = (m: Maths, beta: NodeId, scores: NodeId): readonly [NodeId, NodeId] => {
  const top = m.logsumexp(['pattern'], scores)
  return [m.neg(m.div(top, beta)), m.exp(m.sub(scores, top))]
}
const memories = {
  hopfield: memory((m, x, xi, beta) => {
    const [attract, weights] = soft(m, beta, m.mul(beta, m.sum(['pixel'], m.mul(xi, x))))
    return [m.add(attract, m.mul(m.k(0.5), m.sum(['pixel'], m.square(x)))), weights]
  }),
  'kernel density': memory((m, x, xi, beta) => soft(m, beta, m.mul(m.mul(m.k(-0.5), beta), m.sum(['pixel'], m.square(m.sub(x, xi)))))),
  'weighted squares': memory((m, x, xi, beta) => {
    const gap = m.add(m.neg(xi), x)
    const weight = m.sigmoid(m.sum(['pixel'], m.mul(xi, x)))
    return [m.mul(beta, m.sum(['pattern', 'pixel'], m.mul(m.mul(m.k(0.01), weight), m.square(gap)))), weight]
  }),
}
const fixed = new Set(['xi', 'beta'])
const sizes = { cue: 30, pattern: 900, pixel: 144 }

function numbers(length: number, seed: number): Float64Array {
  let state = seed
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  })
}

describe.each(Object.entries(memories))('%s, many cues at once', (_, graph) => {
  it('never makes a tensor over cues, patterns and pixels', () => {
    for (const given of [sizes, undefined]) {
      const plan = planTfjs(graph, { fixed, ...(given === undefined ? {} : { sizes: given }) })
      expect(plan.steps.filter((s) => s.axes.length > 2)).toEqual([])
      expect(plan.steps.filter((s) => s.call === 'matmul').length).toBeGreaterThanOrEqual(2)
      // What is fixed is uploaded in the layouts that products read.
      expect(plan.steps.filter((s) => s.call === 'transpose')).toEqual([])
    }
  })

  it.each(backends)('gives what loops give, on %s', async (backend) => {
    const opened = await openTfjs(backend)
    if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
    expect(supportsTfjs(graph, sizes, fixed)).toBeUndefined()
    const before = opened.tensors()
    const [found, exact] = [opened.target, kernel].map((target) => {
      const made = target(graph, sizes, { fixed })
      made.inputs.get('xi')?.set(numbers(sizes.pattern * sizes.pixel, 1).map((u) => u + 3))
      made.inputs.get('beta')?.set([2])
      made.inputs.get('x')?.set(numbers(sizes.cue * sizes.pixel, 2).map((u) => u + 3))
      made.run()
      return made
    })
    for (const [name, truth] of must(exact, 'kernel').outputs) {
      const scale = truth.reduce((top, v) => Math.max(top, Math.abs(v)), 0)
      const data = must(found?.outputs.get(name), name)
      const worst = truth.reduce((w, v, i) => Math.max(w, Math.abs(v - (data[i] as number))), 0)
      // Scores of the Hopfield memory are about 3600, rounded to 2^-13 each by sums in float32: weights move by up to
      // about 1e-3 of themselves; centred distances and what is made of them are good to 1e-5.
      expect(worst / scale, name).toBeLessThan(1e-3)
    }
    found?.dispose()
    expect(opened.tensors()).toBe(before)
  })
})

it('centres before it multiplies out', async () => {
  // Distances of 1e-2 a pixel at 100 from the origin: without centring float32 keeps none of their digits.
  const opened = await openTfjs('tfjs-wasm')
  if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
  const b = new GraphBuilder()
  const m = maths(b)
  b.output('d', m.sum(['pixel'], m.square(m.sub(b.input('x', ['cue', 'pixel']), b.input('xi', ['pattern', 'pixel'])))))
  const [found, exact] = [opened.target, kernel].map((target) => {
    const made = target(b.finish(), sizes, { fixed: new Set(['xi']) })
    made.inputs.get('x')?.set(numbers(sizes.cue * sizes.pixel, 3).map((u) => 100 + 0.01 * Math.fround(u)))
    made.inputs.get('xi')?.set(numbers(sizes.pattern * sizes.pixel, 4).map((u) => 100 + 0.01 * u))
    made.run()
    return must(made.outputs.get('d'), 'd')
  })
  // The cue itself is rounded to 2^-18 before anything is worked out: 4e-6 of 1e-2, and as much again in each square.
  const worst = must(exact, 'kernel').reduce((w, v, i) => Math.max(w, Math.abs((found?.[i] as number) / v - 1)), 0)
  expect(worst).toBeLessThan(2e-3)
})

it.each(backends)('reductions of no elements are what changes nothing, on %s', async (backend) => {
  const opened = await openTfjs(backend)
  if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
  const b = new GraphBuilder()
  const x = b.input('x', ['cue', 'pixel'])
  const wanted = { sum: 0, prod: 1, max_over: -Infinity, min_over: Infinity, logsumexp: -Infinity } as const
  for (const op of Object.keys(wanted) as (keyof typeof wanted)[]) b.output(op, b.reduce(op, ['pixel'], x))
  const made = opened.target(b.finish(), { cue: 2, pixel: 0 }, { fixed: new Set() })
  made.run()
  for (const [op, value] of Object.entries(wanted)) expect([...must(made.outputs.get(op), op)]).toEqual([value, value])
  made.dispose()
})

it.each(backends)('a product over nothing is zero, without a word, on %s', async (backend) => {
  const opened = await openTfjs(backend)
  if (opened.backend === undefined) throw new Error(opened.passedOver.join(' '))
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const made = opened.target(memories.hopfield, { cue: 2, pattern: 3, pixel: 0 }, { fixed })
  made.inputs.get('beta')?.set([2])
  made.run()
  const energies = [...must(made.outputs.get('energy'), 'energy')]
  expect(said.mock.calls).toEqual([])
  said.mockRestore()
  for (const e of energies) expect(e).toBeCloseTo(-Math.log(3) / 2, 6)
  made.dispose()
})

it('is printed with layouts and what is worked out once', () => {
  expect(printTfjs(memories.hopfield, fixed)).toMatchInlineSnapshot(`
    "once, in float64:
      t3 = 0.5
    when xi changes, in float64:
      input xi[pattern, pixel]
      t5[pixel, pattern] = xi
      t17[pattern, pixel] = xi
    when beta changes, in float64:
      input beta
      t7 = beta
    every run:
      t0[cue, pixel] = upload x
      t1[cue, pixel] = square(t0[cue, pixel])
      t2[cue] = sum over pixel (t1[cue, pixel]); free t1
      t4[cue] = mul(t3[], t2[cue]); free t2
      t6[cue, pattern] = matMul along pixel (t0[cue, pixel], t5[pixel, pattern])
      t8[cue, pattern] = mul(t7[], t6[cue, pattern]); free t6
      t9[cue] = logsumexp over pattern (t8[cue, pattern])
      t10[cue] = div(t9[cue], t7[])
      t11[cue] = sub(t4[cue], t10[cue]); free t4 t10
      t12[cue, pattern] = sub(t8[cue, pattern], t9[cue])
      t13[cue, pattern] = exp(t12[cue, pattern]); free t12
      t14[cue] = log_total(t9[cue]); free t9
      t15[cue, pattern] = sub(t8[cue, pattern], t14[cue]); free t8 t14
      t16[cue, pattern] = exp(t15[cue, pattern]); free t15
      t18[cue, pixel] = matMul along pattern (t16[cue, pattern], t17[pattern, pixel]); free t16
      t19[cue, pixel] = sub(t0[cue, pixel], t18[cue, pixel]); free t18
      energy[cue] = t11[cue]
      weights[cue, pattern] = t13[cue, pattern]
      gradient[cue, pixel] = t19[cue, pixel]"
  `)
})
