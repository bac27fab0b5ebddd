import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import { GraphBuilder, include } from '../ir/builder.ts'
import { gradient } from '../ir/gradient.ts'
import type { Graph } from '../ir/graph.ts'
import { maths } from '../ir/maths.ts'
import { simplify } from '../ir/simplify.ts'
import type { Energy, EnergyVariable, WrittenMotion } from '../middle/energy.ts'
import { kindOf } from '../middle/kinds.ts'
import * as ports from '../middle/ports.ts'
import type { Jump, SimulationProgram } from '../middle/simulation-program.ts'
import { inputsOf, situationOf, statesOf } from '../middle/situation.ts'
import { isKinked } from './conditionals/words.ts'
import { onlyOutputs, together } from './outputs.ts'
import { reportsOf } from './reports.ts'
import { treat } from './treat.ts'
import { ordinaryInputs } from './type-range.ts'

/** What moves a model in time. `report`: the lets that are reported; all of them where it is left out. */
export function readSimulation(energy: Energy, report?: readonly string[]): Checked<SimulationProgram> {
  const motions = [...energy.motions, ...neuronMotions(energy)]
  const lets = reportsOf(energy, report ?? letsOf(energy), situationOf(energy))
  const troubles = [...motions.flatMap((m) => m.refused), ...lets.diagnostics, ...motionless(energy, motions)]
  if (lets.value === undefined || hasErrors(troubles)) return unmade(troubles)
  const moving = new Set(motions.map((m) => m.target))
  const states = energy.declared.filter((v) => moving.has(v.name))
  const inputs = inputsOf(energy)
  const flows = motions.filter((m) => m.kind === 'flow')
  const rates = ratesOf(energy, motions)
  const flowing = flows.length > 0
  const slopes = flowing ? slopesOf(energy, rates, states, flows) : undefined
  const both = [...states, ...inputs]
  const affine = slopes !== undefined && isAffine(rates, slopes, names(states))
  const affineInInputs = affine && isAffine(rates, slopesOf(energy, rates, both, flows), names(both))
  const noise = noiseOf(energy, flows)
  const { jumps, excesses, landings } = jumpsOf(energy, motions)
  const total = totalOf(energy, moving)
  const values = lets.value.map(({ name, axes, graph }) => onlyPort(graph, ports.result, ports.quantity(name), axes))
  return checked(
    {
      kind: 'simulation',
      clock: motions.some((m) => m.kind === 'step') ? 'steps' : motions.length > 0 ? 'time' : 'still',
      axes: energy.axes,
      states,
      inputs,
      fixed: energy.declared.filter((v) => !moving.has(v.name) && !inputs.includes(v)),
      rates,
      ...(noise === undefined ? {} : { noise: { graph: noise, additive: !noise.inputs.some((p) => moving.has(p.name)) } }),
      ...(slopes === undefined ? {} : { slopes }),
      ...{ affine, affineInInputs },
      ...{ jumps, excesses, landings },
      reports: together([...values, ...(total === undefined ? [] : [total])]),
      lets: lets.value.map(({ name, axes }) => ({ name, axes })),
      hasEnergy: total !== undefined,
    },
    troubles,
  )
}

function letsOf({ written }: Energy): readonly string[] {
  return written.outputs.flatMap((o) => ports.quantityOf(o.name) ?? [])
}

/** `tau dv/dt = -dE/d act(v)` of states with Lagrangians. */
function neuronMotions({ neurons, declared }: Energy): readonly WrittenMotion[] {
  return neurons.map((name): WrittenMotion => {
    const { axes, span } = must(
      declared.find((v) => v.name === name),
      name,
    )
    return { kind: 'flow', target: name, axes, value: ports.drive(name), refused: [], span }
  })
}

/** Without anything that moves there are lets to report, or nothing. */
function motionless(energy: Energy, motions: readonly WrittenMotion[]): readonly Diagnostic[] {
  const clocks = new Set(motions.map((m) => (m.kind === 'step' ? 'step' : 'flow')))
  const [neuron] = energy.neurons
  if (clocks.size === 2 && neuron !== undefined) {
    const { span } = must(
      motions.find((m) => m.kind === 'step'),
      'step',
    )
    const hint = `"${neuron}" has a Lagrangian, so it moves in time: write a flow in the place of the step.`
    return [diagnostic('AMP625', 'The model has a step beside a state that moves in time.', { span, hint })]
  }
  if (motions.length > 0) return []
  if (energy.terms.length === 0 && letsOf(energy).length > 0 && statesOf({ variables: energy.declared }).size === 0) return []
  const hint =
    energy.terms.length === 0
      ? 'Add flow x = ..., for dx/dt, or step x = ..., for what x is next.'
      : 'amp retrieve --flow ode goes down its energy in time; or add flow x = ..., for dx/dt.'
  return [diagnostic('AMP625', 'Nothing in the model says how it moves: it has no flow, no step and no state with a Lagrangian.', { hint })]
}

/** What states flow by, and what they are next. */
function ratesOf(energy: Energy, motions: readonly WrittenMotion[]): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, energy.written)
  const node = (port: string) => must(ids[must(energy.written.outputs.find((o) => o.name === port)?.node, port)], port)
  for (const { kind, target, axes, value } of motions) {
    if (kind === 'jump') continue
    const isNeuron = energy.neurons.includes(target)
    const rate = isNeuron ? m.div(node(value), node(ports.tau(target))) : node(value)
    builder.output(kind === 'flow' ? ports.gradient(target) : ports.value(target), rate, axes)
  }
  return simplify(builder.finish())
}

/** The product of a vector with the Jacobian of dx/dt, by which rows of the Jacobian are had one by one. */
function slopesOf(energy: Energy, rates: Graph, states: readonly EnergyVariable[], flows: readonly WrittenMotion[]): Graph {
  const builder = new GraphBuilder()
  const m = maths(builder)
  const ids = include(builder, rates)
  const products = flows.map(({ target, axes }) => {
    const rate = must(ids[must(rates.outputs.find((o) => o.name === ports.gradient(target))?.node, target)], target)
    return builder.reduce('sum', axes, m.mul(builder.input(ports.coordinate(target), axes), rate))
  })
  const smooth = states.filter((v) => !kindOf(v.type).discrete)
  const at = smooth.map((v) => builder.input(v.name, v.axes))
  gradient(builder, m.plus(...products), at, { inputs: ordinaryInputs(energy.variables) }).forEach((g, i) => {
    const { name, axes } = must(smooth[i], 'state')
    builder.output(ports.gradient(name), g, axes)
  })
  return simplify(builder.finish())
}

function noiseOf(energy: Energy, flows: readonly WrittenMotion[]): Graph | undefined {
  const shaken = flows.flatMap(({ target, noise }) => (noise === undefined ? [] : [[noise, ports.shaking(target)] as const]))
  return shaken.length === 0 ? undefined : onlyOutputs(energy.written, new Map(shaken))
}

/** Whether slopes by these do not depend on any of them, and nothing else bends. */
function isAffine(rates: Graph, slopes: Graph, by: ReadonlySet<string>): boolean {
  return !slopes.inputs.some((p) => by.has(p.name)) && !bends(rates, by)
}

function names(variables: readonly EnergyVariable[]): ReadonlySet<string> {
  return new Set(variables.map((v) => v.name))
}

/** Whether a kink lies between what moves and dx/dt: there a slope that is constant says nothing. */
function bends({ nodes }: Graph, moving: ReadonlySet<string>): boolean {
  const depends: boolean[] = []
  return nodes.some((node, i) => {
    depends[i] = node.op === 'input' ? moving.has(node.name) : node.args.some((a) => depends[a] === true)
    return depends[i] === true && isKinked(node.op)
  })
}

/** Jumps of one condition happen together: which they are shows once the conditions stand in one graph. */
function jumpsOf(energy: Energy, motions: readonly WrittenMotion[]): Pick<SimulationProgram, 'jumps' | 'excesses' | 'landings'> {
  const all = motions.flatMap((m) => (m.excess === undefined ? [] : [{ ...m, excess: m.excess }]))
  const compared = onlyOutputs(energy.written, new Map(all.map(({ excess }, i) => [excess.port, ports.excess(String(i))])))
  const nodes = new Map(compared.outputs.map((o) => [o.name, o.node]))
  const conditions: { readonly node: number; readonly over: readonly string[]; readonly port: string }[] = []
  const jumps = all.map(({ target, axes, excess }, i): Jump => {
    const node = must(nodes.get(ports.excess(String(i))), target)
    const known = conditions.findIndex((c) => c.node === node && c.over.join() === excess.axes.join())
    const condition = known >= 0 ? known : conditions.push({ node, over: excess.axes, port: excess.port }) - 1
    return { target, axes, condition, over: excess.axes }
  })
  return {
    jumps,
    excesses: onlyOutputs(energy.written, new Map(conditions.map(({ port }, i) => [port, ports.excess(String(i))]))),
    landings: onlyOutputs(energy.written, new Map(all.map(({ value }, i) => [value, ports.landing(i)]))),
  }
}

/** E over what moves, all else being given; undefined where it has none, or none that can be had at a glance. */
function totalOf(energy: Energy, moving: ReadonlySet<string>): Graph | undefined {
  if (energy.terms.length === 0 || moving.size === 0) return undefined
  const treated = treat(energy, situationOf(energy, { observed: moving })).value
  const shown = new Set(energy.declared.map((v) => v.name))
  if (treated === undefined || treated.inner.length > 0) return undefined
  const builder = new GraphBuilder()
  const ids = include(builder, treated.graph)
  const terms = treated.graph.outputs.flatMap((o) => (ports.isTerm(o.name) ? [must(ids[o.node], o.name)] : []))
  builder.output(ports.energy, maths(builder).plus(...terms))
  const graph = simplify(builder.finish())
  return graph.inputs.every((p) => shown.has(p.name) || p.name === ports.temperature) ? graph : undefined
}

function onlyPort(graph: Graph, from: string, to: string, axes: readonly string[]): Graph {
  return { ...graph, outputs: graph.outputs.flatMap((o) => (o.name === from ? [{ ...o, name: to, axes }] : [])) }
}
