import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { attempt, countsOf, type Memory, type Round, type SharedElements, USED } from './elements.ts'
import type { LevelShares } from './shares.ts'
import { halves, MARGIN, together } from './trial.ts'

/** How often in a row no split of an element is taken before it is left alone: looked at on its rows, and by all. */
const [PATIENCE, PATIENCE_BY_ALL] = [2, 4]

/** Where a split is not looked at on its rows alone: sweeps between the two elements at first. */
const APART = 6

/** More rows than these are represented by some of them. */
const MOST_ROWS = 2000

/** A site of one of the states. */
interface SharedRow {
  readonly picker: LevelShares
  readonly site: number
}

interface ProposedSplit {
  /** Nats that it is expected to be worth. */
  readonly gain: number
  readonly rows: readonly SharedRow[]
  readonly of: number
  /** Gives part of the rows to another element. */
  into(empty: number): void
  fails(): void
}

/** All splits that promise anything at once, and where that does not pay each by itself. */
export function splits(e: SharedElements, memory: Memory): Round {
  const { proposed, tried } = proposals(e, memory)
  const counts = countsOf(e)
  const empty = Array.from(counts.keys()).filter((k) => (counts[k] as number) < USED)
  const now = proposed.slice(0, empty.length)
  const full = proposed.length > 0 && now.length === 0
  if (now.length === 0) return { moved: false, tried, full }
  const all = (): void => {
    for (const [i, split] of now.entries()) split.into(must(empty[i], 'element'))
  }
  if (now.length > 1 && attempt(e, all)) return { moved: true, tried, full }
  let next = 0
  for (const split of now) {
    const still = rowsOf(e, split.of)
    if (still.length !== split.rows.length) continue
    if (attempt(e, () => split.into(must(empty[next], 'element')))) next += 1
    else split.fails()
  }
  return { moved: next > 0, tried, full }
}

function proposals(e: SharedElements, { failed }: Memory): { readonly proposed: readonly ProposedSplit[]; readonly tried: boolean } {
  const most = e.small === undefined ? PATIENCE_BY_ALL : PATIENCE
  let tried = false
  const proposed = Array.from(countsOf(e)).flatMap((size, k): readonly ProposedSplit[] => {
    const key = `split ${size.toFixed(1)}`
    if (size < 2 || (failed.get(key) ?? 0) >= most) return []
    const rows = rowsOf(e, k)
    if (rows.length < 2) return []
    tried = true
    const fails = (): unknown => failed.set(key, (failed.get(key) ?? 0) + 1)
    const found = e.small === undefined ? byAllRows(e, rows, k) : byItsRows(e, rows, k)
    if (!(found.gain > -MARGIN)) {
      fails()
      return []
    }
    return [{ ...found, rows, of: k, fails }]
  })
  return { proposed: proposed.toSorted((a, b) => b.gain - a.gain), tried }
}

function rowsOf({ pickers }: SharedElements, k: number): readonly SharedRow[] {
  return pickers.flatMap((picker) =>
    Array.from({ length: picker.sites }, (_, site): SharedRow => ({ picker, site })).filter((r) => picker.of(r.site, k) > 0.5),
  )
}

/** The best halves of the rows by themselves. */
function byItsRows(e: SharedElements, rows: readonly SharedRow[], k: number): Pick<ProposedSplit, 'gain' | 'into'> {
  const small = must(e.small, 'scene')
  const some = sampleOf(rows, e.stream)
  const scene = small(some.map((r) => r.site))
  const one = together(scene)
  const { second, elbo } = halves(scene, e.stream)
  const into = (empty: number): void => {
    for (const [i, { picker, site }] of some.entries()) {
      const share = picker.of(site, k)
      picker.give(site, k, share * (1 - (second[i] as number)))
      picker.give(site, empty, share * (second[i] as number))
    }
    if (some.length < rows.length) follow(e, rows, some, [k, empty])
  }
  return { gain: (elbo - one) * (rows.length / some.length), into }
}

/** The rows that were not looked at go where they fit. */
function follow(e: SharedElements, rows: readonly SharedRow[], some: readonly SharedRow[], among: readonly number[]): void {
  const looked = new Set(some)
  const rest = rows.filter((r) => !looked.has(r))
  for (const { picker, site } of rest) for (const k of among) picker.give(site, k, 0)
  for (const part of e.others) part.update(e.elbo)
  for (const picker of e.pickers) picker.weigh()
  for (const { picker, site } of rest) picker.assign(site, among)
}

function sampleOf(rows: readonly SharedRow[], stream: Stream): readonly SharedRow[] {
  if (rows.length <= MOST_ROWS) return rows
  const all = [...rows]
  for (let i = 0; i < MOST_ROWS; i += 1) {
    const j = i + stream.integer(all.length - i)
    const [a, b] = [must(all[i], 'row'), must(all[j], 'row')]
    all[i] = b
    all[j] = a
  }
  return all.slice(0, MOST_ROWS)
}

/** Each of two rows alone makes an element; the others go to whichever of the two explains them better, and so on. */
function byAllRows(e: SharedElements, rows: readonly SharedRow[], k: number): Pick<ProposedSplit, 'gain' | 'into'> {
  const into = (empty: number): void => {
    const { stream, others, pickers, elbo } = e
    const first = stream.integer(rows.length)
    const second = (first + 1 + stream.integer(rows.length - 1)) % rows.length
    for (const [i, { picker, site }] of rows.entries()) picker.put(site, i === first ? k : i === second ? empty : undefined)
    for (let s = 0; s < APART; s += 1) {
      for (const part of others) part.update(elbo)
      for (const picker of pickers) picker.weigh()
      for (const { picker, site } of rows) picker.assign(site, [k, empty])
    }
  }
  // Nothing is known before all rows are asked, of this one or of another.
  return { gain: 0, into }
}
