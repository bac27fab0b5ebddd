import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { cut } from '../../ir/cut.ts'
import { simplify } from '../../ir/simplify.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import {
  type AuxiliaryProgram,
  integratedForms,
  type LawParameter,
  type PartitionLawProgram,
  type PartitionProgram,
  type ThingEnergies,
} from '../../middle/partition-program.ts'
import * as ports from '../../middle/ports.ts'
import type { RandomAxis } from '../../middle/random-axis.ts'
import { type Situation, situationOf } from '../../middle/situation.ts'
import { conditionalOf, hasForm } from '../conditionals/conditional.ts'
import { isPositive } from '../conditionals/forms.ts'
import type { Conditional } from '../conditionals/found.ts'
import { readSampling } from '../sampling.ts'
import { componentsOf } from './components.ts'
import { lawArgument } from './open-rows.ts'

/** How the parameters of elements are dealt with. */
export type PartitionMeans = 'auto' | 'collapsed' | 'auxiliary'

/** How elements of one of the random axes are shared out among rows, from the energy in which they are opened and all else is treated. */
export function partitionProgram(
  energy: Energy,
  random: readonly RandomAxis[],
  axis: RandomAxis,
  { situation, means }: { readonly situation: Situation; readonly means: PartitionMeans },
): Checked<PartitionProgram> {
  const byName = (name: string): EnergyVariable => must(energy.variables.find((v) => v.name === name), name) // biome-ignore format: one thought
  const troubles = troublesOf(energy, axis)
  if (troubles.length > 0) return unmade(troubles)
  const pickers = axis.pickers.map(byName)
  const slots = axis.slots.map(byName)
  const energies = pickers.map((picker) => energiesOf(energy, picker, pickers))
  const meeting = energies.flatMap((e) => ('code' in e ? [e] : []))
  if (meeting.length > 0) return unmade(meeting)
  const shared = slots.find((v) => random.some((other) => other !== axis && v.axes.includes(other.axis)))
  const found = shared === undefined ? foundBy(energy, axis.axis, slots, means) : { reason: `"${shared.name}" has another random axis` }
  if ('reason' in found && means === 'collapsed') return unmade([notCollapsed(axis, found.reason)])
  const auxiliary = (reason: string): AuxiliaryProgram => ({ kind: 'auxiliary', energies: energies as readonly ThingEnergies[], reason })
  const law = lawOf(energy, axis, situation)
  const integrated = 'reason' in found ? [] : found.flatMap((c) => c.variables)
  return checked(
    {
      axis: axis.axis,
      pickers: pickers.map(({ name, axes }) => ({ name, axes })),
      slots: slots.map(({ name, axes }) => ({ name, axes })),
      law,
      by: 'reason' in found ? auxiliary(found.reason) : { kind: 'integrated', components: found },
      moves: [...pickers, ...integrated, ...law.parameters].map((v) => v.name),
    },
    [],
  )
}

function foundBy(energy: Energy, axis: string, slots: readonly EnergyVariable[], means: PartitionMeans): ReturnType<typeof componentsOf> {
  return means === 'auxiliary' ? { reason: 'auxiliary parameters are asked for' } : componentsOf(energy, axis, slots)
}

function troublesOf(energy: Energy, axis: RandomAxis): readonly Diagnostic[] {
  const weight = ports.weight(axis.axis)
  if (energy.graph.inputs.every((p) => p.name !== weight)) return []
  const message = `The model reads "${weight}", and rows share out the elements of "${axis.axis}" with its weights integrated out.`
  return [diagnostic('AMP601', message, { span: axis.span, hint: 'Leave it out, or give the axis a size.' })]
}

/** E of each thing in each slot; refused where what one takes depends on what another does. */
function energiesOf(energy: Energy, picker: EnergyVariable, pickers: readonly EnergyVariable[]): ThingEnergies | Diagnostic {
  const found = conditionalOf(energy, picker)
  if (!hasForm(found)) return stuck(picker, found.reason)
  const { name } = picker
  const other = pickers.find((p) => p.name !== name && found.dependsOn.includes(p.name))
  if (other !== undefined) return stuck(picker, `what is likely of it depends on "${other.name}"`)
  if (found.mixing.length > 0) return stuck(picker, `its elements meet along "${found.mixing[0]?.axis}"`)
  const [coefficient] = found.coefficients
  const port = must(coefficient, 'level').port
  const level = must(must(found.graph.outputs.find((o) => o.name === port), port).axes.find((a) => !picker.axes.includes(a)), 'level axis') // biome-ignore format: one thought
  return { picker: name, graph: found.graph, port, level, made: found.axes }
}

function stuck({ name, span }: EnergyVariable, reason: string): Diagnostic {
  return diagnostic('AMP601', `The elements that "${name}" picks cannot be shared out yet: ${reason}, besides the process.`, {
    span,
    hint: 'Give the axis a size and `~ dirichlet(alpha / size)` for a finite approximation.',
  })
}

function notCollapsed({ axis, span }: RandomAxis, reason: string): Diagnostic {
  return diagnostic('AMP711', `What elements of "${axis}" have cannot be integrated out: ${reason}.`, {
    span,
    hint: 'Use --partitions auxiliary, or leave the option out.',
  })
}

function lawOf(energy: Energy, axis: RandomAxis, { moving }: Situation): PartitionLawProgram {
  const names = Array.from({ length: axis.arguments }, (_, i) => lawArgument(axis, i))
  const outputs = energy.written.outputs.filter((o) => names.includes(o.name))
  const graph = simplify(cut(energy.written, outputs))
  const parameters = graph.inputs.filter((p) => moving.has(p.name)).map((p) => lawParameter(energy, axis, p.name))
  return { process: axis.process, graph, arguments: names, parameters }
}

/** Of a number that the process reads: the terms that are about it, in its coordinate. */
function lawParameter(energy: Energy, axis: RandomAxis, name: string): LawParameter {
  const variable = must(energy.variables.find((v) => v.name === name), name) // biome-ignore format: one thought
  const own = energy.terms.filter((t) => readsIn(energy, t.name, name))
  const outputs = energy.graph.outputs.filter((o) => own.some((t) => o.name === ports.term(t.name)))
  const alone: Energy = {
    ...energy,
    graph: simplify(cut(energy.graph, outputs)),
    terms: own,
    ...{ marginalised: [], joint: [], eliminated: [], neurons: [] },
  }
  const { graph } = must(readSampling(alone, { ...situationOf(alone), moving: new Set([name]) }).value, 'program')
  const form = isConcentration(energy, axis, name) ? conditionalOf(alone, variable) : undefined
  return { name, graph, ...(form !== undefined && hasForm(form) && gammaOf(form)) }
}

function readsIn({ graph }: Energy, term: string, name: string): boolean {
  const outputs = graph.outputs.filter((o) => o.name === ports.term(term))
  return cut(graph, outputs).inputs.some((p) => p.name === name)
}

/** Whether it is all that the process reads: its concentration, with no discount. */
function isConcentration(energy: Energy, axis: RandomAxis, name: string): boolean {
  if (axis.arguments > 1) return false
  const { nodes, outputs } = simplify(cut(energy.written, energy.written.outputs.filter((o) => o.name === lawArgument(axis, 0)))) // biome-ignore format: one thought
  const node = nodes[outputs[0]?.node ?? -1]
  return node?.op === 'input' && node.name === name
}

/** The prior of a single positive number, where it is linear in the statistics of a gamma density. */
function gammaOf({ variable, truncated, graph, coefficients }: Conditional): Pick<LawParameter, 'gamma'> {
  const statistics: readonly string[] = integratedForms.gamma
  if (truncated || !isPositive(variable.type) || coefficients.some((c) => !statistics.includes(c.statistic))) return {}
  const port = (statistic: string): string | undefined => coefficients.find((c) => c.statistic === statistic)?.port
  const [log, x] = [port('log x'), port('x')]
  return { gamma: { graph, ...(log !== undefined && { log }), ...(x !== undefined && { x }) } }
}
