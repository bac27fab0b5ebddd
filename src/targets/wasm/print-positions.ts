import { volumeOver } from '../../ir/layout.ts'
import { partsOf } from '../loops/passes/trees.ts'
import type { Element, Expression, IndexExpr, Local, Real } from '../loops/program.ts'
import type { Code } from './code.ts'
import type { RoundFrame } from './frame.ts'
import type { MemoryLayout, PlacedArray } from './layout.ts'

/** Writes a number at the round of a lane. */
export type PrintReal = (e: Real, frame: RoundFrame, lane: number) => void

/** A position as a sum: what is written when it is asked for, and a whole number. */
interface Sum {
  readonly terms: readonly (() => void)[]
  readonly plus: number
}

/** The positions of one module, as whole numbers of 32 bits. */
export class PositionPrinter {
  readonly #code: Code
  readonly #layout: MemoryLayout
  readonly #real: PrintReal
  /** Variables that hold computed positions, which may lie outside of the array. */
  readonly #computed = new Set<number>()

  constructor(code: Code, layout: MemoryLayout, real: PrintReal) {
    this.#code = code
    this.#layout = layout
    this.#real = real
  }

  print(e: IndexExpr, frame: RoundFrame, lane: number): void {
    const { terms, plus } = this.#sum(e, frame, lane)
    this.#total(terms)
    if (terms.length > 0 && plus === 0) return
    this.#code.i32(plus)
    if (terms.length > 0) this.#code.do('i32.add')
  }

  /** A position that is known now. */
  known(e: IndexExpr, frame: RoundFrame): number | undefined {
    const { terms, plus } = this.#sum(e, frame, 0)
    return terms.length === 0 ? plus : undefined
  }

  /** How far the position of the second round is from that of the first, if that is known. */
  stride(e: IndexExpr, frame: RoundFrame): number | undefined {
    switch (e.kind) {
      case 'whole':
      case 'extent':
        return 0
      case 'variable': {
        const [first, second = first] = frame.positions(e.local.id)
        return first?.local === second?.local ? (second?.plus ?? 0) - (first?.plus ?? 0) : undefined
      }
      case 'total':
        return e.terms.reduce<number | undefined>((sum, t) => added(sum, this.stride(t, frame)), 0)
      case 'offset':
        return this.stride(e.of, frame)
      case 'times': {
        const stride = this.stride(e.of, frame)
        return stride === undefined ? undefined : stride * volumeOver(e.by.axes, this.#layout.sizes)
      }
      case 'truncated':
        return undefined
    }
  }

  /** Whether a position is computed from numbers. */
  isComputed(e: Expression): boolean {
    if (e.kind === 'truncated') return true
    if (e.kind === 'variable') return this.#computed.has(e.local.id)
    return partsOf(e).some((part) => this.isComputed(part))
  }

  /** A variable that holds a position from now on: one for both rounds where they lie a known distance apart. */
  declare(local: Local, value: IndexExpr, frame: RoundFrame): void {
    if (this.isComputed(value)) this.#computed.add(local.id)
    const stride = frame.width === 1 ? 0 : this.stride(value, frame)
    const lanes = stride === undefined ? [0, 1] : [0]
    const locals = lanes.map((lane) => {
      const own = this.#code.local('i32')
      this.print(value, frame, lane)
      this.#code.set(own)
      return { local: own, plus: 0 }
    })
    const [first] = locals
    const apart = stride === undefined || frame.width === 1 || first === undefined ? locals : [first, { ...first, plus: stride }]
    frame.setPositions(local.id, apart)
  }

  place({ array }: Element): PlacedArray {
    return this.#layout.arrays[array] ?? { at: 0, length: 0 }
  }

  /** Leaves an address, and says what is to be added to it. The element is there. */
  address(e: Element, frame: RoundFrame, lane: number): number {
    const { terms, plus } = this.#sum(e.at, frame, lane)
    const offset = this.place(e).at + 8 * plus
    this.#total(offset < 0 ? [...terms, () => this.#code.i32(plus)] : terms)
    if (terms.length === 0) this.#code.i32(0)
    else {
      this.#code.i32(3)
      this.#code.do('i32.shl')
    }
    return offset < 0 ? this.place(e).at : offset
  }

  #total(terms: readonly (() => void)[]): void {
    for (const [k, term] of terms.entries()) {
      term()
      if (k > 0) this.#code.do('i32.add')
    }
  }

  #sum(e: IndexExpr, frame: RoundFrame, lane: number): Sum {
    const code = this.#code
    switch (e.kind) {
      case 'whole':
        return { terms: [], plus: e.value }
      case 'extent':
        return { terms: [], plus: volumeOver(e.axes, this.#layout.sizes) }
      case 'variable': {
        const positions = frame.positions(e.local.id)
        const { local, plus } = positions[lane] ?? positions[0] ?? { local: 0, plus: 0 }
        return { terms: [() => code.get(local)], plus }
      }
      case 'total': {
        const sums = e.terms.map((t) => this.#sum(t, frame, lane))
        return { terms: sums.flatMap((s) => s.terms), plus: sums.reduce((total, s) => total + s.plus, 0) }
      }
      case 'offset': {
        const { terms, plus } = this.#sum(e.of, frame, lane)
        return { terms, plus: plus + e.by }
      }
      case 'times': {
        const { terms, plus } = this.#sum(e.of, frame, lane)
        const by = volumeOver(e.by.axes, this.#layout.sizes)
        const product = (): void => {
          this.#total(terms)
          code.i32(by)
          code.do('i32.mul')
        }
        return { terms: terms.length === 0 ? [] : by === 1 ? terms : [product], plus: plus * by }
      }
      case 'truncated': {
        const term = (): void => {
          this.#real(e.of, frame, lane)
          code.do('i32.trunc_sat_f64_s')
        }
        return { terms: [term], plus: 0 }
      }
    }
  }
}

function added(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}
