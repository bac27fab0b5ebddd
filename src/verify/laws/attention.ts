import { must } from '../../base/internal-error.ts'
import { exp } from '../../base/special/exponential.ts'
import { hypot } from '../../base/special/hypot.ts'
import { portsOf } from '../../compile/ancestral/source.ts'
import { expressionOf } from '../../compile/outputs.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import { gradient } from '../../ir/gradient.ts'
import type { Graph, Node } from '../../ir/graph.ts'
import { sizeOf, volumeOver } from '../../ir/layout.ts'
import { maths } from '../../ir/maths.ts'
import { retrieve } from '../../memory/retrieve.ts'
import type { WrittenDensity } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { along, matches, slopeOf, unitVector } from '../differences.ts'
import { all, type Finding, fails, holds, type Law, type LawCheck, skipped } from '../law.ts'
import { enumerate, responsibilitiesOf } from '../levels.ts'
import { machineFor, needsRetrieval, retrievalOf } from '../rest.ts'
import { coordinateName, elementName, openScene, type ProgramScene } from '../scene.ts'
import type { Subject } from '../subject.ts'
import { inputAt, interpreted, type Trial } from '../trial.ts'

/** Enumerated weights and compiled ones go through other sums of the same exponentials. */
const TOLERANCE = 1e-9

export const attentionLaw = {
  number: 7,
  name: 'Attention',
  says: 'responsibilities = softmax of -(component energies); one fixed-point step = x - g/U = one EM / mean-shift / attention step',
  checks: [responsibilities(), softmaxSlope(), fixedPointStep(), expectationMaximisation()],
} as const satisfies Law

function responsibilities(): LawCheck {
  return {
    name: 'responsibilities = softmax of -(component energies)',
    applies: ({ summed }) => (summed.marginalised.length === 0 ? 'no discrete state was summed out' : undefined),
    run(trial) {
      const enumerated = enumerate(trial)
      if (enumerated === undefined) return skipped('every case has too many configurations to enumerate')
      if (!Number.isFinite(enumerated.free)) return skipped('the energy is not finite')
      const { subject, sizes } = trial
      const outputs = compiledResponsibilities(trial)
      return all(
        subject.summed.marginalised.map((state) => {
          const expected = responsibilitiesOf(trial, state, enumerated)
          const found = must(outputs(state.name), state.name)
          const at = expected.findIndex((p, i) => !(Math.abs(p - (found[i] as number)) <= TOLERANCE * enumerated.scale))
          if (at < 0) return holds
          const name = elementName(
            state.name,
            [...state.axes, 'level'],
            { ...sizes, level: expected.length / volumeOver(state.axes, sizes) },
            at,
          )
          return fails(`the responsibility ${name}`, `${expected[at]} (softmax of minus the component energies)`, found[at] as number)
        }),
      )
    },
  }
}

/** As retrieval reports them, or by definition where the model has no retrieval. */
function compiledResponsibilities(trial: Trial): (name: string) => Float64Array | undefined {
  const { subject } = trial
  if ('why' in subject.retrieval) {
    const outputs = interpreted(trial, subject.summed.graph)
    return (name) => outputs[ports.responsibility(name)]
  }
  const scene = openScene(trial, subject.retrieval.parts, subject.kernel)
  scene.look(scene.start)
  return (name) => scene.output(ports.responsibility(name))
}

/**
 * An energy R - c logsumexp[k](f) has the components E_k = R - c f_k and the responsibilities softmax(f), which is
 * softmax(-E_k / c): its slope is the mean of the slopes of the components under them. Those are measured by central
 * differences of E_k, in which the logsumexp has been replaced by one of its entries.
 */
function softmaxSlope(): LawCheck {
  const known = new WeakMap<Graph, Mixture | string>()
  const mixtureIn = (subject: Subject): Mixture | string => {
    const graph = retrievalOf(subject).program.graph
    const found = known.get(graph) ?? mixtureOf(graph)
    known.set(graph, found)
    return found
  }
  return {
    name: 'slope = mean of the slopes of the components, under softmax of -(component energies)',
    applies(subject) {
      const missing = needsRetrieval(subject)
      if (missing !== undefined) return missing
      if (retrievalOf(subject).program.states.some((s) => s.move.kind === 'neuron'))
        return 'its neurons move along drives, not along the slope'
      const mixture = mixtureIn(subject)
      return typeof mixture === 'string' ? mixture : undefined
    },
    run(trial) {
      const { subject } = trial
      const { components, over } = mixtureIn(subject) as Mixture
      const scene = openScene(trial, retrievalOf(subject), subject.kernel)
      const parts = openScene(
        trial,
        { ...retrievalOf(subject), program: { ...retrievalOf(subject).program, graph: components } },
        subject.kernel,
      )
      scene.look(scene.start)
      parts.look(scene.start)
      const p = softmax(parts.output('component'))
      if (!Number.isFinite(scene.energy()) || p.length !== sizeOf(over, trial.sizes)) return skipped('the energy is not finite')
      return all(Array.from({ length: Math.min(scene.dimension, 8) }, (_, i) => meanSlope(trial, scene, parts, p, i)))
    },
  }
}

interface Mixture {
  /** The program's graph with outputs `component` (f_k) and `part` (E_k), over the axis `over`. */
  readonly components: Graph
  readonly over: string
}

function mixtureOf(graph: Graph): Mixture | string {
  const found = graph.nodes.flatMap((n, id) => (n.op === 'logsumexp' && n.axes.length === 0 && n.over.length === 1 ? [{ n, id }] : []))
  const [first] = found
  if (first === undefined || found.length > 1)
    return `the energy has ${found.length === 0 ? 'no' : 'several'} logsumexp over components that is one number`
  const over = (first.n as Node & { over: readonly string[] }).over[0] as string
  const builder = new GraphBuilder()
  const ids = include(builder, graph)
  const energy = must(
    ids[
      must(
        graph.outputs.find((o) => o.name === ports.energy),
        'energy',
      ).node
    ],
    'energy',
  )
  const lse = must(ids[first.id], 'logsumexp')
  const slope = must(gradient(builder, energy, [lse])[0], 'slope')
  if (dependsOnCoordinates(builder, slope)) return 'the logsumexp is inside another function of the state'
  const f = must(ids[must(first.n.args[0], 'operand')], 'operand')
  const m = maths(builder)
  const part = m.add(energy, m.mul(slope, m.sub(f, lse)))
  for (const o of graph.outputs) builder.output(o.name, must(ids[o.node], o.name), o.axes)
  builder.output('component', f)
  builder.output('part', part)
  return { components: builder.finish(), over }
}

function dependsOnCoordinates(builder: GraphBuilder, root: number): boolean {
  const reached = new Set([root])
  for (const id of reached) {
    const node = builder.node(id)
    if (node.op === 'input' && /^(coordinate|value):/.test(node.name)) return true
    for (const a of node.args) reached.add(a)
  }
  return false
}

function meanSlope(trial: Trial, scene: ProgramScene, parts: ProgramScene, p: Float64Array, i: number): Finding {
  const v = unitVector(scene.dimension, i)
  const block = must(
    scene.blocks.findLast((b) => b.offset <= i),
    'block',
  )
  scene.look(scene.start)
  const found = scene.output(ports.gradient(block.state.name))[i - block.offset] as number
  let value = 0
  let error = 0
  for (let k = 0; k < p.length; k += 1) {
    const slope = slopeOf(
      (t) => {
        parts.look(along(scene.start, v, t))
        return parts.output('part')[k] as number
      },
      scene.scale() + Math.abs(parts.output('part')[k] as number),
    )
    if (slope.unclear) return skipped('a component has a kink or an edge in every case')
    value += (p[k] as number) * slope.value
    error += (p[k] as number) * slope.error
  }
  if (matches(found, { value, error, unclear: false }, 1e-6)) return holds
  const name = coordinateName(scene, trial.sizes, i)
  return fails(`the derivative of the energy by ${name}`, `${value} (mean of the components' slopes under their softmax)`, found)
}

function softmax(f: Float64Array): Float64Array {
  const top = Math.max(...f)
  const w = f.map((x) => exp(x - top))
  const total = w.reduce((a, b) => a + b, 0)
  return w.map((x) => x / total)
}

/** One step of retrieval is x - g/U (normalised U x - g on spheres), with g measured by central differences. */
function fixedPointStep(): LawCheck {
  return {
    name: 'one fixed-point step = x - g/U',
    applies: (subject) =>
      needsRetrieval(subject) ?? (hasFixedPointStep(subject) ? undefined : 'its curvature is not known for every state'),
    run(trial) {
      const { subject } = trial
      const step = stepOf(trial)
      const scene = openScene(trial, retrievalOf(subject), subject.kernel)
      scene.look(scene.start)
      if (!Number.isFinite(scene.energy())) return skipped('the energy is not finite')
      return all(scene.blocks.map((b) => stepOfBlock(trial, scene, b, must(step[b.state.name], b.state.name))))
    },
  }
}

function hasFixedPointStep(subject: Subject): boolean {
  const { states, discrete } = retrievalOf(subject).program
  return (
    discrete.length === 0 && states.length > 0 && states.every((s) => s.curvature && (s.move.kind === 'free' || s.move.kind === 'sphere'))
  )
}

function stepOf(trial: Trial): Readonly<Record<string, Float64Array>> {
  const { machine, cue } = machineFor(trial)
  return retrieve(machine, cue, { maxSteps: 1, tolerance: 0, flow: 'fixed-point' }).coordinates
}

function stepOfBlock(trial: Trial, scene: ProgramScene, block: ProgramScene['blocks'][number], found: Float64Array): Finding {
  const { state, offset, length } = block
  scene.look(scene.start)
  const U = scene.output(ports.curvature(state.name)).slice()
  const slopes = Array.from({ length }, (_, i) => {
    const v = unitVector(scene.dimension, offset + i)
    return slopeOf((t) => {
      scene.look(along(scene.start, v, t))
      return scene.energy()
    }, scene.scale())
  })
  if (slopes.some((s) => s.unclear)) return skipped('the energy has a kink in every case')
  const x = scene.start.subarray(offset, offset + length)
  // On a sphere only the direction of U x - g counts, and a vanishing one has none.
  if ('move' in state && state.move.kind === 'sphere')
    return sphereStep(
      trial,
      block,
      x,
      U,
      slopes.map((s) => s.value),
      found,
    )
  const at = slopes.findIndex((s, i) => {
    const expected = (x[i] as number) - s.value / (U[i] as number)
    return !(Math.abs((found[i] as number) - expected) <= 1e-6 * (1 + Math.abs(expected)) + s.error / (U[i] as number))
  })
  if (at < 0) return holds
  const expected = (x[at] as number) - must(slopes[at], 'slope').value / (U[at] as number)
  return fails(
    `${elementName(state.name, state.coordinateAxes, trial.sizes, at)} after one step`,
    `${expected} (x - g/U)`,
    found[at] as number,
  )
}

function sphereStep(
  trial: Trial,
  { state }: ProgramScene['blocks'][number],
  x: Float64Array,
  U: Float64Array,
  g: readonly number[],
  found: Float64Array,
): Finding {
  if (state.axes.length !== 1) return skipped('several spheres')
  const aim = g.map((s, i) => (U[i] as number) * (x[i] as number) - s)
  const norm = hypot(...aim)
  if (norm < 1e-6) return skipped('the step has no direction')
  const at = aim.findIndex((a, i) => !(Math.abs(a / norm - (found[i] as number)) <= 1e-6 * Math.max(1, 1 / norm)))
  if (at < 0) return holds
  const name = elementName(state.name, state.coordinateAxes, trial.sizes, at)
  return fails(`${name} after one step`, `${(aim[at] as number) / norm} (U x - g, normalised)`, found[at] as number)
}

/**
 * Where all that holds x is one `x ~ normal(mu[z], sigma)` with z summed out and sigma the same for all components, a
 * fixed-point step is the EM step: the mean of the component means under the responsibilities.
 */
function expectationMaximisation(): LawCheck {
  return {
    name: 'one fixed-point step = one EM step',
    applies(subject) {
      const missing = needsRetrieval(subject)
      if (missing !== undefined) return missing
      const mixture = normalMixture(subject)
      return typeof mixture === 'string' ? mixture : hasFixedPointStep(subject) ? undefined : 'its curvature is not known for every state'
    },
    run(trial) {
      const { subject, sizes } = trial
      const { term, state, x } = normalMixture(subject) as NormalMixture
      const enumerated = enumerate(trial)
      if (enumerated === undefined) return skipped('every case has too many components')
      const marginalised = must(
        subject.summed.marginalised.find((s) => s.name === state),
        state,
      )
      const r = responsibilitiesOf(trial, marginalised, enumerated)
      const axes = must(
        subject.energy.variables.find((v) => v.name === x),
        x,
      ).axes
      const expected = new Float64Array(volumeOver(axes, sizes))
      r.forEach((weight, level) => {
        meanAt(trial, ports.argument(term.name, 0), state, level, axes).forEach((mu, i) => {
          expected[i] = (expected[i] as number) + weight * mu
        })
      })
      const found = must(stepOf(trial)[x], x)
      const at = expected.findIndex((e, i) => !(Math.abs(e - (found[i] as number)) <= 1e-8 * (1 + Math.abs(e))))
      if (at < 0) return holds
      return fails(
        `${elementName(x, axes, sizes, at)} after one step`,
        `${expected[at]} (mean of the means under the responsibilities)`,
        found[at] as number,
      )
    },
  }
}

interface NormalMixture {
  readonly term: WrittenDensity
  readonly state: string
  readonly x: string
}

function normalMixture(subject: Subject): NormalMixture | string {
  const { statements, variables } = subject.energy
  const moving = retrievalOf(subject).program.states
  const [z] = subject.summed.marginalised
  if (z === undefined) return 'no discrete state was summed out'
  const [x] = moving
  if (x === undefined || moving.length > 1 || subject.summed.marginalised.length > 1 || z.axes.length > 0)
    return 'it is not one state with one component to choose'
  const held = statements.filter((t) => t.kind === 'energy' || t.variable === undefined || t.variable === x.name)
  const term = held[0]
  if (
    held.length !== 1 ||
    term?.kind !== 'density' ||
    term.family !== 'normal' ||
    term.truncated ||
    term.censored ||
    term.variable !== x.name
  )
    return `"${x.name}" is not held by one normal statement alone`
  const others = statements.filter((t) => t !== term && portsOf(t).some((port) => uses(subject, port, x.name)))
  if (others.length > 0) return `"${x.name}" is in more than one statement`
  if (uses(subject, ports.argument(term.name, 1), z.name)) return 'its components differ in width'
  if (subject.energy.eliminated.some((e) => uses(subject, ports.argument(term.name, 0), e.name))) return 'its means are integrated out'
  return variables.some((v) => v.name === z.name) ? { term, state: z.name, x: x.name } : 'its component is unknown'
}

function uses({ energy }: Subject, port: string, name: string): boolean {
  return expressionOf(energy, port).inputs.some((p) => p.name === name)
}

/** The mean of one component over the axes of x, by the definition of the statement. */
function meanAt(trial: Trial, mu: string, state: string, level: number, axes: readonly string[]): Float64Array {
  const graph = expressionOf(trial.subject.energy, mu)
  const wide = { ...graph, outputs: graph.outputs.map((o) => ({ ...o, axes })) }
  const changed = { [state]: Float64Array.of(level) }
  for (const p of wide.inputs) if (p.name !== state) inputAt(trial, p.name)
  return must(interpreted(trial, wide, changed).value, 'mean')
}
