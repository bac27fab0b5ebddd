/** What has a place in a list by its rank, which lies between those of the items before and after it: found by bisection among thousands. */
export interface Ranked {
  rank: number
}

/** So many items are together at most: an insertion moves no more than that. */
const MOST = 512

/** Items by rising rank, into the middle of which one of a hundred thousand goes as fast as one of ten. */
export class ItemList<T extends Ranked> implements Iterable<T> {
  #chunks: T[][] = []
  #length = 0
  /** How many items were moved by insertions. */
  #moves = 0

  get length(): number {
    return this.#length
  }

  get moves(): number {
    return this.#moves
  }

  at(index: number): T | undefined {
    const [chunk, at] = this.#locate(index)
    return index < 0 ? undefined : this.#chunks[chunk]?.[at]
  }

  /**
   * Puts an item before the one at `index`, or at the end. Its rank is nearer to that of the item before it, since the next one
   * mostly goes behind it; where no number is left between, all get new ones.
   */
  insert(index: number, item: T): void {
    const before = this.at(index - 1)?.rank ?? 0
    const next = this.at(index)?.rank ?? before + 2
    item.rank = before + (next - before) / 256
    this.#put(index, item)
    if (item.rank <= before || item.rank >= next) this.#rankAnew()
  }

  /** Where the item of a rank stands. */
  indexOf(rank: number): number {
    let [low, high] = [0, this.#chunks.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#chunks[middle]?.[0] as T).rank > rank) high = middle - 1
      else low = middle
    }
    let index = 0
    for (let c = 0; c < low; c += 1) index += (this.#chunks[c] as T[]).length
    return index + within(this.#chunks[low] ?? [], rank)
  }

  /** Keeps the items of which `holds` is true. */
  keep(holds: (item: T) => boolean): void {
    this.#chunks = this.#chunks.map((chunk) => chunk.filter(holds)).filter((chunk) => chunk.length > 0)
    this.#length = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const chunk of this.#chunks) yield* chunk
  }

  /** The chunk that holds the item, or into which one may be put, and the place in it. */
  #locate(index: number): readonly [number, number] {
    let at = index
    let chunk = 0
    for (; chunk < this.#chunks.length - 1 && at >= (this.#chunks[chunk] as T[]).length; chunk += 1)
      at -= (this.#chunks[chunk] as T[]).length
    return [chunk, at]
  }

  #put(index: number, item: T): void {
    if (this.#chunks.length === 0) this.#chunks.push([])
    const [c, at] = this.#locate(index)
    const chunk = this.#chunks[c] as T[]
    this.#moves += chunk.length - at
    chunk.splice(at, 0, item)
    this.#length += 1
    if (chunk.length > MOST) this.#chunks.splice(c, 1, chunk.slice(0, MOST / 2), chunk.slice(MOST / 2))
  }

  #rankAnew(): void {
    let rank = 0
    for (const item of this) {
      rank += 1
      item.rank = rank
    }
  }
}

function within(chunk: readonly Ranked[], rank: number): number {
  let [low, high] = [0, chunk.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((chunk[middle] as Ranked).rank < rank) low = middle + 1
    else high = middle
  }
  return Math.max(0, low)
}
