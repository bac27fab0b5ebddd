import {
  type AccumulateValues,
  type Combining,
  type Element,
  type IndexExpr,
  type Local,
  type LoopStatement,
  type Real,
  type Routine,
  roles,
} from '../loops/program.ts'
import type { Code } from './code.ts'
import { operations } from './formulas/formula.ts'
import type { RoundFrame } from './frame.ts'
import type { MemoryLayout } from './layout.ts'
import { LoopPrinter } from './print-loops.ts'
import type { RealPrinter } from './print-reals.ts'
import { typeOf } from './rounds.ts'

/** The statements of one function. */
export class StatementPrinter {
  readonly #code: Code
  readonly #reals: RealPrinter
  readonly #loops: LoopPrinter

  constructor(code: Code, layout: MemoryLayout, reals: RealPrinter) {
    this.#code = code
    this.#reals = reals
    this.#loops = new LoopPrinter(code, layout.sizes, reals.positions, (statements, frame) => this.block(statements, frame))
  }

  block(statements: readonly LoopStatement[], frame: RoundFrame): void {
    for (const s of statements) this.#statement(s, frame)
  }

  #statement(s: LoopStatement, frame: RoundFrame): void {
    switch (s.kind) {
      case 'let':
        if (roles[s.local.role] === 'index') this.#reals.positions.declare(s.local, s.value as IndexExpr, frame)
        else this.#declare(s.local, s.value as Real, frame)
        return
      case 'start':
        for (const local of s.locals) this.#declare(local, s.value as Real, frame)
        return
      case 'assign':
        this.#reals.print(s.value, frame)
        this.#code.set(frame.real(s.local.id, undefined).local)
        return
      case 'store':
        this.#write(s.into, frame, s.value)
        return
      case 'accumulate':
        this.#accumulate(s, frame)
        return
      case 'routine':
        this.#routine(s, frame)
        return
      case 'loop':
        this.#loops.print(s, frame)
    }
  }

  #declare({ id }: Local, value: Real, frame: RoundFrame): void {
    const local = this.#code.local(typeOf(frame))
    this.#reals.print(value, frame)
    this.#code.set(local)
    frame.setReal(id, local)
  }

  /** Takes of each matrix which array it is in, and where. */
  #routine({ routine, matrices, sizes }: Routine, frame: RoundFrame): void {
    const { positions } = this.#reals
    for (const { array, at, down, across } of matrices) {
      this.#code.i32(array)
      for (const e of [at, down, across]) positions.print(e, frame, 0)
    }
    for (const e of sizes) positions.print(e, frame, 0)
    this.#code.call(this.#reals.functionAt(routine, 'one'))
  }

  /** Stores `value`, or what `by` makes of the element and it. */
  #write(into: Element, frame: RoundFrame, value: Real, by?: Combining): void {
    const code = this.#code
    const { positions } = this.#reals
    if (positions.place(into).length === 0) return
    const computed = positions.isComputed(into.at)
    if (frame.width === 2 && !computed && positions.stride(into.at, frame) === 1) {
      const offset = positions.address(into, frame, 0)
      if (by !== undefined) code.access('v128.load', positions.address(into, frame, 0))
      this.#reals.pair(value, frame)
      if (by !== undefined) code.do(operations[by].pair)
      code.access('v128.store', offset)
      return
    }
    const pair = frame.width === 2 ? code.local('v128') : undefined
    if (pair !== undefined) {
      this.#reals.pair(value, frame)
      code.set(pair)
    }
    for (const lane of pair === undefined ? [0] : [0, 1]) {
      const write = (): void => {
        const offset = positions.address(into, frame, lane)
        if (by !== undefined) code.access('f64.load', positions.address(into, frame, lane))
        if (pair === undefined) this.#reals.one(value, frame, lane)
        else {
          code.get(pair)
          code.lane('f64x2.extract_lane', lane)
        }
        if (by !== undefined) code.do(operations[by].one)
        code.access('f64.store', offset)
      }
      if (computed) this.#reals.within(into, frame, lane, undefined, write)
      else write()
    }
  }

  #accumulate({ into, by, values }: AccumulateValues, frame: RoundFrame): void {
    const value = values.reduce((a, b) => ({ kind: 'apply', op: by, args: [a, b] }))
    if (into.kind === 'element') {
      this.#write(into, frame, value, by)
      return
    }
    const code = this.#code
    const { id } = into.local
    const collector = frame.width === 2 ? frame.collector(id) : undefined
    if (collector === undefined) {
      const { local, width } = frame.real(id, undefined)
      code.get(local)
      this.#reals.print(value, frame)
      code.do(operations[by][width === 1 ? 'one' : 'pair'])
      code.set(local)
      return
    }
    const pair = code.local('v128')
    this.#reals.pair(value, frame)
    code.set(pair)
    code.get(collector)
    for (const lane of [0, 1]) {
      code.get(pair)
      code.lane('f64x2.extract_lane', lane)
      code.do(operations[by].one)
    }
    code.set(collector)
  }
}
