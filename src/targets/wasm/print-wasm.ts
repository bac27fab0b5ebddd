import type { Sizes } from '../../ir/graph.ts'
import { expressionsOf, partsOf } from '../loops/passes/trees.ts'
import type { Expression, LoopProgram, LoopStatement } from '../loops/program.ts'
import { Code } from './code.ts'
import { RoundFrame } from './frame.ts'
import { Functions } from './functions.ts'
import { layOut, type MemoryLayout } from './layout.ts'
import { type ImportedFunction, moduleBytes } from './module.ts'
import { kernelNamesIn } from './operations.ts'
import { RealPrinter } from './print-reals.ts'
import { StatementPrinter } from './print-statements.ts'
import { routineImport } from './routines.ts'

/** A program at given sizes as a module, whose functions `once` and `always` work in the memory that it is given. */
export interface PrintedModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly layout: MemoryLayout
  /** The functions of the kernel that it calls, and its routines. */
  readonly imports: readonly ImportedFunction[]
}

export const ONCE = 'once'
export const ALWAYS = 'always'

/** The only place that knows the whole of a module: its functions, and where its arrays lie. */
export function printWasm(program: LoopProgram, sizes: Sizes): PrintedModule {
  const layout = layOut(program.arrays, sizes)
  const called = [...program.once, ...program.always].flatMap(kernelFunctions)
  const imports = [...new Map(called.map((c) => [c.name, c])).values()]
  const functions = new Functions(imports)
  const printed = [ONCE, ALWAYS].map((name) => ({
    name,
    takes: [],
    gives: [],
    code: bodyOf(name === ONCE ? program.once : program.always, layout, functions),
  }))
  const own = functions.own
  return { bytes: moduleBytes({ imports, functions: [...own, ...printed], pages: layout.pages }), layout, imports }
}

function bodyOf(statements: readonly LoopStatement[], layout: MemoryLayout, functions: Functions): ReturnType<Code['bytes']> {
  const code = new Code(0)
  const reals = new RealPrinter(code, layout, (name, shape) => functions.at(name, shape))
  new StatementPrinter(code, layout, reals).block(statements, RoundFrame.outermost())
  return code.bytes()
}

function kernelFunctions(s: LoopStatement): readonly ImportedFunction[] {
  const inner = s.kind === 'loop' ? s.body.flatMap(kernelFunctions) : []
  const whole = s.kind === 'routine' ? [routineImport(s)] : []
  return [...inner, ...whole, ...expressionsOf(s).flatMap(calledBy)]
}

function calledBy(e: Expression): readonly ImportedFunction[] {
  const names = e.kind === 'apply' ? [...kernelNamesIn(e.op)] : []
  const own = names.map(([name, arity]) => ({ name, takes: Array.from({ length: arity }, () => 'f64' as const), gives: ['f64' as const] }))
  return [...own, ...partsOf(e).flatMap(calledBy)]
}
