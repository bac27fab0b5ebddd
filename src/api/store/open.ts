import { counted } from '../../base/counted.ts'
import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { versions } from '../../base/versions.ts'
import { bind } from '../../bind/bind.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { conditionedMemories } from '../../compile/posterior/natural.ts'
import { growingOf } from '../../compile/writing.ts'
import type { Sizes } from '../../ir/graph.ts'
import { undo } from '../../memory/store/changes.ts'
import type { ConstantFact } from '../../memory/store/document.ts'
import { inMemory } from '../../memory/store/in-memory.ts'
import { append, patternCount, sizesIn } from '../../memory/store/patterns.ts'
import { type KeptGiven, type Shelf, type StoreAbout, troubled } from '../../memory/store/shelf.ts'
import type { EnergyVariable } from '../../middle/energy.ts'
import { defaults } from '../../middle/options.ts'
import type { OpenedAxis } from '../../middle/random-axis.ts'
import { keptRetrievals } from '../kept-retrievals.ts'
import type { Loaded } from '../load.ts'
import { changedText } from './changed-text.ts'
import { withPosteriors } from './conditioned.ts'
import { drawnFor, factsIn } from './constants.ts'
import { bindable, givenKept, givenMemory, keptOf, labelsIn, memoriesOf, patternLabels } from './facts.ts'
import { type ForgetOptions, forgetPatterns, type Unwritten } from './forget.ts'
import { growPatterns } from './grow.ts'
import { type ElementFact, elementFacts, elementLabels } from './grown.ts'
import { type PastChange, pastChange, storeHistory } from './history.ts'
import { keptSession } from './kept-session.ts'
import { exportedStore } from './portable.ts'
import { rulesOf, type StoreRules } from './rules.ts'
import { type Stretches, type WriteOptions, type Written, writePatterns } from './write.ts'

/** What a store holds, in short. */
export interface StoreContents {
  readonly model: string
  /** The version of amp that began it, and when, where that was told. */
  readonly amp: string
  readonly begun?: string
  /** Under which what rules read is drawn where nobody gives it. */
  readonly seed: number
  readonly patterns: number
  readonly changes: number
  readonly memories: readonly {
    readonly name: string
    readonly axes: readonly string[]
    readonly sizes: readonly number[] | undefined
    readonly grows?: string
    /** It has a prior: the store keeps its posterior. */
    readonly posterior?: true
  }[]
  /** By axis that grows as patterns need it: its elements, in the order in which they were opened. */
  readonly elements: Readonly<Record<string, readonly ElementFact[]>>
  /** Data and params that it keeps. */
  readonly kept: readonly string[]
  /** What else rules read: no other value of it is taken. */
  readonly constants: Readonly<Record<string, ConstantFact>>
}

/** Memories of one model that are written, forgotten and undone. */
export interface OpenStore {
  /** One pattern or many, in order; all of them or none. */
  write(given: GivenByRole | Stretches, options?: WriteOptions): Promise<Checked<Written>>
  forget(given: GivenByRole, options?: ForgetOptions): Checked<Unwritten>
  /** Takes back the last change, whatever it was. */
  undo(): Checked<PastChange>
  history(): readonly PastChange[]
  contents(): StoreContents
  /** What `retrieve`, `sample` and `energyAt` are given: the memories, what is kept, and `given`. */
  given(given?: GivenByRole): Checked<GivenByRole>
  /** All of it, journal included, for `importStore`. */
  export(): Uint8Array
  close(): void
}

export interface OpenStoreOptions {
  /** Where it lies; in memory unless said. */
  readonly shelf?: Shelf
  /** When, for its history. */
  readonly time?: string
  /** Of a store that begins: under which what rules read is drawn where nobody gives it; 1 unless said. */
  readonly seed?: number
}

type BeginOptions = Omit<OpenStoreOptions, 'shelf'>

const nothing: GivenByRole = { fixed: [], observed: [], cues: [] }

/**
 * Opens the store that lies on a shelf, or begins one there: data and params that are given are kept, memories are what it begins
 * with. Diagnostics: AMP802 where it is of another model, AMP808 where what is given is not what it keeps.
 */
export function openStore(
  loaded: Loaded,
  given: GivenByRole = nothing,
  { shelf = inMemory(), ...options }: OpenStoreOptions = {},
): Checked<OpenStore> {
  return safely(() => openedOn(loaded, given, shelf, options))
}

/** What a disk has against it is among the diagnostics. */
function safely<T>(work: () => Checked<T>): Checked<T> {
  return troubled(work, (trouble) => unmade([trouble]))
}

function openedOn(loaded: Loaded, given: GivenByRole, shelf: Shelf, options: BeginOptions): Checked<OpenStore> {
  const head = shelf.head()
  const own = head === undefined ? beginning(shelf, aboutOf(loaded, given, options)) : shelf
  const troubles =
    head === undefined ? begin(loaded, own, given, options.time) : [...changedText(head.about.model, loaded), ...unlike(shelf, given)]
  return hasErrors(troubles) ? unmade(troubles) : made(opened(withPosteriors(loaded), own), troubles)
}

function opened(loaded: Loaded, shelf: Shelf): OpenStore {
  const rules = rulesOf(loaded)
  const sessions = keptSession()
  const retrievals = keptRetrievals()
  const before = givenKept(must(shelf.head(), 'head of the store').about.given)
  const kept = (given: GivenByRole): GivenByRole => {
    const own = before.filter((k) => !given.fixed.some((item) => item.name === k.name))
    return { ...given, fixed: [...own, ...given.fixed] }
  }
  const looked = (given: GivenByRole): Checked<GivenByRole> =>
    checked(kept(given), [...fromStore(loaded, given), ...unlike(shelf, given, rules.read)])
  return {
    write(given, options = {}) {
      const stretches: Stretches = typeof given === 'function' ? given : () => [made(given)]
      const seen: Stretches = () => stretchesOf(stretches(), looked)
      return rules.grows === undefined
        ? writePatterns(loaded, rules, shelf, seen, options, sessions, retrievals)
        : growPatterns({ loaded, rules, program: rules.grows, shelf }, seen, options)
    },
    forget(given, options = {}) {
      const own = looked(given)
      if (!own.ok) return unmade(own.diagnostics)
      return safely(() => forgetPatterns(loaded, rules, shelf, own.value, options))
    },
    undo: () =>
      safely(() => {
        const entry = undo(shelf)
        return entry === undefined
          ? unmade([diagnostic('AMP809', 'Nothing was changed, so nothing can be undone.')])
          : made(pastChange(entry))
      }),
    history: () => storeHistory(shelf),
    contents: () => contentsOf(loaded, shelf),
    given(given = nothing) {
      const own = kept(given)
      return safely(() => readable(loaded, rules, shelf, own, fromStore(loaded, given)))
    },
    export: () => exportedStore(shelf),
    close() {
      sessions.dispose()
      retrievals.dispose()
      shelf.close()
    },
  }
}

/** What readings are given: memories as if they came from files. */
function readable(loaded: Loaded, rules: StoreRules, shelf: Shelf, own: GivenByRole, said: readonly Diagnostic[]): Checked<GivenByRole> {
  shelf.head()
  const memories = memoriesOf(loaded, shelf)
  const bare = memories.find(({ grows, value }) => grows !== undefined && (value === undefined || value.data.length === 0))
  if (bare !== undefined) {
    const hint = 'amp write STORE --observed NAME=FILE writes patterns to it.'
    return unmade([...said, diagnostic('AMP804', `The store holds no pattern of "${bare.variable.name}".`, { hint })])
  }
  const told = [...patternLabels(loaded, shelf), ...elementLabels(loaded.energy, shelf)]
  const labels = labelsIn(loaded.energy.axes, shelf, [...(own.labels ?? []), ...told])
  const drawn = drawnFor(loaded, rules, shelf, own)
  if (!drawn.ok) return unmade([...said, ...drawn.diagnostics])
  const posteriors = loaded.energy.posteriors.map((p) => p.name)
  return checked({ ...own, fixed: [...own.fixed, ...drawn.value, ...memories.flatMap(givenMemory)], labels, posteriors }, said)
}

function* stretchesOf(stretches: Iterable<Checked<GivenByRole>>, looked: (given: GivenByRole) => Checked<GivenByRole>) {
  for (const stretch of stretches) yield stretch.ok ? looked(stretch.value) : stretch
}

/** A shelf on which a store begins with its first change: what fails before leaves nothing behind. */
function beginning(shelf: Shelf, about: StoreAbout): Shelf {
  const head = { about, next: 1, changes: 0, version: 0 }
  return {
    ...shelf,
    head: () => shelf.head() ?? head,
    transact: (work) => shelf.transact((view) => work({ ...view, head: view.head ?? head })),
  }
}

function aboutOf({ model, energy, source }: Loaded, given: GivenByRole, { time, seed = defaults.seed }: BeginOptions): StoreAbout {
  const kept = given.fixed.filter((item) =>
    energy.declared.some((v) => v.name === item.name && ['data', 'param', 'input'].includes(v.role)),
  )
  const begun = time === undefined ? {} : { begun: time }
  return { model: { name: model.name, text: source.text }, amp: versions.amp, ...begun, seed, given: keptOf(kept) }
}

/** The memories that a store begins with, as the first entry of its journal. */
function begin(loaded: Loaded, shelf: Shelf, given: GivenByRole, time: string | undefined): readonly Diagnostic[] {
  const { energy } = loaded
  const memories = given.fixed.filter((item) => energy.declared.some((v) => v.name === item.name && v.role === 'memory'))
  if (memories.length === 0) return []
  const priors = conditionedMemories(energy)
  const stated = memories.flatMap((item) => priors.find((v) => v.name === item.name) ?? [])
  if (stated.length > 0) return stated.map(beginsAtPrior)
  const variables = energy.declared.filter((v) => memories.some((m) => m.name === v.name))
  const bound = bind(bindable(variables, energy.axes, shelf), { ...nothing, fixed: memories }, new Set())
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
    hint: `Leave out --memory ${name}; or say by a rule what a write makes of it.`,
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

/** Where what is given is not what the store keeps, of what its rules read (of all without `read`), or is a memory. */
function unlike(shelf: Shelf, given: GivenByRole, read?: ReadonlySet<string>): readonly Diagnostic[] {
  const kept = must(shelf.head(), 'head of the store').about.given
  return keptOf(given.fixed).flatMap((item) => {
    const before = kept.find((k) => k.name === item.name)
    if (before === undefined || (read !== undefined && !read.has(item.name))) return []
    const same = JSON.stringify(before.texts) === JSON.stringify(item.texts) && sameNumbers(before.data, item.data)
    if (same) return []
    const message = `${whatChanged(item, before)}.`
    return [diagnostic('AMP808', message, { hint: 'Leave it out: the store keeps it. Other values need a store of their own.' })]
  })
}

function whatChanged({ name, shape, data }: KeptGiven, before: KeptGiven): string {
  if (data === undefined || before.data === undefined || shape.join() !== before.shape.join())
    return `"${name}" is not what the store was written with`
  if (data.length === 1) return `"${name}" is ${data[0]}, and the store was written with ${before.data[0]}`
  const others = data.filter((v, i) => !Object.is(v, before.data?.[i])).length
  return `${others} of ${counted(data.length, 'number')} of "${name}" ${others === 1 ? 'is' : 'are'} not what the store was written with`
}

function sameNumbers(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((v, i) => Object.is(v, b[i])))
}

function fromStore({ energy }: Loaded, given: GivenByRole): readonly Diagnostic[] {
  return given.fixed.flatMap((item) => {
    if (energy.declared.find((v) => v.name === item.name)?.role !== 'memory') return []
    return [
      diagnostic('AMP808', `"${item.name}" comes from the store, and a value is given for it.`, {
        place: item.from,
        expected: 'one of the two',
      }),
    ]
  })
}

function contentsOf(loaded: Loaded, shelf: Shelf): StoreContents {
  const { about, changes } = must(shelf.head(), 'head of the store')
  const patterns = patternCount(shelf)
  const memories = memoryShapes(loaded, shelf, patterns)
  const { model, amp, begun, seed } = about
  return {
    model: model.name,
    amp,
    ...(begun === undefined ? {} : { begun }),
    seed,
    patterns,
    changes,
    memories,
    elements: elementFacts(loaded.energy, shelf),
    kept: about.given.map((k) => k.name),
    constants: factsIn(shelf),
  }
}

function memoryShapes({ energy }: Loaded, shelf: Shelf, patterns: number): StoreContents['memories'] {
  const growing = growingOf(energy)
  const sizes = sizesIn(shelf)
  const posteriors = new Set(energy.posteriors.map((p) => p.name))
  const counts = energy.opened.map((o) => o.count)
  const apart = new Set([...counts, ...energy.posteriors.flatMap((p) => p.parameters)])
  const own = energy.declared
    .filter((v) => v.role === 'memory' && v.label === undefined && !apart.has(v.name))
    .map(({ name, axes }) => {
      const grows = growing[name]
      const known = axes.map((axis) => (axis === grows ? patterns : sizes[axis]))
      const shape = known.every((n) => n !== undefined) ? known : undefined
      const isPosterior = posteriors.has(name) ? { posterior: true as const } : {}
      return { name, axes, sizes: shape, ...(grows === undefined ? {} : { grows }), ...isPosterior }
    })
  return [...own, ...energy.opened.flatMap((o) => slotShapes(energy, o, sizes))]
}

/** What elements have, which is known by natural parameters. */
function slotShapes({ eliminated }: Loaded['energy'], { axis, slots }: OpenedAxis, sizes: Sizes): StoreContents['memories'] {
  return slots.map((name) => {
    const axes = [
      axis,
      ...must(
        eliminated.find((e) => e.name === name),
        name,
      ).axes,
    ]
    const known = axes.map((a) => (a === axis ? (sizes[a] ?? 1) - 1 : sizes[a]))
    return { name, axes, sizes: known.every((n) => n !== undefined) ? known : undefined, grows: axis, posterior: true }
  })
}
