import { InternalError } from '../../../base/internal-error.ts'
import type { Code } from '../code.ts'
import type { WasmType } from '../instructions.ts'
import { type Done, type Formula, type FormulaFunction, formulasOf, type Gives, operations, partsOf } from './formula.ts'
import type { TableName } from './tables.ts'

export type NumberShape = 'one' | 'pair'

/** Where a formula finds what is not its own. */
export interface Surroundings {
  /** The index of a function. */
  readonly functionAt: (name: string, shape: NumberShape) => number
  /** The index of a function of the kernel. */
  readonly importedAt: (name: string) => number
  /** The place of a table in memory, in bytes. */
  readonly tableAt: (name: TableName) => number
}

/** Writes the body of a function of one number. */
export function printOne(formula: FormulaFunction, code: Code, surroundings: Surroundings): void {
  const { cases, otherwise } = formula
  const from = (k: number, printer: FormulaPrinter): void => {
    const found = cases[k]
    if (found === undefined) {
      printer.print(otherwise)
      return
    }
    printer.print(found.when)
    code.if(
      'f64',
      () => printer.branch().print(found.value),
      () => from(k + 1, printer.branch()),
    )
  }
  from(0, new FormulaPrinter('one', code, surroundings, usesOf(formulasOf(formula))))
}

/** Writes the body of a function of pairs: one number after the other by `name`, the function of one, where they go different ways. */
export function printPair(name: string, { arity, cases, otherwise }: FormulaFunction, code: Code, surroundings: Surroundings): void {
  const [first] = cases
  const printer = new FormulaPrinter('pair', code, surroundings, usesOf(first === undefined ? [otherwise] : [first.when, first.value]))
  if (first === undefined) {
    printer.print(otherwise)
    return
  }
  const alone = (lane: number): void => {
    for (let k = 0; k < arity; k += 1) {
      code.get(k)
      code.lane('f64x2.extract_lane', lane)
    }
    code.call(surroundings.functionAt(name, 'one'))
  }
  printer.print(first.when)
  code.do('i64x2.all_true')
  code.if(
    'v128',
    () => printer.branch().print(first.value),
    () => {
      alone(0)
      code.do('f64x2.splat')
      alone(1)
      code.lane('f64x2.replace_lane', 1)
    },
  )
}

const types: Readonly<Record<Gives, WasmType>> = { real: 'f64', whole: 'i64', mask: 'i32' }

type FormulaKind = Formula['kind']
type FormulaWriters = { readonly [K in FormulaKind]: (e: Extract<Formula, { readonly kind: K }>) => void }

class FormulaPrinter {
  readonly #shape: NumberShape
  readonly #code: Code
  readonly #around: Surroundings
  readonly #uses: ReadonlyMap<Formula, number>
  /** The variables that hold what was computed on the way here. */
  readonly #held: Map<Formula, number>
  readonly #writers: FormulaWriters

  constructor(shape: NumberShape, code: Code, around: Surroundings, uses: ReadonlyMap<Formula, number>, held = new Map<Formula, number>()) {
    this.#shape = shape
    this.#code = code
    this.#around = around
    this.#uses = uses
    this.#held = held
    this.#writers = {
      argument: ({ position }) => code.get(position),
      literal: ({ value }) => (shape === 'one' ? code.f64(value) : code.pair(value)),
      whole: ({ value }) => {
        code.i64(value)
        if (shape === 'pair') code.do('i64x2.splat')
      },
      done: (e) => this.#done(e),
      shifted: ({ to, by, of }) => {
        this.print(of)
        if (shape === 'one') code.i64(BigInt(by))
        else code.i32(by)
        const instructions = { left: { one: 'i64.shl', pair: 'i64x2.shl' }, right: { one: 'i64.shr_u', pair: 'i64x2.shr_u' } } as const
        code.do(instructions[to][shape])
      },
      'looked up': ({ table, at }) => this.#lookUp(around.tableAt(table), at),
      called: ({ name, of }) => {
        for (const part of of) this.print(part)
        code.call(around.functionAt(name, shape))
      },
      imported: ({ name, of }) => {
        if (shape === 'pair') throw new InternalError(`${name} is for one number at a time`)
        for (const part of of) this.print(part)
        code.call(around.importedAt(name))
      },
    }
  }

  /** For what comes after a test: what it computes is not there after the branches join. */
  branch(): FormulaPrinter {
    return new FormulaPrinter(this.#shape, this.#code, this.#around, this.#uses, new Map(this.#held))
  }

  print(e: Formula): void {
    const held = this.#held.get(e)
    if (held !== undefined) {
      this.#code.get(held)
      return
    }
    ;(this.#writers[e.kind] as (e: Formula) => void)(e)
    if ((this.#uses.get(e) ?? 0) < 2 || partsOf(e).length === 0) return
    const local = this.#code.local(this.#shape === 'pair' ? 'v128' : types[givenBy(e)])
    this.#code.tee(local)
    this.#held.set(e, local)
  }

  #done({ op, of }: Done): void {
    const [test, ...rest] = of
    // Instructions that choose take the test last.
    const parts = op === 'select' && test !== undefined ? [...rest, test] : of
    for (const part of parts) this.print(part)
    // A pair's bits are what it is.
    if (this.#shape === 'one' || (op !== 'bits' && op !== 'real')) this.#code.do(operations[op][this.#shape])
  }

  /** Entries are eight bytes each. */
  #lookUp(place: number, at: Formula): void {
    const code = this.#code
    this.print(at)
    if (this.#shape === 'one') {
      code.do('i32.wrap_i64')
      code.i32(3)
      code.do('i32.shl')
      code.access('f64.load', place)
      return
    }
    const addresses = code.local('v128')
    code.i32(3)
    code.do('i64x2.shl')
    code.set(addresses)
    for (const lane of [1, 0]) {
      code.get(addresses)
      code.lane('i64x2.extract_lane', lane)
      code.do('i32.wrap_i64')
    }
    code.access('v128.load64_zero', place)
    code.loadSecond(place)
  }
}

function givenBy(e: Formula): Gives {
  if (e.kind === 'shifted' || e.kind === 'whole') return 'whole'
  if (e.kind !== 'done') return 'real'
  const { gives } = operations[e.op]
  if (gives !== 'second') return gives
  const second = e.of[1]
  if (second === undefined) throw new InternalError('a choice of nothing')
  return givenBy(second)
}

/** At how many places each part stands. */
function usesOf(formulas: readonly Formula[]): ReadonlyMap<Formula, number> {
  const uses = new Map<Formula, number>()
  const visit = (e: Formula): void => {
    const before = uses.get(e) ?? 0
    uses.set(e, before + 1)
    if (before === 0) for (const part of partsOf(e)) visit(part)
  }
  for (const e of formulas) visit(e)
  return uses
}
