import { must } from '../../base/internal-error.ts'
import type { NodeId, OutputPort } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import { reachable } from '../../ir/walk.ts'
import type { GaussianDraw, PrecisionBlock } from '../../middle/conditional-draw.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import * as ports from '../../middle/ports.ts'
import { analysis, isFailure } from './analysis.ts'
import { derivativeOf } from './coefficients.ts'
import { analysedTerms, type ConditionalScene, linearGradient, mentioning, openScene } from './conditional.ts'
import type { LinearAlgebra } from './entries.ts'
import { isAffine, type Linear } from './linear.ts'

/**
 * Variables of which each is Gaussian with everything else held, gathered into groups that are Gaussian together: E is a quadratic
 * of all of a group, whose second derivatives are free of them. A group takes each variable, in the order of the text, that
 * it can; products of two variables that are quadratic once more keep those apart (weights and what they weigh).
 */
export function jointGaussians(energy: Energy, variables: readonly EnergyVariable[]): readonly GaussianDraw[] {
  return gaussianGroups(energy, variables).map(drawOf)
}

/** The same groups, open: on one builder, with the second derivatives as nodes. */
export function gaussianGroups(energy: Energy, variables: readonly EnergyVariable[]): readonly GaussianGroup[] {
  const scene = openScene(energy)
  const groups: GaussianGroup[] = []
  for (const v of variables) {
    const member = memberOf(scene(v))
    const at = groups.findIndex((g) => joinedBy(g, member) !== undefined)
    if (at < 0) groups.push([member])
    else groups[at] = must(joinedBy(must(groups[at], 'group'), member), 'group')
  }
  return groups
}

export type GaussianGroup = readonly Member[]

/** A variable of a group: dE/dv as a linear map of the variables of the group, and a part without them. */
interface Member {
  readonly scene: ConditionalScene
  readonly look: ReturnType<typeof analysis>
  readonly rest: NodeId
  readonly parts: readonly { readonly of: EnergyVariable; readonly linear: Linear }[]
}

function memberOf(scene: ConditionalScene): Member {
  const { a, state, variable } = scene
  const terms = analysedTerms(scene, mentioning(scene))
  const gradient = must('found' in terms ? linearGradient(scene, terms) : undefined, `quadratic of ${variable.name}`)
  const look = analysis(a, state, variable.axes, false)
  return { scene, look, rest: gradient.constant, parts: [{ of: variable, linear: gradient }] }
}

/** The group with one more, if E is a quadratic of all together. */
function joinedBy(group: readonly Member[], one: Member): readonly Member[] | undefined {
  const others = group.map((member) => taking(member, one))
  const own = group.reduce<Member | undefined>((m, member) => m && taking(m, member), one)
  if (own === undefined || others.includes(undefined)) return undefined
  const all = [...(others as Member[]), own]
  const states = new Set(all.map((m) => m.scene.state))
  return all.every((m) => m.parts.every(({ linear }) => isFreeOf(m.scene.a, linear, states))) ? all : undefined
}

/** What a variable of the group is in the rest of a gradient taken out of it. */
function taking(member: Member, { look, scene: { variable } }: Member): Member | undefined {
  const linear = look(member.rest)
  if (isFailure(linear) || !isAffine(linear)) return undefined
  return { ...member, rest: linear.constant, parts: [...member.parts, { of: variable, linear }] }
}

function isFreeOf({ m }: LinearAlgebra, { parts }: Linear, states: ReadonlySet<NodeId>): boolean {
  const weights = (parts.get(1) ?? []).flatMap((e) => [e.value, ...e.coordinates.flatMap((c) => (c.kind === 'picked' ? [c.index] : []))])
  return !weights.some((id) => reachable(m.builder, [id]).some((node) => states.has(node)))
}

function drawOf(group: GaussianGroup): GaussianDraw {
  const [{ a }] = group.map((m) => m.scene) as [ConditionalScene]
  const { m } = a
  const t = m.builder.input(ports.temperature, [])
  const linear = group.map(({ scene: { variable }, rest }): OutputPort => {
    return { name: ports.coefficient(variable.name, 'linear'), node: m.div(m.neg(rest), t), axes: variable.axes }
  })
  const blocks = precisionsOf(group)
  const precisions = blocks.map(({ port, node }): OutputPort => ({ name: port, node: m.div(node, t), axes: m.builder.axes(node) }))
  const graph = simplify(m.builder.part([...linear, ...precisions]))
  const variables = group.map(({ scene: { variable } }) => ({ name: variable.name, axes: variable.axes, type: variable.type }))
  return { kind: 'gaussian', graph, variables, blocks: blocks.map(({ node: _, ...block }) => block), axes: a.maker.made }
}

/** The second derivatives of E: a block for each pair that meets, and one of each variable with itself. */
export function precisionsOf(group: GaussianGroup): readonly (PrecisionBlock & { readonly node: NodeId })[] {
  return group.flatMap(({ scene: { a, variable }, parts }, i) =>
    parts.flatMap(({ of, linear }) => {
      const isLater = group.findIndex((other) => other.scene.variable === of) > i
      if (isLater || !linear.parts.has(1)) return []
      const { node, called } = derivativeOf(a, linear, of.axes)
      const port = ports.coefficient(variable.name, of === variable ? 'precision' : `precision with ${of.name}`)
      return [{ port, node, row: variable.name, column: of.name, rowAxes: variable.axes, columnAxes: called }]
    }),
  )
}
