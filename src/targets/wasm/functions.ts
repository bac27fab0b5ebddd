import { InternalError, must } from '../../base/internal-error.ts'
import { Code } from './code.ts'
import { type NumberShape, printOne, printPair } from './formulas/print.ts'
import { type TableName, tables } from './formulas/tables.ts'
import type { WasmType } from './instructions.ts'
import type { ImportedFunction, ModuleFunction } from './module.ts'
import { formulaNamed } from './operations.ts'

/** Where the tables lie in memory, in bytes. */
export const tablePlaces: Readonly<Record<TableName, number>> = placed()
export const AFTER_TABLES = Object.values(tables).reduce((end, table) => end + table.byteLength, 0)

function placed(): Record<TableName, number> {
  let at = 0
  const places = Object.entries(tables).map(([name, table]) => {
    at += table.byteLength
    return [name, at - table.byteLength] as const
  })
  return Object.fromEntries(places) as Record<TableName, number>
}

/** The functions that a module turns out to need. What is no formula is imported, for one number at a time. */
export class Functions {
  readonly #imported: readonly ImportedFunction[]
  readonly #own: { readonly name: string; readonly shape: NumberShape }[] = []

  /** `imported`: all functions of the kernel that will be asked for, each once. */
  constructor(imported: readonly ImportedFunction[]) {
    this.#imported = imported
  }

  /** The index of a function. */
  at(name: string, shape: NumberShape): number {
    if (formulaNamed(name) === undefined) return this.#importedAt(name)
    const found = this.#own.findIndex((o) => o.name === name && o.shape === shape)
    if (found >= 0) return this.#imported.length + found
    this.#own.push({ name, shape })
    return this.#imported.length + this.#own.length - 1
  }

  #importedAt(name: string): number {
    const found = this.#imported.findIndex((i) => i.name === name)
    if (found < 0) throw new InternalError(`${name} is not imported`)
    return found
  }

  /** Their bodies; writing one may ask for others. */
  get own(): readonly ModuleFunction[] {
    const made: ModuleFunction[] = []
    for (let k = 0; k < this.#own.length; k += 1) made.push(this.#made(must(this.#own[k], 'function')))
    return made
  }

  #made({ name, shape }: { readonly name: string; readonly shape: NumberShape }): ModuleFunction {
    const formula = formulaNamed(name)
    if (formula === undefined) throw new InternalError(`${name} is no formula`)
    const code = new Code(formula.arity)
    const surroundings = {
      importedAt: (other: string) => this.#importedAt(other),
      functionAt: (other: string, as: NumberShape) => this.at(other, as),
      tableAt: (table: TableName) => tablePlaces[table],
    }
    if (shape === 'one') printOne(formula, code, surroundings)
    else printPair(name, formula, code, surroundings)
    const type = shape === 'one' ? 'f64' : 'v128'
    return { takes: times(formula.arity, type), gives: [type], code: code.bytes() }
  }
}

function times(count: number, type: WasmType): readonly WasmType[] {
  return Array.from({ length: count }, () => type)
}
