import { must } from '../base/internal-error.ts'
import { fold, keyFromSeed, Stream } from '../base/random.ts'
import { evaluate } from '../ir/evaluate.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import type { Energy } from '../middle/energy.ts'
import type { Executable, Target } from '../middle/executable.ts'
import { open } from '../middle/open.ts'
import * as ports from '../middle/ports.ts'
import type { Inputs, Value } from '../run/inputs.ts'
import type { ModelCase } from './generators/model-case.ts'
import type { Subject } from './subject.ts'

/** A subject in one case: all that the laws are asked about. */
export interface Trial {
  readonly subject: Subject
  readonly example: ModelCase
  /** With those of the axes that the compiler made. */
  readonly sizes: Sizes
  readonly temperature: number
}

export type Numbers = Readonly<Record<string, Float64Array>>

export function trialOf(subject: Subject, example: ModelCase): Trial {
  const programs = [subject.retrieval, subject.sampling].flatMap((r) => ('parts' in r ? [r.parts.program] : []))
  const axes = [...subject.summed.axes, ...(subject.relaxed?.axes ?? []), ...programs.flatMap((p) => p.axes)]
  return { subject, example, sizes: madeSizes(axes, example.sizes), temperature: example.temperature }
}

/** Random numbers for one purpose in a case. */
export function streamFor({ example }: Trial, purpose: string): Stream {
  return new Stream(fold(keyFromSeed(example.seed), purpose))
}

/** The value of an input of any graph of the compiler's: a variable by its name or as `value:NAME`, or the temperature. */
export function inputAt(trial: Trial, name: string, temperature = trial.temperature): Float64Array {
  if (name === ports.temperature) return Float64Array.of(temperature)
  const { values } = trial.example
  return must(values[name] ?? values[ports.valueOwner(name) ?? name], `value of ${name}`)
}

/** A graph by its definition, at the values of the case but for `changed`. */
export function interpreted(trial: Trial, graph: Graph, changed: Numbers = {}, temperature = trial.temperature): Numbers {
  const inputs = graph.inputs.map((p) => [p.name, changed[p.name] ?? inputAt(trial, p.name, temperature)] as const)
  return evaluate(graph, trial.sizes, Object.fromEntries(inputs))
}

/** A graph ready to run at the values of the case. `isFree`: the inputs that whoever opens it fills in. */
export function openAt(
  trial: Trial,
  graph: Graph,
  target: Target,
  temperature = trial.temperature,
  isFree: (input: string) => boolean = () => false,
): Executable {
  const inputs = graph.inputs.filter((p) => !isFree(p.name))
  return open({ target, sizes: trial.sizes, fixed: new Map(inputs.map((p) => [p.name, inputAt(trial, p.name, temperature)])) }, graph)
}

/** E in nats: the sum of the terms of an energy, each by its definition; and the sum of their magnitudes. */
export function energyBy(trial: Trial, energy: Energy, changed: Numbers = {}, temperature = trial.temperature): EnergyValue {
  return totalOf(energy, interpreted(trial, energy.graph, changed, temperature))
}

export interface EnergyValue {
  readonly energy: number
  /** What rounding goes with. */
  readonly scale: number
}

export function totalOf(energy: Pick<Energy, 'terms'>, outputs: Numbers): EnergyValue {
  const values = energy.terms.map((t) => must(outputs[ports.term(t.name)], t.name)[0] as number)
  return { energy: values.reduce((a, b) => a + b, 0), scale: values.reduce((a, b) => a + Math.abs(b), 1) }
}

/** Where what stands still is given. */
const keys = { data: 'data', memory: 'memory', param: 'param', input: 'data', state: 'observed' } as const

/** The case as a user would give it: by role, elements numbered from 1, states as cues. */
export function asInputs({ subject, example }: Trial): Inputs {
  const inputs: { [K in Exclude<keyof Inputs, 'labels'>]-?: Record<string, Value> } = {
    data: {},
    memory: {},
    param: {},
    observed: {},
    cue: {},
  }
  const { observed, moving } = subject.situation
  for (const v of subject.energy.variables) {
    if (v.label !== undefined) continue
    const values = must(example.values[v.name], v.name)
    const shape = v.axes.map((a) => must(example.sizes[a], a))
    const role = observed.has(v.name) ? 'observed' : moving.has(v.name) ? 'cue' : keys[v.role]
    inputs[role][v.name] = { shape, data: v.type.kind === 'element' ? values.map((x) => x + 1) : values }
  }
  return { ...inputs, labels: labelsOf(subject, example) }
}

/** Names for the elements of the axes of which the model names some, those in their places. */
function labelsOf({ energy }: Subject, { sizes, values }: ModelCase): Readonly<Record<string, readonly string[]>> {
  const labels: Record<string, string[]> = Object.create(null)
  for (const { name, type, label } of energy.variables) {
    if (label === undefined || type.kind !== 'element') continue
    const { axis } = type
    const names = labels[axis] ?? Array.from({ length: must(sizes[axis], axis) }, (_, i) => `element ${i + 1}`)
    names[must(values[name], name)[0] as number] = label
    labels[axis] = names
  }
  return labels
}
