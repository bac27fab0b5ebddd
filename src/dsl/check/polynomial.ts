import { pow } from '../../base/special/pow.ts'

/** Sums of products of things that are told apart by a number: enough algebra to see that s * s of a spin is 1, and x - x is 0. */

/** What is known of a factor. */
export interface PolynomialFactor {
  /** The states that it varies with. */
  readonly states: ReadonlySet<string>
  readonly axes: readonly string[]
  /** What its square is, where that is simpler: 1 (of -1 and 1), or itself (of 0 and 1). */
  readonly square?: 'one' | 'itself'
  /** The axis along which it adds up to 1, or its square does. */
  readonly addsUp?: { readonly axis: string; readonly power: 1 | 2 }
}

interface Product {
  readonly coefficient: number
  /** Powers of factors. */
  readonly powers: ReadonlyMap<number, number>
}

/** By the powers, as text. */
export type Polynomial = ReadonlyMap<string, Product>

/** Larger sums and products are taken as factors of their own, of which nothing more is known than what they are made of. */
const MOST = 32

/** Numbers for factors: equal ones have one number. */
export class PolynomialAlgebra {
  readonly #ids = new Map<string, number>()
  readonly #factors: PolynomialFactor[] = []

  factor(id: number): PolynomialFactor {
    return this.#factors[id] as PolynomialFactor
  }

  /** The polynomial that is one factor, known by its text. */
  atom(key: string, factor: PolynomialFactor): Polynomial {
    return product(1, new Map([[this.#numbered(key, factor), 1]]))
  }

  number(value: number): Polynomial {
    return product(value, new Map())
  }

  add(a: Polynomial, b: Polynomial, sign: 1 | -1 = 1): Polynomial {
    const sum = new Map(a)
    for (const [key, { coefficient, powers }] of b) {
      const total = (sum.get(key)?.coefficient ?? 0) + sign * coefficient
      if (total === 0) sum.delete(key)
      else sum.set(key, { coefficient: total, powers })
    }
    return sum.size > MOST ? this.opaque('sum', [a, b]) : sum
  }

  multiply(a: Polynomial, b: Polynomial): Polynomial {
    if (a.size * b.size > MOST) return this.opaque('product', [a, b])
    let out: Polynomial = new Map()
    for (const p of a.values()) for (const q of b.values()) out = this.add(out, this.#times(p, q))
    return out
  }

  /** a to a constant power. */
  power(a: Polynomial, by: number): Polynomial {
    const [only] = a.values()
    if (only !== undefined && a.size === 1 && (Number.isInteger(by) || only.powers.size === 0)) {
      return this.#reduced(pow(only.coefficient, by), new Map([...only.powers].map(([id, e]) => [id, e * by])))
    }
    return by === 2 ? this.multiply(a, a) : product(1, new Map([[this.idOf(a), by]]))
  }

  divide(a: Polynomial, b: Polynomial): Polynomial {
    return this.idOf(a) === this.idOf(b) ? this.number(1) : this.multiply(a, this.power(b, -1))
  }

  /** Something of which no more is known than what it is made of. */
  opaque(name: string, parts: readonly Polynomial[], more: Partial<PolynomialFactor> = {}): Polynomial {
    const axes = new Set(parts.flatMap((p) => this.axesOf(p)))
    const states = new Set(parts.flatMap((p) => [...this.statesOf(p)]))
    return this.atom(`${name}(${parts.map((p) => this.idOf(p)).join(',')})`, { states, axes: [...axes], ...more })
  }

  /** The same with something done to each factor that varies over `axis`. */
  each(a: Polynomial, axis: string, change: (id: number, factor: PolynomialFactor) => Polynomial): Polynomial {
    let out: Polynomial = new Map()
    for (const { coefficient, powers } of a.values()) {
      let term = this.number(coefficient)
      for (const [id, e] of powers) {
        const factor = this.factor(id)
        const changed = factor.axes.includes(axis) ? change(id, factor) : product(1, new Map([[id, 1]]))
        term = this.multiply(term, this.power(changed, e))
      }
      out = this.add(out, term)
    }
    return out
  }

  sum(a: Polynomial, over: readonly string[]): Polynomial {
    let out: Polynomial = new Map()
    for (const { coefficient, powers } of a.values()) out = this.add(out, this.#summed(coefficient, powers, over))
    return out
  }

  statesOf(a: Polynomial): ReadonlySet<string> {
    const states = new Set<string>()
    for (const { powers } of a.values()) for (const id of powers.keys()) for (const s of this.factor(id).states) states.add(s)
    return states
  }

  axesOf(a: Polynomial): readonly string[] {
    return [...new Set([...a.values()].flatMap(({ powers }) => [...powers.keys()].flatMap((id) => this.factor(id).axes)))]
  }

  /** The number of the whole, as a factor. */
  idOf(a: Polynomial): number {
    const [only] = a.values()
    const [alone] = only?.powers.entries() ?? []
    if (a.size === 1 && only?.coefficient === 1 && only.powers.size === 1 && alone?.[1] === 1) return alone[0]
    const text = [...a].map(([key, { coefficient }]) => `${coefficient}*${key}`).sort()
    return this.#numbered(`(${text.join('+')})`, { states: this.statesOf(a), axes: this.axesOf(a) })
  }

  #numbered(key: string, factor: PolynomialFactor): number {
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    this.#factors.push(factor)
    this.#ids.set(key, this.#factors.length - 1)
    return this.#factors.length - 1
  }

  #times(p: Product, q: Product): Polynomial {
    const powers = new Map(p.powers)
    for (const [id, e] of q.powers) powers.set(id, (powers.get(id) ?? 0) + e)
    return this.#reduced(p.coefficient * q.coefficient, powers)
  }

  #reduced(coefficient: number, powers: ReadonlyMap<number, number>): Polynomial {
    const kept = new Map<number, number>()
    for (const [id, e] of powers) {
      const { square } = this.factor(id)
      const whole = Number.isInteger(e)
      const power = square === 'one' && whole ? Math.abs(e % 2) : square === 'itself' && whole && e > 1 ? 1 : e
      if (power !== 0) kept.set(id, power)
    }
    return product(coefficient, kept)
  }

  #summed(coefficient: number, powers: ReadonlyMap<number, number>, over: readonly string[]): Polynomial {
    const rest = new Map(powers)
    const left = new Set(over)
    for (const [id, e] of powers) {
      const { addsUp } = this.factor(id)
      if (addsUp === undefined || e !== addsUp.power || !left.has(addsUp.axis)) continue
      const others = [...rest.keys()].filter((k) => k !== id)
      if (others.some((k) => this.factor(k).axes.includes(addsUp.axis))) continue
      rest.delete(id)
      left.delete(addsUp.axis)
    }
    const inner = product(1, rest)
    if (left.size === 0) return this.multiply(this.number(coefficient), inner)
    const axes = this.axesOf(inner).filter((a) => !left.has(a))
    return this.multiply(this.number(coefficient), this.opaque(`sum over ${[...left].sort().join(' ')} `, [inner], { axes }))
  }
}

function product(coefficient: number, powers: ReadonlyMap<number, number>): Polynomial {
  if (coefficient === 0) return new Map()
  const key = [...powers]
    .sort(([a], [b]) => a - b)
    .map(([id, e]) => `${id}^${e}`)
    .join(' ')
  return new Map([[key, { coefficient, powers }]])
}
