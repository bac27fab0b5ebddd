import { partsOf } from '../loops/passes/trees.ts'
import type { Apply, Element, Inside, Real } from '../loops/program.ts'
import type { Code } from './code.ts'
import { type FormulaOp, operations } from './formulas/formula.ts'
import type { NumberShape } from './formulas/print.ts'
import type { RoundFrame } from './frame.ts'
import type { MemoryLayout } from './layout.ts'
import { operationRows } from './operations.ts'
import { PositionPrinter } from './print-positions.ts'

type RealKind = Real['kind']
type RealOf<K extends RealKind> = Extract<Real, { readonly kind: K }>
type OneWriters = { readonly [K in RealKind]: (e: RealOf<K>, frame: RoundFrame, lane: number) => void }
type PairWriters = { readonly [K in RealKind]: (e: RealOf<K>, frame: RoundFrame) => void }

/** The numbers of one module: one by one, as f64, or for two rounds at once, as a pair. */
export class RealPrinter {
  readonly positions: PositionPrinter
  readonly #code: Code
  readonly functionAt: (name: string, shape: NumberShape) => number
  readonly #ones: OneWriters
  readonly #pairs: PairWriters

  constructor(code: Code, layout: MemoryLayout, functionAt: (name: string, shape: NumberShape) => number) {
    this.#code = code
    this.functionAt = functionAt
    this.positions = new PositionPrinter(code, layout, (e, frame, lane) => this.one(e, frame, lane))
    this.#ones = {
      constant: ({ value }) => code.f64(value),
      variable: ({ local }, frame, lane) => this.#variable(local.id, frame, lane),
      element: (e, frame, lane) => this.#element(e, frame, lane),
      apply: (e, frame, lane) => this.#applied(e, frame, lane),
      inside: (e, frame, lane) => this.#inside(e, frame, lane),
      count: ({ of }, frame, lane) => {
        const known = this.positions.known(of, frame)
        if (known !== undefined) code.f64(known)
        else {
          this.positions.print(of, frame, lane)
          code.do('f64.convert_i32_s')
        }
      },
    }
    this.#pairs = {
      constant: ({ value }) => code.pair(value),
      variable: ({ local }, frame) => {
        const found = frame.real(local.id, undefined)
        code.get(found.local)
        if (found.width === 1 || found.lane !== undefined) this.#splat(found.lane)
      },
      element: (e, frame) => this.#elements(e, frame),
      apply: (e, frame) => this.#appliedToPairs(e, frame),
      inside: (e, frame) => this.#apart(e, frame),
      count: (e, frame) => this.#apart(e, frame),
    }
  }

  one(e: Real, frame: RoundFrame, lane: number): void {
    ;(this.#ones[e.kind] as (e: Real, frame: RoundFrame, lane: number) => void)(e, frame, lane)
  }

  /** The numbers of both rounds of a frame. */
  pair(e: Real, frame: RoundFrame): void {
    ;(this.#pairs[e.kind] as (e: Real, frame: RoundFrame) => void)(e, frame)
  }

  /** As wide as the frame is. */
  print(e: Real, frame: RoundFrame): void {
    if (frame.width === 1) this.one(e, frame, 0)
    else this.pair(e, frame)
  }

  #splat(lane: number | undefined): void {
    if (lane !== undefined) this.#code.lane('f64x2.extract_lane', lane)
    this.#code.do('f64x2.splat')
  }

  #variable(id: number, frame: RoundFrame, lane: number): void {
    const found = frame.real(id, lane)
    this.#code.get(found.local)
    if (found.width === 2) this.#code.lane('f64x2.extract_lane', found.lane ?? lane)
  }

  /** One round after the other. */
  #apart(e: Real, frame: RoundFrame): void {
    this.one(e, frame, 0)
    this.#code.do('f64x2.splat')
    this.one(e, frame, 1)
    this.#code.lane('f64x2.replace_lane', 1)
  }

  /** No number where there is no element: a computed position may be anything. */
  #element(e: Element, frame: RoundFrame, lane: number): void {
    const { length } = this.positions.place(e)
    const read = (): void => this.#code.access('f64.load', this.positions.address(e, frame, lane))
    if (length === 0) this.#code.f64(Number.NaN)
    else if (this.positions.isComputed(e.at)) this.within(e, frame, lane, 'f64', read, () => this.#code.f64(Number.NaN))
    else read()
  }

  /** Goes one way where an element is in its array, else the other. */
  within(e: Element, frame: RoundFrame, lane: number, type: 'f64' | undefined, yes: () => void, no?: () => void): void {
    this.positions.print(e.at, frame, lane)
    this.#code.i32(this.positions.place(e).length)
    this.#code.do('i32.lt_u')
    this.#code.if(type, yes, no)
  }

  #elements(e: Element, frame: RoundFrame): void {
    const { length } = this.positions.place(e)
    const stride = this.positions.isComputed(e.at) ? undefined : this.positions.stride(e.at, frame)
    if (length === 0) this.#code.pair(Number.NaN)
    else if (stride === 0) this.#code.access('v128.load64_splat', this.positions.address(e, frame, 0))
    else if (stride === 1) this.#code.access('v128.load', this.positions.address(e, frame, 0))
    else if (this.positions.isComputed(e.at)) this.#apart(e, frame)
    else {
      const second = this.positions.address(e, frame, 1)
      this.#code.access('v128.load64_zero', this.positions.address(e, frame, 0))
      this.#code.loadSecond(second)
    }
  }

  #inside({ index, is, bound, value }: Inside, frame: RoundFrame, lane: number): void {
    this.positions.print(index, frame, lane)
    this.positions.print(bound, frame, lane)
    this.#code.do(is === 'below' ? 'i32.lt_s' : 'i32.ge_s')
    this.#code.if(
      'f64',
      () => this.one(value, frame, lane),
      () => this.#code.f64(0),
    )
  }

  #applied({ op, args }: Apply, frame: RoundFrame, lane: number): void {
    const row = operationRows[op]
    const code = this.#code
    if (row.by === 'choice') {
      this.#chosen(args, frame, lane)
      return
    }
    for (const a of args) this.one(a, frame, lane)
    if (row.by === 'instruction' || row.by === 'comparison') code.do(operations[row.op].one)
    else code.call(this.functionAt(op, 'one'))
    if (row.by === 'comparison') code.do('f64.convert_i32_s')
  }

  #chosen([test, a, b]: readonly Real[], frame: RoundFrame, lane: number): void {
    if (test === undefined || a === undefined || b === undefined) return
    const [yes, no] = [() => this.one(a, frame, lane), () => this.one(b, frame, lane)]
    const branches = calls(a) || calls(b)
    if (!branches) {
      yes()
      no()
    }
    this.#test(test, 'one', (e) => this.one(e, frame, lane))
    if (branches) this.#code.if('f64', yes, no)
    else this.#code.do('select')
  }

  /** A comparison as it is, instead of as the number that it gives. */
  #test(test: Real, shape: NumberShape, print: (e: Real) => void): void {
    const row = test.kind === 'apply' ? operationRows[test.op] : undefined
    if (test.kind === 'apply' && row?.by === 'comparison') {
      for (const a of test.args) print(a)
      this.#code.do(operations[row.op][shape])
      return
    }
    print(test)
    print({ kind: 'constant', value: 0 })
    this.#code.do(operations.ne[shape])
  }

  #appliedToPairs({ op, args }: Apply, frame: RoundFrame): void {
    const row = operationRows[op]
    const code = this.#code
    const [test, a, b] = args
    if (row.by === 'kernel') {
      this.#called(op, args, frame)
      return
    }
    if (row.by === 'choice' && test !== undefined && a !== undefined && b !== undefined) {
      this.pair(a, frame)
      this.pair(b, frame)
      this.#test(test, 'pair', (e) => this.pair(e, frame))
      code.do('v128.bitselect')
      return
    }
    if (row.by === 'comparison') code.pair(1)
    for (const x of args) this.pair(x, frame)
    if (row.by === 'formula') code.call(this.functionAt(op, 'pair'))
    else if (row.by !== 'choice') code.do(operations[row.op as FormulaOp].pair)
    if (row.by === 'comparison') code.do('v128.and')
  }

  /** A function that takes one number at a time. */
  #called(op: Apply['op'], args: readonly Real[], frame: RoundFrame): void {
    const code = this.#code
    const locals = args.map((a) => {
      const local = code.local('v128')
      this.pair(a, frame)
      code.set(local)
      return local
    })
    for (const lane of [0, 1]) {
      for (const local of locals) {
        code.get(local)
        code.lane('f64x2.extract_lane', lane)
      }
      code.call(this.functionAt(op, 'one'))
      if (lane === 0) code.do('f64x2.splat')
      else code.lane('f64x2.replace_lane', 1)
    }
  }
}

/** Whether it takes a call, or a test, to compute it: worth a branch. */
function calls(e: Real): boolean {
  if (e.kind === 'apply') {
    const { by } = operationRows[e.op]
    return by === 'formula' || by === 'kernel' || by === 'choice' || e.args.some(calls)
  }
  return e.kind === 'inside' || partsOf(e).some((part) => part.kind === 'truncated')
}
