import { describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { GraphBuilder, include } from '../../src/ir/builder.ts'
import type { NodeId } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import type { Energy } from '../../src/middle/energy.ts'
import * as ports from '../../src/middle/ports.ts'
import { writeLaw } from '../../src/verify/laws/write.ts'
import { type LawResult, runLaw } from '../../src/verify/run.ts'
import { openSubject, type Subject } from '../../src/verify/subject.ts'

const layer = `memory W[h, p] ~ normal(0.2, 1.5)
state a[h] ~ normal(0, 1)
state x[p] ~ normal(sum[h](tanh(a) * W), 0.5)`
const rates = `memory r[k] : positive ~ gamma(2, 3)
state n[k] : count ~ poisson(r)`
const bits = `memory q[k] : probability ~ beta(1, 2)
state b[k] : bit ~ bernoulli(q)`

/** Adds in a rule, or in the term of what is stored, what is wrong with it. */
type Change = (m: Maths, node: NodeId) => NodeId

function sabotaged(energy: Energy, output: (name: string) => boolean, change: Change): Energy {
  const changed = (graph: Energy['graph']): Energy['graph'] => {
    const builder = new GraphBuilder()
    const ids = include(builder, graph)
    const node = (o: (typeof graph.outputs)[number]): NodeId => must(ids[o.node], o.name)
    return builder.part(graph.outputs.map((o) => ({ ...o, node: output(o.name) ? change(maths(builder), node(o)) : node(o) })))
  }
  return { ...energy, graph: changed(energy.graph), written: changed(energy.written) }
}

async function subjectOf(text: string): Promise<Subject> {
  return openSubject(must(load({ name: 'm.amp', text }).value, 'model'), { tfjs: false, emit: false, sbc: 1 })
}

async function law(subject: Subject, which?: number): Promise<LawResult['checks']> {
  const checks = writeLaw.checks.slice(3).filter((_, i) => which === undefined || i === which)
  return (await runLaw({ ...writeLaw, checks }, subject, { runs: 10, seed: 3 })).checks
}

describe('law 8 of posteriors', () => {
  it.each([
    ['weights of a layer', layer],
    ['rates', rates],
    ['probabilities', bits],
  ])('holds: %s', async (_, text) => {
    const checks = await law(await subjectOf(text))
    expect(checks.map((c) => c.status)).toEqual(Array(5).fill('holds'))
  })

  it('does not apply where no memory has a prior', async () => {
    const none = await law(await subjectOf('memory xi[p]\nstate x[p]\nenergy sum[p]((x - xi)^2)'))
    expect(none.map((c) => c.why)).toEqual(Array(5).fill('no memory has a prior and no rule'))
  })

  const write = ports.rule('write', ports.stored('W', 'linear'), 0)
  const forget = ports.rule('forget', ports.stored('W', 'precision'), 0)
  it.each<readonly [what: string, which: number, output: string, change: Change]>([
    ['what is stored has another factor', 0, ports.term(ports.posterior('W')), (m, node) => m.mul(m.k(1.01), node)],
    ['a write has the wrong sign', 0, write, (m, node) => m.neg(node)],
    ['forgetting takes out a little less', 1, forget, (m, node) => m.add(node, m.k(1e-4))],
    [
      'a write halves what was there',
      2,
      write,
      (m, node) => m.sub(node, m.mul(m.k(0.5), m.builder.input(ports.stored('W', 'linear'), ['h', 'p']))),
    ],
    [
      'a write takes out what it should add',
      3,
      write,
      (m, node) => m.sub(m.mul(m.k(2), m.builder.input(ports.stored('W', 'linear'), ['h', 'p'])), node),
    ],
  ])('notices that %s', async (_, which, output, change) => {
    const subject = await subjectOf(layer)
    const posterior = sabotaged(must(subject.posterior, 'posterior'), (name) => name === output, change)
    expect((await law({ ...subject, posterior }, which))[0]?.status).toBe('fails')
  })
})
