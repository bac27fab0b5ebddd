import { must } from '../../base/internal-error.ts'
import type { MatrixPart } from '../../base/linear/part.ts'
import type { Routine, RoutineName } from '../loops/program.ts'
import { quickRoutines } from './matrices/routines.ts'
import type { ImportedFunction } from './module.ts'

/** Numbers that say where a matrix is: its array, and the three of its layout. */
const PER_MATRIX = 4

/** A routine as a module asks for it: with whole numbers alone. */
export function routineImport({ routine, matrices, sizes }: Routine): ImportedFunction {
  return { name: routine, takes: Array.from({ length: PER_MATRIX * matrices.length + sizes.length }, () => 'i32'), gives: [] }
}

/** A routine of the kernel on the arrays of a module's memory; undefined where `name` is none. */
export function routineOn(name: string, arrays: readonly Float64Array[]): ((...numbers: readonly number[]) => void) | undefined {
  if (!Object.hasOwn(quickRoutines, name)) return undefined
  const run = quickRoutines[name as RoutineName] as (...args: readonly (MatrixPart | number)[]) => void
  return (...numbers) => {
    const matrices = Math.floor(numbers.length / PER_MATRIX)
    const parts = Array.from({ length: matrices }, (_, k): MatrixPart => {
      const [array = 0, at = 0, down = 0, across = 0] = numbers.slice(PER_MATRIX * k, PER_MATRIX * (k + 1))
      return { data: must(arrays[array], 'array'), at, down, across }
    })
    run(...parts, ...numbers.slice(PER_MATRIX * matrices))
  }
}
