import { originalOf } from '../../ir/layout.ts'
import type { ArrayOf, Extent, Local, LocalRole } from '../loops/program.ts'

const letters: Readonly<Record<LocalRole, string>> = {
  value: 't',
  read: 'v',
  sum: 's',
  carry: 'r',
  position: 'i',
  filled: 'j',
  address: 'p',
  picked: 'k',
  row: 'r',
  column: 'q',
  before: 'd',
}

const arrays: Readonly<Record<ArrayOf['kind'], string>> = { input: 'x', output: 'y', work: 'b', state: 'c' }

/** The names of a kernel's variables, in the order in which they are asked for: none of them is the user's. */
export class Names {
  readonly #counts = new Map<string, number>()
  readonly #locals = new Map<number, string>()
  readonly #sizes = new Map<string, string>()
  readonly #products = new Map<string, string>()
  readonly #arrays: readonly string[]

  constructor(declared: readonly ArrayOf[]) {
    this.#arrays = declared.map(({ kind, number }) => `${arrays[kind]}${number}`)
  }

  array(k: number): string {
    return this.#arrays[k] as string
  }

  local(local: Local): string {
    const name = this.#locals.get(local.id) ?? this.#named(local)
    this.#locals.set(local.id, name)
    return local.lane === undefined ? name : `${name}_${local.lane}`
  }

  /** A position is named after its axis, and numbered again where there is another along it. */
  #named({ role, axis }: Local): string {
    if (axis === undefined) return this.#numbered(letters[role])
    const name = `${letters[role]}${this.#axisNumber(axis)}`
    const before = this.#count(name)
    return before === 0 ? name : `${name}_${before}`
  }

  #numbered(letter: string): string {
    return `${letter}${this.#count(letter)}`
  }

  /** How often it was asked about this before. */
  #count(of: string): number {
    const before = this.#counts.get(of) ?? 0
    this.#counts.set(of, before + 1)
    return before
  }

  #axisNumber(axis: string): number {
    this.size(axis)
    return [...this.#sizes.keys()].indexOf(originalOf(axis))
  }

  /** The number of elements along an axis. */
  size(axis: string): string {
    const original = originalOf(axis)
    const name = this.#sizes.get(original) ?? `n${this.#sizes.size}`
    this.#sizes.set(original, name)
    return name
  }

  /** The number of elements over several axes. */
  extent({ axes }: Pick<Extent, 'axes'>): string {
    const [axis] = axes
    if (axes.length === 1 && axis !== undefined) return this.size(axis)
    const product = axes.map((a) => this.size(a)).join(' * ')
    const name = this.#products.get(product) ?? `m${this.#products.size}`
    this.#products.set(product, name)
    return name
  }

  /** The axes that were asked about, with the names of their sizes. */
  get sizes(): ReadonlyMap<string, string> {
    return this.#sizes
  }

  /** The products that were asked about, with their names. */
  get products(): ReadonlyMap<string, string> {
    return this.#products
  }
}
