/** What comes first by `compare` is taken out first. */
export class Heap<T> {
  readonly #items: T[] = []
  readonly #compare: (a: T, b: T) => number

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1
    for (let up = (at - 1) >> 1; at > 0 && this.#before(at, up); up = (at - 1) >> 1) {
      this.#swap(at, up)
      at = up
    }
  }

  pop(): T | undefined {
    const first = this.#items[0]
    const last = this.#items.pop()
    if (this.#items.length === 0 || last === undefined) return first
    this.#items[0] = last
    for (let at = 0; ; ) {
      const down = this.#before(2 * at + 2, 2 * at + 1) ? 2 * at + 2 : 2 * at + 1
      if (!this.#before(down, at)) return first
      this.#swap(at, down)
      at = down
    }
  }

  /** Whether the item at `a` comes before that at `b`; positions past the end hold nothing. */
  #before(a: number, b: number): boolean {
    return a < this.#items.length && this.#compare(this.#items[a] as T, this.#items[b] as T) < 0
  }

  #swap(a: number, b: number): void {
    ;[this.#items[a], this.#items[b]] = [this.#items[b] as T, this.#items[a] as T]
  }
}
