import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import type { FitPart } from './part.ts'
import type { LevelShares } from './shares.ts'

/** The elements of a random axis, as its first `levels`, and all that a change of who takes them is judged by. */
export interface SharedElements {
  /** The states that take them; all other blocks. */
  readonly pickers: readonly LevelShares[]
  readonly others: readonly FitPart[]
  elbo(): number
  /** All means as they are now, to go back to. */
  save(): () => void
  readonly stream: Stream
  /** Called with the ELBO after each move that was taken. */
  taken(elbo: number): void
}

/** So many rows of an element are a share of it that counts: below it, it stands empty. */
const USED = 1e-3

/** Sweeps after which a move is judged; those of a split are between its two elements at first. */
const [SETTLED, APART] = [3, 6]

/** How often in a row no split of an element is taken before it is left alone. */
const PATIENCE = 4

/** Elements and pairs that are looked at in one round to take away or join. */
const MOST_LOOKED = 12

/** Remembers how often it was tried in vain to split an element of so many rows. */
export interface Memory {
  readonly failed: Map<string, number>
}

/** Whether any move was taken; `tried`: a split was looked at; `full`: a split was not tried, since all elements are used. */
export interface Round {
  readonly moved: boolean
  readonly tried: boolean
  readonly full: boolean
}

/**
 * One round of moves, each taken if it raises the ELBO: elements in the order of their sizes, splits, joins, and elements given up
 * (Hughes and Sudderth 2013, in full batches). What they start from is the model's own updates, whatever the components are.
 */
export function round(e: SharedElements, memory: Memory): Round {
  const ordered = order(e)
  const split = splits(e, memory)
  const joined = joins(e)
  const given = givenUp(e)
  return { moved: ordered || split.moved || joined || given, tried: split.tried, full: split.full }
}

export function countsOf({ pickers }: Pick<SharedElements, 'pickers'>): Float64Array {
  const [first, ...more] = pickers.map((p) => p.counts())
  return must(first, 'counts').map((c, k) => more.reduce((sum, other) => sum + (other[k] as number), c))
}

function settle({ pickers, others, elbo }: SharedElements, sweeps: number): void {
  for (let s = 0; s < sweeps; s += 1) {
    for (const part of others) part.update(elbo)
    for (const part of pickers) part.update(elbo)
  }
}

/** Makes a change, and takes it back where the ELBO is no higher after it. */
function attempt(e: SharedElements, change: () => void): boolean {
  const before = e.elbo()
  const back = e.save()
  change()
  settle(e, SETTLED)
  const after = e.elbo()
  if (after > before + 1e-10 * (1 + Math.abs(before))) {
    e.taken(after)
    return true
  }
  back()
  settle(e, 1)
  return false
}

/** Sticks are shortest where the largest elements come first. */
function order(e: SharedElements): boolean {
  const counts = countsOf(e)
  const sizes = Array.from(counts.keys()).sort((a, b) => (counts[b] as number) - (counts[a] as number))
  if (sizes.every((k, i) => k === i)) return false
  return attempt(e, () => {
    for (const p of e.pickers) p.reorder(sizes)
  })
}

/** A site of one of the states. */
interface SharedRow {
  readonly picker: LevelShares
  readonly site: number
}

function splits(e: SharedElements, { failed }: Memory): Round {
  const sizes = countsOf(e)
  let [moved, tried] = [false, false]
  for (const [k, size] of sizes.entries()) {
    const key = `${k}: ${Math.round(size)}`
    if (size < 2 || (failed.get(key) ?? 0) >= PATIENCE) continue
    const empty = countsOf(e).findIndex((c) => c < USED)
    if (empty < 0) return { moved, tried, full: true }
    const rows = rowsOf(e, k)
    if (rows.length < 2) continue
    tried = true
    if (attempt(e, () => split(e, rows, k, empty))) moved = true
    else failed.set(key, (failed.get(key) ?? 0) + 1)
  }
  return { moved, tried, full: false }
}

function rowsOf({ pickers }: SharedElements, k: number): readonly SharedRow[] {
  return pickers.flatMap((picker) =>
    Array.from({ length: picker.sites }, (_, site): SharedRow => ({ picker, site })).filter((r) => picker.of(r.site, k) > 0.5),
  )
}

/** Each of two rows alone makes an element; the others go to whichever of the two explains them better, and so on. */
function split(e: SharedElements, rows: readonly SharedRow[], k: number, empty: number): void {
  const { stream, others, pickers, elbo } = e
  const first = stream.integer(rows.length)
  const second = (first + 1 + stream.integer(rows.length - 1)) % rows.length
  for (const { picker, site } of rows) picker.put(site, undefined)
  for (const [at, to] of [
    [first, k],
    [second, empty],
  ] as const) {
    // biome-ignore format: one thought
    const { picker, site } = must(rows[at], 'row')
    picker.put(site, to)
  }
  for (let s = 0; s < APART; s += 1) {
    for (const part of others) part.update(elbo)
    for (const picker of pickers) picker.weigh()
    for (const { picker, site } of rows) picker.assign(site, [k, empty])
  }
}

/** Pairs of elements that rows are torn between. */
function joins(e: SharedElements): boolean {
  const counts = countsOf(e)
  const used = Array.from(counts.keys()).filter((k) => (counts[k] as number) >= USED)
  const overlaps = overlapsOf(e, used)
  let moved = false
  const gone = new Set<number>()
  for (const [a, b] of overlaps.slice(0, MOST_LOOKED)) {
    if (gone.has(a) || gone.has(b)) continue
    const joined = attempt(e, () => {
      for (const p of e.pickers) p.pour(b, a)
    })
    if (!joined) continue
    gone.add(a).add(b)
    moved = true
  }
  return moved
}

/** Pairs by the cosine of their shares, the largest first. */
function overlapsOf({ pickers }: SharedElements, used: readonly number[]): readonly (readonly [a: number, b: number])[] {
  const n = used.length
  const products = new Float64Array(n * n)
  const shares = new Float64Array(n)
  for (const picker of pickers) {
    for (let s = 0; s < picker.sites; s += 1) {
      used.forEach((k, i) => {
        shares[i] = picker.of(s, k)
      })
      for (let i = 0; i < n; i += 1) {
        if ((shares[i] as number) < 1e-12) continue
        for (let j = 0; j <= i; j += 1)
          products[i * n + j] = (products[i * n + j] as number) + (shares[i] as number) * (shares[j] as number)
      }
    }
  }
  const own = (i: number): number => products[i * n + i] as number
  const cosine = (i: number, j: number): number => (products[i * n + j] as number) / Math.sqrt(own(i) * own(j))
  const pairs = used.flatMap((_, i) => used.slice(0, i).map((__, j) => ({ i, j, cosine: cosine(i, j) })))
  const torn = pairs.filter((p) => p.cosine > 1e-6).sort((p, q) => q.cosine - p.cosine)
  return torn.map(({ i, j }) => [must(used[j], 'element'), must(used[i], 'element')])
}

/** The smallest elements, whose rows go to others. */
function givenUp(e: SharedElements): boolean {
  const counts = countsOf(e)
  const used = Array.from(counts.keys()).filter((k) => (counts[k] as number) >= USED)
  const small = used.toSorted((a, b) => (counts[a] as number) - (counts[b] as number)).slice(0, Math.min(MOST_LOOKED, used.length - 1))
  let moved = false
  for (const k of small) {
    const rest = used.filter((other) => other !== k)
    const without = (): void => {
      for (const picker of e.pickers) {
        picker.weigh()
        for (let s = 0; s < picker.sites; s += 1) if (picker.of(s, k) > 1e-9) picker.assign(s, rest)
      }
    }
    moved = attempt(e, without) || moved
  }
  return moved
}
