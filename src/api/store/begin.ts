import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { versions } from '../../base/versions.ts'
import { bind } from '../../bind/bind.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { conditionedMemories } from '../../compile/posterior/natural.ts'
import { growingOf } from '../../compile/writing.ts'
import { append } from '../../memory/store/patterns.ts'
import type { Shelf, StoreAbout } from '../../memory/store/shelf.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import { defaults } from '../../middle/options.ts'
import type { Loaded } from '../load.ts'
import { bindable, keptOf, optionOf } from './facts.ts'

/** How a store begins. */
export interface BeginOptions {
  /** When, for its history. */
  readonly time?: string
  /** Of a store that begins: under which what rules read is drawn where nobody gives it; 1 unless said. */
  readonly seed?: number
}

/** A shelf on which a store begins with its first change: what fails before leaves nothing behind. */
export function beginning(shelf: Shelf, about: StoreAbout): Shelf {
  const head = { about, next: 1, changes: 0, version: 0 }
  return {
    ...shelf,
    head: () => shelf.head() ?? head,
    transact: (work) => shelf.transact((view) => work({ ...view, head: view.head ?? head })),
  }
}

export function aboutOf({ model, energy, source }: Loaded, given: GivenByRole, { time, seed = defaults.seed }: BeginOptions): StoreAbout {
  const kept = given.fixed.filter((item) =>
    energy.declared.some((v) => v.name === item.name && ['data', 'param', 'input'].includes(v.role)),
  )
  const begun = time === undefined ? {} : { begun: time }
  return { model: { name: model.name, text: source.text }, amp: versions.amp, ...begun, seed, given: keptOf(kept) }
}

/** The memories that a store begins with, as the first entry of its journal. */
export function begin(loaded: Loaded, shelf: Shelf, given: GivenByRole, time: string | undefined): readonly Diagnostic[] {
  const { energy } = loaded
  const memories = given.fixed.filter((item) => energy.declared.some((v) => v.name === item.name && v.role === 'memory'))
  if (memories.length === 0) return []
  const priors = conditionedMemories(energy)
  const stated = memories.flatMap((item) => priors.find((v) => v.name === item.name) ?? [])
  if (stated.length > 0) return stated.map(beginsAtPrior)
  const variables = energy.declared.filter((v) => memories.some((m) => m.name === v.name))
  const bound = bind(bindable(variables, energy.axes, shelf), { fixed: memories, observed: [], cues: [] }, new Set())
  if (!bound.ok) return bound.diagnostics
  const growing = growingOf(energy)
  const { sizes, values, labels } = bound.value
  const grown = variables.filter((v) => growing[v.name] !== undefined)
  const lengths = new Set(grown.map((v) => must(sizes[must(growing[v.name], v.name)], v.name)))
  const missing = Object.keys(growing).filter((name) => grown.length > 0 && !grown.some((v) => v.name === name))
  if (lengths.size > 1 || missing.length > 0) {
    const few =
      missing.length > 0
        ? `Patterns are given of some memories and not of ${missing.join(', ')}.`
        : 'Memories hold different numbers of patterns.'
    return [diagnostic('AMP808', few, { expected: 'as many patterns of every memory that grows' })]
  }
  const rows = Object.fromEntries(
    grown.map((v) => [v.name, patternsFirst(v.axes, must(growing[v.name], v.name), sizes, outside(v, values))]),
  )
  const [count = 0] = lengths
  const blocks = count === 0 ? [] : [{ count, content: shelf.stage({ rows, written: {} }) }]
  const numbers = new Map(variables.filter((v) => growing[v.name] === undefined).map((v) => [v.name, must(values[v.name], v.name)]))
  const lasting = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([axis]) => !Object.values(growing).includes(axis)))
  append(
    shelf,
    { blocks, numbers, sizes: lasting(sizes), names: lasting(labels), constants: {}, ...(time === undefined ? {} : { time }) },
    'begin',
  )
  return bound.diagnostics
}

function beginsAtPrior({ name, span }: EnergyVariable): Diagnostic {
  return diagnostic('AMP808', `"${name}" has a prior, and a store of it begins there, so that no value is given.`, {
    span,
    hint: `Leave out ${optionOf({ name, role: 'memory' })}; or say by a rule what a write makes of it.`,
  })
}

function outside(
  { name, type }: { readonly name: string; readonly type: { readonly kind: string } },
  values: Readonly<Record<string, Float64Array>>,
): Float64Array {
  const data = must(values[name], name)
  return type.kind === 'element' ? data.map((v) => v + 1) : data
}

/** The numbers of a memory with those of a pattern beside each other. */
function patternsFirst(axes: readonly string[], axis: string, sizes: Readonly<Record<string, number>>, data: Float64Array): Float64Array {
  const at = axes.indexOf(axis)
  const product = (some: readonly string[]): number => some.reduce((n, a) => n * must(sizes[a], a), 1)
  const [outer, length, inner] = [product(axes.slice(0, at)), must(sizes[axis], axis), product(axes.slice(at + 1))]
  if (outer === 1) return data
  const out = new Float64Array(data.length)
  for (let k = 0; k < length; k += 1)
    for (let o = 0; o < outer; o += 1)
      out.set(data.subarray((o * length + k) * inner, (o * length + k + 1) * inner), (k * outer + o) * inner)
  return out
}
