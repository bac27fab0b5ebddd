import { must } from '../../base/internal-error.ts'
import { factored, whitened } from '../../families/formulas/factors.ts'
import { GraphBuilder, include } from '../../ir/builder.ts'
import type { NodeId, OutputPort } from '../../ir/graph.ts'
import { type Maths, maths } from '../../ir/maths.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyAxis, EnergyVariable, StoredPosterior } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import type { WritingProgram } from '../../middle/program.ts'
import { statesOf } from '../../middle/situation.ts'
import { expressionOf } from '../outputs.ts'

/**
 * How posteriors fade toward their priors by b, from 0 (not at all) to 1 (to the prior).
 * - `decay`: diffusion, the marginal of `m0 + sqrt(1 - b) (w - m0) + sqrt(b) e`, e of the prior's covariance: the mean's distance from
 *   that of the prior shrinks by sqrt(1 - b), the covariance becomes (1 - b) C + b C0. Of Gaussians (Yoo and Wood 2022).
 * - `discount`: the likelihood to the power 1 - b: natural parameters become (1 - b) p + b p0. Of any form.
 */
export type Fading = 'decay' | 'discount'

/** The rules of a fading, by the number b as a state of its own; or the memory that cannot. */
export function fadingProgram(energy: Energy, how: Fading): WritingProgram | { readonly stays: string } {
  const stuck = how === 'decay' ? energy.posteriors.find((p) => p.gaussian === undefined) : undefined
  if (stuck !== undefined) return { stays: stuck.name }
  const builder = new GraphBuilder()
  const scene = { m: maths(builder), energy, by: builder.input(ports.fading, []), made: [] as EnergyAxis[] }
  const outputs = energy.posteriors.flatMap((p) => (how === 'decay' ? decayed(scene, p) : discounted(scene, p)))
  const graph = simplify(builder.part(outputs))
  const [states, read] = [statesOf({ variables: energy.declared }), new Set(graph.inputs.map((p) => p.name))]
  const parameters = energy.posteriors.flatMap((p) => p.parameters.map((name) => variableOf(energy, name)))
  return {
    kind: 'writing',
    action: 'forget',
    graph,
    axes: [...energy.axes, ...scene.made],
    fixed: energy.declared.filter((v) => read.has(v.name) && !states.has(v.name) && v.role !== 'memory'),
    states: [{ name: ports.fading, role: 'state', axes: [], type: { kind: 'real' }, span: must(parameters[0], 'posterior').span }],
    memories: parameters,
    rules: parameters.map((target) => ({ target, axes: target.axes, value: ports.added(target.name), appends: false, places: [] })),
    growing: {},
  }
}

interface FadingScene {
  readonly m: Maths
  readonly energy: Energy
  readonly by: NodeId
  readonly made: EnergyAxis[]
}

function variableOf({ declared }: Energy, name: string): EnergyVariable {
  return must(
    declared.find((v) => v.name === name),
    name,
  )
}

/** A parameter as it is, and with no pattern. */
function parameterIn({ m: { builder }, energy }: FadingScene, name: string): { readonly now: NodeId; readonly prior: NodeId } {
  const graph = expressionOf(energy, ports.preset(name))
  const ids = include(builder, graph)
  return { now: builder.input(name, variableOf(energy, name).axes), prior: must(ids[must(graph.outputs[0], name).node], name) }
}

/** To the bit what it was for b = 0, and the prior for b = 1. */
function output({ m, energy, by }: FadingScene, name: string, { now, prior }: ReturnType<typeof parameterIn>, value: NodeId): OutputPort {
  const node = m.where(m.equal(by, m.k(0)), now, m.where(m.equal(by, m.k(1)), prior, value))
  return { name: ports.added(name), node, axes: variableOf(energy, name).axes }
}

function between({ m, by }: FadingScene, now: NodeId, prior: NodeId): NodeId {
  return m.add(m.mul(m.sub(m.k(1), by), now), m.mul(by, prior))
}

function discounted(scene: FadingScene, { parameters }: StoredPosterior): readonly OutputPort[] {
  return parameters.map((name) => {
    const p = parameterIn(scene, name)
    return output(scene, name, p, between(scene, p.now, p.prior))
  })
}

/**
 * With N = (1 - b) P0 + b P, which is as well conditioned as the prior where b is small, the precision becomes P N^-1 P0, and the linear
 * term s P0 N^-1 h + (1 - s) P N^-1 h0 with s = sqrt(1 - b): no covariance is made.
 */
function decayed(scene: FadingScene, { gaussian }: StoredPosterior): readonly OutputPort[] {
  const { m, by } = scene
  const { precision, linear, mixing } = must(gaussian, 'Gaussian')
  const [p, h] = [parameterIn(scene, precision), parameterIn(scene, linear)]
  const stays = m.sqrt(m.sub(m.k(1), by))
  const between0 = between(scene, p.prior, p.now)
  const algebra = mixing === undefined ? diagonal(m, between0) : matrices(scene, between0, mixing)
  const { solved, times, product } = algebra
  const kept = m.mul(stays, times(p.prior, solved(h.now)))
  const back = m.mul(m.sub(m.k(1), stays), times(p.now, solved(h.prior)))
  return [output(scene, precision, p, product(p.now, p.prior)), output(scene, linear, h, m.add(kept, back))]
}

interface Algebra {
  /** N^-1 v */
  solved(v: NodeId): NodeId
  /** A v */
  times(a: NodeId, v: NodeId): NodeId
  /** A N^-1 B, which is symmetric */
  product(a: NodeId, b: NodeId): NodeId
}

function diagonal(m: Maths, n: NodeId): Algebra {
  return { solved: (v) => m.div(v, n), times: (a, v) => m.mul(a, v), product: (a, b) => m.div(m.mul(a, b), n) }
}

function matrices(
  { m, made }: FadingScene,
  n: NodeId,
  { axis, other }: NonNullable<NonNullable<StoredPosterior['gaussian']>['mixing']>,
): Algebra {
  const { builder } = m
  const inner = `${other}'`
  made.push({ name: inner, size: { kind: 'same', as: axis } })
  const factor = factored(m, n, axis, other)
  const solved = (v: NodeId): NodeId => builder.solveLower(factor.lower, whitened(m, factor, v), axis, factor.columns, true)
  const product = (a: NodeId, b: NodeId): NodeId => {
    const right = builder.rename(solved(b), axis, inner)
    const whole = m.sum([inner], m.mul(builder.rename(a, other, inner), right))
    const turned = builder.rename(builder.rename(builder.rename(whole, axis, inner), other, axis), inner, other)
    return m.mul(m.k(0.5), m.add(whole, turned))
  }
  return { solved, times: (a, v) => m.sum([other], m.mul(a, builder.rename(v, axis, other))), product }
}
