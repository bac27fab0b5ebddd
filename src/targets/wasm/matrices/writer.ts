import { Code } from '../code.ts'
import type { WasmType } from '../instructions.ts'
import type { ModuleFunction } from '../module.ts'

/** A whole number of 32 bits: a constant, a variable, or what two of them make. */
export type Int = number | IntVariable | Combined

export interface IntVariable {
  readonly local: number
}

interface Combined {
  readonly op: 'i32.add' | 'i32.sub' | 'i32.mul' | 'i32.and' | 'i32.lt_s' | 'i32.le_s' | 'i32.eq' | 'min'
  readonly of: readonly [Int, Int]
}

const combined =
  (op: Combined['op']) =>
  (a: Int, b: Int): Int => ({ op, of: [a, b] })

export const add = combined('i32.add')
export const sub = combined('i32.sub')
export const mul = combined('i32.mul')
export const min = combined('min')
export const both = combined('i32.and')
export const below = combined('i32.lt_s')
export const atMost = combined('i32.le_s')
export const equal = combined('i32.eq')

/** So many variables. */
export type Args<Count extends number, Found extends readonly IntVariable[] = []> = Found['length'] extends Count
  ? Found
  : Args<Count, readonly [...Found, IntVariable]>

/** A function on whole numbers, statement by statement; `args` are its variables too. */
export class RoutineWriter {
  readonly code: Code
  readonly args: readonly IntVariable[]

  constructor(takes: number) {
    this.code = new Code(takes)
    this.args = Array.from({ length: takes }, (_, local) => ({ local }))
  }

  variable(value: Int): IntVariable {
    const made = { local: this.code.local('i32') }
    this.set(made, value)
    return made
  }

  /** Variables that start from 0. */
  variables(count: number): readonly IntVariable[] {
    return Array.from({ length: count }, () => this.variable(0))
  }

  /** Variables of pairs of numbers, in the numbering of the code. */
  pairs(count: number): readonly number[] {
    return Array.from({ length: count }, () => this.code.local('v128'))
  }

  set({ local }: IntVariable, value: Int): void {
    this.push(value)
    this.code.set(local)
  }

  advance(variable: IntVariable, by: Int): void {
    this.set(variable, add(variable, by))
  }

  /** Rounds as long as `variable`, which is advanced after each, is below `end`. */
  rounds(variable: IntVariable, end: Int, by: Int, body: () => void): void {
    const goesOn = below(variable, end)
    this.when(goesOn, () =>
      this.code.repeat(() => {
        body()
        this.advance(variable, by)
        this.push(goesOn)
      }),
    )
  }

  when(test: Int, yes: () => void, no?: () => void): void {
    this.push(test)
    this.code.if(undefined, yes, no)
  }

  call(index: number, ...args: readonly Int[]): void {
    for (const a of args) this.push(a)
    this.code.call(index)
  }

  push(e: Int): void {
    const { code } = this
    if (typeof e === 'number') code.i32(e)
    else if ('local' in e) code.get(e.local)
    else {
      for (const part of e.of) this.push(part)
      if (e.op !== 'min') code.do(e.op)
      else {
        this.push(below(...e.of))
        code.do('select')
      }
    }
  }

  /** The function, which other modules may call if it has a name. */
  made(name?: string): ModuleFunction {
    const takes = this.args.map((): WasmType => 'i32')
    return { takes, gives: [], code: this.code.bytes(), ...(name === undefined ? {} : { name }) }
  }
}
