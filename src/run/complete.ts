import { type Checked, checked, hasErrors, unmade } from '../base/diagnostic.ts'
import { InternalError, must } from '../base/internal-error.ts'
import { fold, keyFromSeed } from '../base/random.ts'
import type { Tensor } from '../base/tensor.ts'
import type { Bound } from '../bind/bound.ts'
import { lookAt } from '../bind/checks/look.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import type { Check } from '../middle/check.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import type { Target } from '../middle/executable.ts'
import { type OpenSetting, open } from '../middle/open.ts'
import type { Default, DrawnOnce, PriorDraw, StatedTemperature } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'
import { notDrawn, notOfType, troubles, undrawn } from './missing.ts'
import { type DrawPrior, drawnValue } from './start-draw.ts'

/** What says what a variable is that was not given. */
export interface Presets {
  readonly defaults: readonly Default[]
  /** What is drawn once where it is not given. */
  readonly priors: readonly PriorDraw[]
  readonly checks: readonly Check[]
  /** How what moves starts where that is drawn. */
  readonly startDraws?: readonly PriorDraw[]
  /** What T is where no option says it; else 1. */
  readonly temperature?: StatedTemperature
}

/** What was drawn once since it was not given, by name; elements numbered from 1. */
export type DrawnParams = Readonly<Record<string, Tensor>>

export interface Completed {
  readonly inputs: Map<string, Float64Array>
  readonly drawn: DrawnParams
}

/**
 * All fixed inputs: what was given, then defaults, then draws of priors under the seed, each after what it reads. A
 * param's draw depends on the seed, its name and what its prior reads only. What has no value is reported.
 */
export function complete(
  fixed: readonly EnergyVariable[],
  presets: Presets,
  bound: Bound,
  target: Target,
  { seed, draw }: { readonly seed: number; readonly draw?: DrawPrior | undefined },
): Checked<Completed> {
  const values = new Map<string, Float64Array>(Object.entries(bound.values))
  // A prior may read a state that is observed once and for all.
  for (const { name } of fixed) {
    const observed = bound.observed[name]
    if (observed?.count === 1) values.set(name, observed.data)
  }
  const setting = { target, sizes: bound.sizes, fixed: values }
  const key = fold(keyFromSeed(seed), 'params')
  const steps = [
    ...presets.defaults.map((item) => ({ ...item, value: () => defaultValue(item, setting) })),
    ...presets.priors.filter(isDrawable).map((item) => ({
      ...item,
      graph: 'program' in item ? item.program.graph : nothingRead,
      value: () => drawnValue(item, setting, key, draw ?? noDraw),
    })),
  ].filter((s) => !values.has(s.name))
  inTurn(steps, values)
  const waiting = new Map(steps.filter((s) => !values.has(s.name)).map((s) => [s.name, s.graph]))
  const inputs = new Map<string, Float64Array>()
  const missing: EnergyVariable[] = []
  for (const variable of fixed) {
    const value = numbersOf(bound.observed[variable.name]?.data) ?? values.get(variable.name)
    if (value === undefined) missing.push(variable)
    else inputs.set(variable.name, value)
  }
  const drawn = presets.priors.filter(isDrawable).filter((p) => bound.values[p.name] === undefined && values.has(p.name))
  const found = (p: { readonly name: string }): Float64Array => must(values.get(p.name), p.name)
  const diagnostics = [
    ...troubles(missing, waiting, presets),
    ...drawn.flatMap((p) => undrawn(p, found(p), fixed)),
    ...presets.defaults.flatMap((d) => (values.get(d.name) === bound.values[d.name] ? [] : notOfType(d, found(d), bound.sizes, fixed))),
    ...notDrawn(presets.startDraws ?? [], bound),
  ]
  if (!hasErrors(diagnostics) && presets.checks.length > 0) diagnostics.push(...lookAt(presets.checks, { ...bound, values }, target))
  if (hasErrors(diagnostics)) return unmade(diagnostics)
  return checked({ inputs, drawn: Object.fromEntries(drawn.map((p) => [p.name, drawnTensor(p, found(p), bound.sizes)])) }, diagnostics)
}

/** 0 for what is unknown: elements that are drawn after everything else, which the energy does not count but computes with. */
function numbersOf(data: Float64Array | undefined): Float64Array | undefined {
  return data?.some(Number.isNaN) === true ? data.map((v) => (Number.isNaN(v) ? 0 : v)) : data
}

interface CompletionStep {
  readonly name: string
  readonly graph: Graph
  readonly value: () => Float64Array
}

/** Each as soon as everything that it reads has a value. */
function inTurn(steps: readonly CompletionStep[], values: Map<string, Float64Array>): void {
  for (let open = steps, before = -1; open.length !== before; ) {
    before = open.length
    open = open.filter(({ name, graph, value }) => {
      if (!graph.inputs.every((p) => p.name === name || values.has(p.name))) return true
      values.set(name, value())
      return false
    })
  }
}

/** Whether it says how to draw, and not why that cannot be. */
export function isDrawable(item: PriorDraw): item is DrawnOnce {
  return !('reason' in item)
}

const nothingRead: Graph = { nodes: [], inputs: [], outputs: [] }

function noDraw(): never {
  throw new InternalError('nothing draws')
}

function drawnTensor({ axes, type }: DrawnOnce, data: Float64Array, sizes: Sizes): Tensor {
  const first = type.kind === 'element' ? 1 : 0
  return { axes, shape: axes.map((a) => must(sizes[a], `size of ${a}`)), data: data.map((v) => v + first) }
}

/** The value of a default, given what it reads. */
export function defaultValue(item: Default, setting: OpenSetting): Float64Array {
  const executable = open(setting, item.graph)
  executable.run()
  const value = Float64Array.from(executable.outputs.get(ports.result) ?? [])
  executable.dispose()
  return value
}
