import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { simplify } from '../../../src/ir/simplify.ts'
import type { TfjsBackend } from '../../../src/targets/tfjs/backends.ts'
import { float32Tolerance } from '../../../src/targets/tfjs/tolerance.ts'
import { type OpenedTfjs, openTfjs, supportsTfjs } from '../../../src/targets/tfjs.ts'
import { graphs } from '../../generators/graphs.ts'
import { gradientGraph } from '../../laws/agreement.ts'
import { agreesInFloat32 } from '../../laws/float32.ts'
import { backends } from './backends.ts'

async function opened(backend: TfjsBackend): Promise<OpenedTfjs> {
  const found = await openTfjs(backend)
  if (found.backend === undefined) throw new Error(found.passedOver.join(' '))
  return found
}

describe.each(backends)('generated graphs on %s', (backend) => {
  it.each([
    ['all of them moving', new Set<string>()],
    ['some inputs fixed', new Set(['x', 'w', 'p', 'which_b'])],
  ])('agree with the definition up to float32, %s', async (_, fixed) => {
    const tfjs = await opened(backend)
    const law = agreesInFloat32(tfjs.target, float32Tolerance, fixed)
    const before = tfjs.tensors()
    fc.assert(
      fc.property(graphs({ steps: 8 }), (example) => {
        expect(supportsTfjs(example.graph, example.sizes, fixed)).toBeUndefined()
        const wrong = law(example)
        if (wrong !== undefined) throw new Error(wrong)
      }),
      { seed: 20240229, numRuns: 200 },
    )
    expect(tfjs.tensors()).toBe(before)
  })
})

it('derivatives past zeros agree with the definition up to float32', async () => {
  const { target } = await opened('tfjs-cpu')
  const law = agreesInFloat32(target, float32Tolerance)
  fc.assert(
    fc.property(graphs({ zeros: true, without: ['trigamma'], steps: 4 }), (example) => {
      const wrong = law({ ...example, graph: simplify(gradientGraph(example.graph), example.sizes) })
      if (wrong !== undefined) throw new Error(wrong)
    }),
    { seed: 20240229, numRuns: 60 },
  )
})

it('a wrong operation is caught', async () => {
  const { target } = await opened('tfjs-cpu')
  const law = agreesInFloat32((graph, sizes, options) => {
    const nodes = graph.nodes.map((n) => (n.op === 'cosh' ? { ...n, op: 'sinh' as const } : n))
    return target({ ...graph, nodes }, sizes, options)
  }, float32Tolerance)
  const found = fc.check(
    fc.property(graphs({ steps: 8 }), (example) => law(example) === undefined),
    { seed: 20240229, numRuns: 500, endOnFailure: true },
  )
  expect(must(found.failed, 'failed')).toBe(true)
})
