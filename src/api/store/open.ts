import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import { undo } from '../../memory/store/changes.ts'
import { inMemory } from '../../memory/store/in-memory.ts'
import { type Shelf, troubled } from '../../memory/store/shelf.ts'
import { keptRetrievals } from '../kept-retrievals.ts'
import type { Loaded } from '../load.ts'
import { aboutOf, type BeginOptions, begin, beginning } from './begin.ts'
import { changedText } from './changed-text.ts'
import { withPosteriors } from './conditioned.ts'
import { drawnFor } from './constants.ts'
import { contentsOf, type StoreContents } from './contents.ts'
import { givenKept, givenMemory, labelsIn, memoriesOf, patternLabels } from './facts.ts'
import { type ForgetOptions, forgetPatterns, type Unwritten } from './forget.ts'
import { fromStore, unlike } from './given-otherwise.ts'
import { growPatterns } from './grow.ts'
import { elementLabels } from './grown.ts'
import { type PastChange, pastChange, storeHistory } from './history.ts'
import { keptSession } from './kept-session.ts'
import { exportedStore } from './portable.ts'
import { rulesOf, type StoreRules } from './rules.ts'
import { type Stretches, type WriteOptions, type Written, writePatterns } from './write.ts'

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

export interface OpenStoreOptions extends BeginOptions {
  /** Where it lies; in memory unless said. */
  readonly shelf?: Shelf
}

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
    head === undefined
      ? begin(loaded, own, given, options.time)
      : [...changedText(head.about.model, loaded), ...unlike(loaded, shelf, given)]
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
    checked(kept(given), [...fromStore(loaded, given), ...unlike(loaded, shelf, given, rules.read)])
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
