import { beforeAll, describe, expect, it } from 'vitest'
import { load } from '../../src/api/load.ts'
import { must } from '../../src/base/internal-error.ts'
import { GraphBuilder, include } from '../../src/ir/builder.ts'
import type { Graph, NodeId } from '../../src/ir/graph.ts'
import { type Maths, maths } from '../../src/ir/maths.ts'
import * as ports from '../../src/middle/ports.ts'
import type { Treatment } from '../../src/middle/situation.ts'
import type { FitParts } from '../../src/run/fit.ts'
import type { RetrievalParts } from '../../src/run/retrieval.ts'
import type { SamplingParts } from '../../src/run/sampling.ts'
import { laws } from '../../src/verify/laws/all.ts'
import { type LawResult, runLaw } from '../../src/verify/run.ts'
import { openSubject, type PossibleReading, type Subject } from '../../src/verify/subject.ts'

/** Every check is shown a compiler that is wrong in just the way it is there for. */

const mixture = `
memory xi[pattern, pixel]
param  sigma : positive = 0.5
state  which : pattern
state  x[pixel] ~ normal(xi[which], sigma)
`
const scale = `
data  y[row]
state s : positive ~ lognormal(0, 1)
y ~ normal(0, s)
`
const network = `
memory xi[pattern, neuron] : spin
state  s[neuron] : spin
energy -sum[pattern](sum[neuron](xi * s)^2) / (2 * size(neuron))
`
const attention = `
memory xi[pattern, pixel]
param  beta : positive = 8
state  x[pixel]
energy attract = -logsumexp[pattern](beta * sum[pixel](xi * x)) / beta
energy confine = sum[pixel](x^2) / 2
`

const sparse = `
data  y
param w : positive = 1
state x
energy (x - y)^2 / 2 + w * abs(x)
`

const pair = `
data w
state a : bit
state b : bit
energy 3 * a * b - a - 2 * b + w * a
`
const conjugate = `
data  y[row]
state m ~ normal(0, 2)
state s : positive ~ inverse_gamma(3, 2)
y ~ normal(m, sqrt(s))
`

const both = `
data  n[i] : count
state z : bit ~ bernoulli(0.3)
state r : positive ~ gamma(3, 2)
n ~ poisson(r)
energy 2 * z
`

async function subjectOf(text: string): Promise<Subject> {
  const loaded = load({ name: 'sabotaged.amp', text: `model sabotaged\n${text}` })
  return openSubject(must(loaded.value, JSON.stringify(loaded.diagnostics)), { emit: false, tfjs: false, sbc: 256 })
}

type Change = (m: Maths, outputs: (name: string) => NodeId) => Readonly<Record<string, NodeId>>

/** The graph with some of its outputs made otherwise. */
function changed(graph: Graph, change: Change): Graph {
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  const outputOf = (name: string): NodeId =>
    must(
      ids[
        must(
          graph.outputs.find((o) => o.name === name),
          name,
        ).node
      ],
      name,
    )
  const others = change(maths(builder), outputOf)
  for (const o of graph.outputs) builder.output(o.name, others[o.name] ?? outputOf(o.name), o.axes)
  return builder.finish()
}

function inReading<P extends { readonly program: { readonly graph: Graph } }>(
  reading: PossibleReading<P>,
  change: Change,
): PossibleReading<P> {
  if ('why' in reading) throw new Error(reading.why)
  const { parts } = reading
  return { parts: { ...parts, program: { ...parts.program, graph: changed(parts.program.graph, change) } } }
}

/** The same with the arguments of one exact draw made otherwise. */
function withDraw(subject: Subject, name: string, change: Change): Subject {
  const parts = must(subject.exact, 'exact draws')
  const exact = parts.exact.map((d) =>
    d.kind === 'family' && d.program.draws[0]?.name === name
      ? { ...d, program: { ...d.program, graph: changed(d.program.graph, change) } }
      : d,
  )
  return { ...subject, exact: { ...parts, exact } }
}

/** What one check of a law says, without the others that may see the same fault. */
function verdict(number: number, check: string, subject: Subject): LawResult {
  const law = must(
    laws.find((l) => l.number === number),
    'law',
  )
  const checks = law.checks.filter((c) => c.name === check)
  return runLaw({ ...law, checks }, subject, { runs: 15, seed: 3 })
}

function fittedOtherwise(subject: Subject, change: Change): Subject {
  const { parts } = subject.fit as { readonly parts: FitParts }
  return { ...subject, fit: { parts: { ...parts, fit: { ...parts.fit, mean: changed(parts.fit.mean, change) } } } }
}

function relaxedOtherwise(subject: Subject, change: Change): Subject {
  const relaxed = must(subject.relaxed, 'relaxed energy')
  return { ...subject, relaxed: { ...relaxed, graph: changed(relaxed.graph, change) } }
}

/** With the energy made otherwise where this is the treatment in this place. */
function treatedOtherwise(subject: Subject, { kind, name }: Treatment, change: Change, place = 0): Subject {
  return {
    ...subject,
    treated(asked) {
      const energy = subject.treated(asked)
      return energy && asked[place]?.kind === kind && asked[place]?.name === name
        ? { ...energy, graph: changed(energy.graph, change) }
        : energy
    },
  }
}

describe('a law fails where its check', () => {
  let subjects: Record<'mixture' | 'scale' | 'network' | 'attention' | 'pair' | 'conjugate' | 'both' | 'sparse', Subject>
  beforeAll(async () => {
    subjects = {
      mixture: await subjectOf(mixture),
      sparse: await subjectOf(sparse),
      scale: await subjectOf(scale),
      network: await subjectOf(network),
      attention: await subjectOf(attention),
      pair: await subjectOf(pair),
      conjugate: await subjectOf(conjugate),
      both: await subjectOf(both),
    }
  })

  type Broken = readonly [what: string, law: number, check: string, subject: () => Subject]
  const broken: readonly Broken[] = [
    [
      'a Jacobian is left out of the density',
      1,
      'log density = -E/T + log Jacobian',
      () => ({
        ...subjects.scale,
        sampling: inReading(subjects.scale.sampling, (m, o) => ({ energy: m.add(o('energy'), o('log_jacobian')) })),
      }),
    ],
    [
      'a Jacobian has the wrong sign all through',
      1,
      'log Jacobian = log determinant of differences',
      () => ({
        ...subjects.scale,
        sampling: inReading(subjects.scale.sampling, (m, o) => ({
          energy: m.add(o('energy'), m.mul(m.k(2), o('log_jacobian'))),
          log_jacobian: m.neg(o('log_jacobian')),
        })),
      }),
    ],
    [
      'the temperature is left out of the score',
      1,
      'velocity of retrieval = T times the score',
      () => ({
        ...subjects.attention,
        sampling: inReading(subjects.attention.sampling, (m, o) => ({
          'gradient:x': m.mul(m.builder.input(ports.temperature, []), o('gradient:x')),
        })),
      }),
    ],
    [
      'a summed-out state counts a level twice',
      1,
      'summing out = enumerating the levels',
      () => ({
        ...subjects.mixture,
        summed: {
          ...subjects.mixture.summed,
          graph: changed(subjects.mixture.summed.graph, (m, o) => ({
            'term:marginal which': m.sub(o('term:marginal which'), m.k(Math.LN2)),
          })),
        },
      }),
    ],
    [
      'a relaxed energy has half of the entropy',
      6,
      'relaxed energy = -T log Z + T KL(q || p)',
      () => relaxedOtherwise(subjects.mixture, (m, o) => ({ 'term:entropy of which': m.mul(m.k(0.5), o('term:entropy of which')) })),
    ],
    [
      'a relaxed energy couples a spin to itself',
      6,
      'relaxed energy = -T log Z + T KL(q || p)',
      () =>
        relaxedOtherwise(subjects.network, (m, o) => {
          const [q, xi] = [m.builder.input('s', ['neuron']), m.builder.input('xi', ['pattern', 'neuron'])]
          const powers = m.mul(m.square(xi), m.mul(m.k(4), m.mul(q, m.sub(m.k(1), q))))
          const lost = m.div(m.sum(['pattern', 'neuron'], powers), m.mul(m.k(2), m.builder.size('neuron')))
          return { 'term:energy': m.add(o('term:energy'), lost) }
        }),
    ],
    [
      'a relaxed energy pushes the other states elsewhere',
      6,
      'relaxed = summed out at the posterior, with the same slopes',
      () =>
        relaxedOtherwise(subjects.mixture, (m, o) => {
          const x = m.builder.input('x', ['pixel'])
          // Less than 6e-10, with a slope of 0.01.
          const push = m.sub(x, m.div(m.round(m.mul(x, m.k(2 ** 24))), m.k(2 ** 24)))
          return { 'term:entropy of which': m.add(o('term:entropy of which'), m.mul(m.k(0.01), m.sum(['pixel'], push))) }
        }),
    ],
    [
      'the mean of the energy of a fit is not that of q',
      6,
      'the ELBO of a fit never falls, and is the mean of -E/T - log q over draws of q',
      () => fittedOtherwise(subjects.conjugate, (m, o) => ({ energy: m.add(o('energy'), m.k(20)) })),
    ],
    [
      'a fit steps the wrong way',
      6,
      'the ELBO of a fit never falls, and is the mean of -E/T - log q over draws of q',
      () => {
        const { parts } = subjects.pair.fit as { readonly parts: FitParts }
        const blocks = parts.fit.blocks.map((b) => (b.kind === 'levels' ? { ...b, graph: changed(b.graph, (m, o) => ({ energy: m.neg(o('energy')) })) } : b)) // biome-ignore format: one thought
        return { ...subjects.pair, fit: { parts: { ...parts, fit: { ...parts.fit, blocks } } } }
      },
    ],
    [
      'the ELBO of a fit lies above log Z',
      6,
      'the ELBO of a fit <= log Z, and equal where q is one block',
      () => fittedOtherwise(subjects.conjugate, (m, o) => ({ energy: m.sub(o('energy'), m.k(20)) })),
    ],
    [
      'the log density that normal densities are fitted to is too high',
      6,
      'the ELBO of normal densities by gradients <= log Z, and equal where the density is normal',
      () => {
        const { parts } = subjects.scale.sampling as { readonly parts: SamplingParts }
        const steps = changed(parts.steps, (m, o) => ({ energy: m.sub(o('energy'), m.k(2)) }))
        return { ...subjects.scale, sampling: { parts: { ...parts, steps } } }
      },
    ],
    [
      'the joint mode is the worst',
      1,
      'joint mode = the least energy over the levels',
      () => {
        const { parts } = subjects.pair.retrieval as { readonly parts: RetrievalParts }
        const { modes = [] } = parts.program
        const worst = modes.map((mode) => ({ ...mode, graph: changed(mode.graph, (m, o) => ({ score: m.neg(o('score')) })) }))
        return { ...subjects.pair, retrieval: { parts: { ...parts, program: { ...parts.program, modes: worst } } } }
      },
    ],
    ...(['reference', 'kernel'] as const).map(
      (by): Broken => [
        `the simplifier loses a constant, ${by}`,
        2,
        `energy as it was written = simplified, by the ${by}`,
        () => {
          const { energy } = subjects.scale
          const name = `term:${energy.terms[0]?.name}`
          return {
            ...subjects.scale,
            energy: { ...energy, graph: changed(energy.graph, (m, o) => ({ [name]: m.add(o(name), m.k(1e-3)) })) },
          }
        },
      ],
    ),
    [
      'an integral is a hundredth too large',
      1,
      'integrating out = quadrature',
      () =>
        treatedOtherwise(subjects.conjugate, { kind: 'integrate', name: 'm' }, (m, o) => ({
          'term:marginal m': m.mul(m.k(1.01), o('term:marginal m')),
        })),
    ],
    [
      'an integral loses a constant',
      1,
      'integrated - minimised = T/2 log det(H / 2 pi T)',
      () =>
        treatedOtherwise(subjects.conjugate, { kind: 'integrate', name: 'm' }, (m, o) => ({
          'term:marginal m': m.add(o('term:marginal m'), m.k(1e-3)),
        })),
    ],
    [
      'a minimum is not the least',
      1,
      'integrated - minimised = T/2 log det(H / 2 pi T)',
      () => treatedOtherwise(subjects.conjugate, { kind: 'minimise', name: 'm' }, (m, o) => ({ 'term:m': m.add(o('term:m'), m.k(1e-3)) })),
    ],
    [
      'an integral after a sum is another',
      1,
      'the order of summing out and integrating does not matter',
      () =>
        treatedOtherwise(
          subjects.both,
          { kind: 'integrate', name: 'r' },
          (m, o) => ({ 'term:marginal r': m.mul(m.k(1.01), o('term:marginal r')) }),
          1,
        ),
    ],
    [
      'a gradient has the wrong sign',
      2,
      'retrieval gradient = central differences',
      () => ({
        ...subjects.attention,
        retrieval: inReading(subjects.attention.retrieval, (m, o) => ({ 'gradient:x': m.neg(o('gradient:x')) })),
      }),
    ],
    [
      'a gradient forgets the prior',
      2,
      'sampling gradient = central differences',
      () => ({
        ...subjects.scale,
        sampling: inReading(subjects.scale.sampling, (m, o) => ({ 'gradient:s': m.sub(o('gradient:s'), m.k(1)) })),
      }),
    ],
    [
      'a gradient vanishes where the energy slopes',
      3,
      'no random probe finds a way down',
      () => ({
        ...subjects.attention,
        retrieval: inReading(subjects.attention.retrieval, (m, o) => ({ 'gradient:x': m.mul(m.k(0), o('gradient:x')) })),
      }),
    ],
    [
      'samples are four times too hot',
      4,
      'mean squared distance from the fixed point = T tr(H^-1) when cold',
      () => ({
        ...subjects.attention,
        sampling: inReading(subjects.attention.sampling, (m, o) => ({
          energy: m.div(o('energy'), m.k(4)),
          'gradient:x': m.div(o('gradient:x'), m.k(4)),
        })),
      }),
    ],
    ...(
      [
        ['an exact draw has the wrong sign', 'm', (m, o) => ({ 'm:0': m.neg(o('m:0')) })],
        ['an exact draw is four times too hot', 'm', (m, o) => ({ 'm:1': m.mul(m.k(2), o('m:1')) })],
        ['an exact draw counts every row twice', 's', (m, o) => ({ 's:0': m.mul(m.k(2), o('s:0')) })],
      ] as readonly (readonly [string, string, Change])[]
    ).map(
      ([what, name, change]): Broken => [
        what,
        5,
        'exact draws from conditional forms are as a Metropolis step leaves them',
        () => withDraw(subjects.conjugate, name, change),
      ],
    ),
    [
      'responsibilities go to the wrong component',
      7,
      'responsibilities = softmax of -(component energies)',
      () => ({
        ...subjects.mixture,
        retrieval: inReading(subjects.mixture.retrieval, (m, o) => ({ 'responsibility:which': m.sub(m.k(1), o('responsibility:which')) })),
      }),
    ],
    [
      'the smallest subgradient of a kink leaves out half of its weight',
      3,
      'the projected gradient is zero at rest',
      () => ({
        ...subjects.sparse,
        retrieval: inReading(subjects.sparse.retrieval, (m, o) => ({ 'kink weight:x': m.mul(m.k(0.5), o('kink weight:x')) })),
      }),
    ],
    [
      'a step is half as long as the curvature allows',
      7,
      'one fixed-point step = one EM step',
      () => ({
        ...subjects.mixture,
        retrieval: inReading(subjects.mixture.retrieval, (m, o) => ({ 'curvature:x': m.mul(m.k(2), o('curvature:x')) })),
      }),
    ],
    [
      'attention weighs every memory alike',
      7,
      'slope = mean of the slopes of the components, under softmax of -(component energies)',
      () => ({
        ...subjects.attention,
        retrieval: inReading(subjects.attention.retrieval, (m, o) => ({ 'gradient:x': m.add(o('gradient:x'), m.k(0.1)) })),
      }),
    ],
  ]

  it.each(broken)('sees that %s', (_what, number, check, sabotaged) => {
    const result = verdict(number, check, sabotaged())
    expect(result.status).toBe('fails')
    expect(result.counterexample?.check).toBe(check)
    // Shrunk: nothing that breaks these needs more than two of anything.
    expect(Math.max(...Object.values(result.counterexample?.example.sizes ?? {}))).toBeLessThanOrEqual(2)
  })

  it('sees that a flip costs the wrong sign', () => {
    const { retrieval } = subjects.network
    if ('why' in retrieval) throw new Error(retrieval.why)
    const { program } = retrieval.parts
    const backwards = program.discrete.map((d) => {
      const graphs = [d.propose, must(d.all, 'all')].map((g) => changed(g, (m, o) => ({ change: m.neg(o('change')) })))
      return { ...d, propose: graphs[0] as Graph, all: graphs[1] as Graph }
    })
    const subject = { ...subjects.network, retrieval: { parts: { ...retrieval.parts, program: { ...program, discrete: backwards } } } }
    expect(verdict(3, 'no single flip lowers the energy', subject).status).toBe('fails')
  })

  const inSampling = (subject: Subject, change: (parts: SamplingParts) => SamplingParts): Subject => {
    if ('why' in subject.sampling) throw new Error(subject.sampling.why)
    return { ...subject, sampling: { parts: change(subject.sampling.parts) } }
  }

  it('sees that a Gibbs move weighs a flip by a tenth too much', () => {
    const subject = inSampling(subjects.network, ({ program, ...parts }) => {
      const discrete = program.discrete.map((d) => ({
        ...d,
        propose: changed(d.propose, (m, o) => ({ change: m.mul(m.k(1.1), o('change')) })),
      }))
      return { ...parts, program: { ...program, discrete } }
    })
    expect(verdict(5, 'pi P = pi for the exact transition matrix of every Gibbs move', subject).status).toBe('fails')
  })

  it('sees that a state which was summed out is drawn the wrong way round', () => {
    const subject = inSampling(subjects.mixture, ({ program, ...parts }) => {
      const joint = program.joint
        .flatMap((d) => (d.by === 'levels' ? [d] : []))
        .map((d) => ({
          ...d,
          graph: changed(d.graph, (m, o) => {
            const turned = m.sub(m.k(1), o('probability'))
            return { probability: m.div(turned, m.sum(['pattern'], turned)) }
          }),
        }))
      return { ...parts, program: { ...program, joint } }
    })
    expect(verdict(5, 'draws of what was summed out = their probabilities by enumeration', subject).status).toBe('fails')
  })

  it.each([
    [
      'twice as hot',
      (m: Maths, o: (name: string) => NodeId) => ({ energy: m.div(o('energy'), m.k(2)), 'gradient:s': m.div(o('gradient:s'), m.k(2)) }),
    ],
    [
      'without the Jacobian',
      (m: Maths, o: (name: string) => NodeId) => ({
        energy: m.add(o('energy'), o('log_jacobian')),
        'gradient:s': m.add(o('gradient:s'), m.k(1)),
      }),
    ],
  ] as const)('sees that draws are %s', (_, change) => {
    const subject = inSampling(subjects.scale, (parts) => ({
      ...parts,
      program: { ...parts.program, graph: changed(parts.program.graph, change) },
    }))
    const ranks = 'ranks of the true values among draws are uniform (simulation-based calibration)'
    expect(verdict(5, ranks, { ...subject, simulations: 1000 }).status).toBe('fails')
    expect(verdict(5, ranks, { ...subjects.scale, simulations: 1000 }).status).toBe('holds')
  })

  it('holds for the compiler as it is', () => {
    for (const subject of Object.values(subjects)) {
      for (const law of laws) expect(runLaw(law, subject, { runs: 15, seed: 3 }).counterexample).toBeUndefined()
    }
  })
})
