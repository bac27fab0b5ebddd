import type { Tensor } from '../../base/tensor.ts'
import { tensor, volume } from '../../base/tensor.ts'
import type { Bindable, GivenByRole, GivenLabels } from '../../bind/bound.ts'
import { type Given, shapeOf } from '../../bind/given.ts'
import { growingOf } from '../../compile/writing.ts'
import { namesIn, numbersOf, patternNames, sizesIn, stacked } from '../../memory/store/patterns.ts'
import type { KeptGiven, Shelf } from '../../memory/store/shelf.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { EnergyAxis, EnergyVariable } from '../../middle/energy.ts'
import type { Loaded } from '../load.ts'

/** What a store has of a model's memories, as the readings take it. */
export interface StoreMemory {
  readonly variable: EnergyVariable
  /** The axis that writes make longer. */
  readonly grows?: string
  /** Undefined where nothing was written to it. Elements are numbered from 1. */
  readonly value: Tensor | undefined
}

/** `which`: whether a memory is wanted; those that grow are as large as all patterns together. */
export function memoriesOf(
  { energy }: Loaded,
  shelf: Shelf,
  which: (name: string, grows: boolean) => boolean = () => true,
): readonly StoreMemory[] {
  const growing = growingOf(energy)
  const sizes = madeSizes(energy.axes, sizesIn(shelf))
  return energy.declared
    .filter((v) => v.role === 'memory' && v.label === undefined && which(v.name, growing[v.name] !== undefined))
    .map((variable) => {
      const grows = growing[variable.name]
      const value = memoryValue(shelf, variable, grows, sizes)
      return grows === undefined ? { variable, value } : { variable, grows, value }
    })
}

/** One memory. */
export function memoryValue(
  shelf: Shelf,
  { name, axes, type }: EnergyVariable,
  grows: string | undefined,
  sizes: Readonly<Record<string, number>>,
): Tensor | undefined {
  if (axes.some((axis) => axis !== grows && sizes[axis] === undefined)) return undefined
  const size = (axis: string): number => sizes[axis] ?? 0
  if (grows !== undefined) return stacked(shelf, name, axes, grows, size)
  const shape = axes.map(size)
  const data = numbersOf(shelf, name, volume(shape))
  if (data === undefined) return undefined
  return tensor(axes, shape, type.kind === 'element' ? data.map((v) => v + 1) : data)
}

/** Under the name of its memory, as if it came from a file. */
export function givenMemory({ variable: { name }, value }: StoreMemory): readonly Given[] {
  return value === undefined ? [] : [{ name, from: 'the store', value: { kind: 'numbers', shape: value.shape, data: value.data } }]
}

/** How a command is given a variable: `--param beta`. */
export function optionOf({ name, role }: Pick<EnergyVariable, 'name' | 'role'>): string {
  return `--${role} ${name}`
}

/** Data and params, to be kept. */
export function keptOf(given: readonly Given[]): readonly KeptGiven[] {
  return given.map(({ name, value }) => {
    const shape = shapeOf(value)
    return value.kind === 'labels' ? { name, shape, texts: value.labels } : { name, shape, data: value.data }
  })
}

export function givenKept(kept: readonly KeptGiven[]): readonly Given[] {
  return kept.map(({ name, shape, data, texts }) => ({
    name,
    from: 'the store',
    value: data === undefined ? { kind: 'labels', labels: texts ?? [], shape } : { kind: 'numbers', shape, data },
  }))
}

/** Names of the elements of axes that the store knows. */
export function labelsIn(axes: readonly EnergyAxis[], shelf: Shelf, given: readonly GivenLabels[] = []): readonly GivenLabels[] {
  const said = new Set(given.map((g) => g.axis))
  const own = new Set(axes.flatMap((a) => (a.labels === undefined && !said.has(a.name) ? [a.name] : [])))
  const known = Object.entries(namesIn(shelf)).filter(([axis]) => own.has(axis))
  return [...given, ...known.map(([axis, names]) => ({ axis, names, from: 'the store' }))]
}

/** What patterns are called, along the axes that they make longer, once that is not 1, 2, 3, ... */
export function patternLabels({ energy }: Loaded, shelf: Shelf): readonly GivenLabels[] {
  const names = patternNames(shelf)
  if (names.every((name, i) => name === String(i + 1))) return []
  return [...new Set(Object.values(growingOf(energy)))].map((axis) => ({ axis, names, from: 'the store' }))
}

/**
 * What of a model patterns are bound to: the variables that rules read, and their axes with the sizes that the store knows.
 * Nothing else need be given.
 */
export function bindable(variables: readonly EnergyVariable[], axes: readonly EnergyAxis[], shelf: Shelf): Bindable {
  const needed = new Set(variables.flatMap((v) => [...v.axes, ...(v.type.kind === 'element' ? [v.type.axis] : [])]))
  for (let before = -1; before !== needed.size; ) {
    before = needed.size
    for (const { name, size } of axes) {
      if (!needed.has(name)) continue
      if (size.kind === 'same') needed.add(size.as)
      if (size.kind === 'less') needed.add(size.than)
      if (size.kind === 'pairs') needed.add(size.of)
      if (size.kind === 'product') for (const axis of size.of) needed.add(axis)
    }
  }
  const sizes = sizesIn(shelf)
  const own = axes.flatMap((axis): readonly EnergyAxis[] => {
    const size = sizes[axis.name]
    if (!needed.has(axis.name)) return []
    return [size === undefined || axis.size.kind === 'fixed' ? axis : { ...axis, size: { kind: 'fixed', size, from: 'the store' } }]
  })
  return { variables, axes: own }
}

/** The part of what is given that is for some variables, or for none that the model has. */
export function concerning({ energy }: Loaded, given: GivenByRole, variables: readonly EnergyVariable[]): GivenByRole {
  const wanted = new Set(variables.map((v) => v.name))
  const others = new Set(energy.declared.map((v) => v.name).filter((name) => !wanted.has(name)))
  const own = (items: readonly Given[]): readonly Given[] => items.filter((item) => !others.has(item.name))
  return { ...given, fixed: own(given.fixed), observed: own(given.observed), cues: own(given.cues) }
}
