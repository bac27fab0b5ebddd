import { describe, expect, test } from 'vitest'
import { must } from '../../../src/base/internal-error.ts'
import { GraphBuilder } from '../../../src/ir/builder.ts'
import type { Graph, NodeId } from '../../../src/ir/graph.ts'
import { maths } from '../../../src/ir/maths.ts'
import { generateKernel } from '../../../src/targets/kernel/generate.ts'
import { instantiate } from '../../../src/targets/kernel/instantiate.ts'
import { stringLiteral } from '../../../src/targets/kernel/literal.ts'
import { kernel } from '../../../src/targets/kernel.ts'

/** What `run` does. */
function runOf(text: string): string {
  return text.slice(text.indexOf('    run() {'), text.lastIndexOf('\n  }\n}'))
}

/** Partial pooling of parallel experiments (centred), by mu, tau and theta, up to constants. */
function eightSchools(): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [y, se, theta] = ['y', 'se', 'theta'].map((name) => builder.input(name, ['school'])) as [NodeId, NodeId, NodeId]
  const [mu, tau] = ['mu', 'tau'].map((name) => builder.input(name, [])) as [NodeId, NodeId]
  const normal = (x: NodeId, at: NodeId, scale: NodeId): NodeId =>
    m.add(m.mul(m.k(0.5), m.square(m.div(m.sub(x, at), scale))), m.log(scale))
  const prior = m.add(normal(mu, m.k(0), m.k(5)), m.log1p(m.square(m.div(tau, m.k(5)))))
  builder.output('energy', m.plus(prior, m.sum(['school'], normal(theta, mu, tau)), m.sum(['school'], normal(y, theta, se))))
  return builder.finish()
}

/** Energy and gradient written down, so that the text shows what the kernel makes of them and nothing else. */
function modernHopfield(): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const [xi, x, beta] = [builder.input('xi', ['pattern', 'pixel']), builder.input('x', ['pixel']), builder.input('beta', [])]
  const overlap = m.mul(beta, m.sum(['pixel'], m.mul(xi, x)))
  const total = m.logsumexp(['pattern'], overlap)
  builder.output('energy', m.sub(m.mul(m.k(0.5), m.sum(['pixel'], m.square(x))), m.div(total, beta)))
  builder.output('gradient', m.sub(x, m.sum(['pattern'], m.mul(m.exp(m.sub(overlap, total)), xi))))
  return builder.finish()
}

describe('the text reads like a hand-written loop', () => {
  test('eight schools: one loop over the schools, logarithms of the data beforehand', () => {
    expect(generateKernel(eightSchools(), { fixed: new Set(['y', 'se']) }).text).toMatchInlineSnapshot(`
      "function create(sizes, f, buffers) {
        const n0 = sizes.get("school")
        const f_log = f.log
        const f_log1p = f.log1p
        const x0 = buffers.get("y") ?? new Float64Array(n0)
        const x1 = buffers.get("se") ?? new Float64Array(n0)
        const x2 = buffers.get("theta") ?? new Float64Array(n0)
        const x3 = buffers.get("mu") ?? new Float64Array(1)
        const x4 = buffers.get("tau") ?? new Float64Array(1)
        const y0 = buffers.get("energy") ?? new Float64Array(1)
        const b0 = new Float64Array(n0)
        const b1 = new Float64Array(1)
        let ready = false
        function prepare() {
          let s0 = 0
          for (let i0 = 0; i0 < n0; i0++) {
            const v0 = x1[i0]
            s0 += f_log(v0)
            b0[i0] = 1 / v0
          }
          b1[0] = s0
        }
        return {
          inputs: new Map([["y", x0], ["se", x1], ["theta", x2], ["mu", x3], ["tau", x4]]),
          outputs: new Map([["energy", y0]]),
          touch() { ready = false },
          run() {
            if (!ready) { prepare(); ready = true }
            const v1 = x4[0]
            const t0 = 1 / v1
            const t1 = v1 / 5
            const v2 = x3[0]
            const t2 = (v2 - 0) / 5
            let s1 = 0
            let s2 = 0
            for (let i0_1 = 0; i0_1 < n0; i0_1++) {
              const v3 = x2[i0_1]
              const t3 = (x0[i0_1] - v3) * b0[i0_1]
              s1 += t3 * t3
              const t4 = (v3 - v2) * t0
              s2 += t4 * t4
            }
            y0[0] = 0.5 * (t2 * t2) + 1.6094379124341003 + f_log1p(t1 * t1) + (n0 * f_log(v1) + 0.5 * s2) + (b1[0] + 0.5 * s1)
          }
        }
      }"
    `)
  })

  test('modern Hopfield: overlaps with the patterns, a softmax, the patterns weighted', () => {
    expect(runOf(generateKernel(modernHopfield()).text)).toMatchInlineSnapshot(`
      "    run() {
            let s0 = 0, s0_1 = 0, s0_2 = 0, s0_3 = 0
            let i1 = 0
            for (; i1 < n1 - 3; i1 += 4) {
              const v0 = x1[i1]
              s0 += v0 * v0
              const v1 = x1[i1 + 1]
              s0_1 += v1 * v1
              const v2 = x1[i1 + 2]
              s0_2 += v2 * v2
              const v3 = x1[i1 + 3]
              s0_3 += v3 * v3
            }
            for (; i1 < n1; i1++) {
              const v4 = x1[i1]
              s0 += v4 * v4
            }
            s0 += s0_1 + s0_2 + s0_3
            let s1 = -1e999
            const v5 = x2[0]
            for (let i0 = 0; i0 < n0; i0++) {
              let s2 = 0, s2_1 = 0, s2_2 = 0, s2_3 = 0
              const p0 = i0 * n1
              let i1_1 = 0
              for (; i1_1 < n1 - 3; i1_1 += 4) {
                s2 += x0[p0 + i1_1] * x1[i1_1]
                s2_1 += x0[p0 + i1_1 + 1] * x1[i1_1 + 1]
                s2_2 += x0[p0 + i1_1 + 2] * x1[i1_1 + 2]
                s2_3 += x0[p0 + i1_1 + 3] * x1[i1_1 + 3]
              }
              for (; i1_1 < n1; i1_1++) s2 += x0[p0 + i1_1] * x1[i1_1]
              s2 += s2_1 + s2_2 + s2_3
              const t0 = v5 * s2
              b0[i0] = t0
              s1 = Math.max(s1, t0)
            }
            const t1 = Math.abs(s1) < 1e999 ? s1 : 0
            let s3 = 0
            for (let i0_1 = 0; i0_1 < n0; i0_1++) {
              const t2 = f_exp(b0[i0_1] - t1)
              b2[i0_1] = t2
              s3 += t2
            }
            const t3 = 1 / s3
            y0[0] = 0.5 * s0 - (t1 + f_log(s3)) / v5
            for (let j0 = 0; j0 < n1; j0++) b3[j0] = 0
            for (let i0_2 = 0; i0_2 < n0; i0_2++) {
              const t4 = b2[i0_2] * t3
              const p1 = i0_2 * n1
              let i1_2 = 0
              for (; i1_2 < n1 - 3; i1_2 += 4) {
                b3[i1_2] += t4 * x0[p1 + i1_2]
                b3[i1_2 + 1] += t4 * x0[p1 + i1_2 + 1]
                b3[i1_2 + 2] += t4 * x0[p1 + i1_2 + 2]
                b3[i1_2 + 3] += t4 * x0[p1 + i1_2 + 3]
              }
              for (; i1_2 < n1; i1_2++) b3[i1_2] += t4 * x0[p1 + i1_2]
            }
            for (let i1_3 = 0; i1_3 < n1; i1_3++) y1[i1_3] = x1[i1_3] - b3[i1_3]
          }"
    `)
  })
})

describe('names', () => {
  const hostile = [
    '__proto__',
    'constructor',
    '"); process.exit(1); ("',
    "'] = 0 //",
    '`\u0024{process.exit(1)}`',
    '*/ x /*',
    'a\nb\r\u2028\u2029c',
    '</script>',
    '\\',
    '',
    'let',
    '\u0000\ud800',
  ]

  test.each(hostile.map((name) => [JSON.stringify(name), name]))('%s is only ever data', (_, name) => {
    const builder = new GraphBuilder()
    const x = builder.input(name, [name])
    const y = builder.input(`${name} 2`, ['other', name])
    builder.output(name, builder.sum([name], builder.apply('mul', x, y)))
    builder.output(`${name} 3`, builder.apply('log', builder.apply('add', x, builder.size(name))))
    // As an own property even where a literal would set the prototype.
    const sizes = Object.fromEntries([
      [name, 2],
      ['other', 1],
    ])
    const made = kernel(builder.finish(), sizes, { fixed: new Set([name]) })
    must(made.inputs.get(name), 'x').set([2, 3])
    must(made.inputs.get(`${name} 2`), 'y').set([5, 7])
    made.run()
    expect([...must(made.outputs.get(name), 'sum')]).toEqual([31])
    expect([...must(made.outputs.get(`${name} 3`), 'log')]).toEqual([Math.log(4), Math.log(5)])
  })

  test('occur in the text quoted, and nowhere else', () => {
    const builder = new GraphBuilder()
    builder.output('zzz', builder.sum(['yyy'], builder.apply('exp', builder.input('xxx', ['yyy']))))
    const { text } = generateKernel(builder.finish(), { fixed: new Set(['xxx']) })
    for (const name of ['xxx', 'yyy', 'zzz']) {
      expect(text).toContain(stringLiteral(name))
      expect(text.replaceAll(stringLiteral(name), '')).not.toContain(name)
    }
  })

  test('no name ends a line or a script element', () => {
    for (const name of hostile) expect(stringLiteral(name)).not.toMatch(/[\n\r\u2028\u2029<]/)
  })
})

test('a text for known narrow axes refuses other sizes', () => {
  const builder = new GraphBuilder()
  builder.output('y', builder.sum(['k'], builder.apply('exp', builder.input('x', ['k']))))
  const source = generateKernel(builder.finish(), { sizes: { k: 2 } })
  expect(source.assumes).toEqual({ k: 2 })
  const create = instantiate(source)
  expect(() => create(new Map([['k', 3]]), {}, new Map())).toThrow('made for 2 of k')
})
