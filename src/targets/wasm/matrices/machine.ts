import { type MatrixPart, transposed } from '../../../base/linear/part.ts'
import type { MatrixSteps } from '../../../base/linear/steps.ts'
import { engine } from '../engine.ts'
import { GIVEN, MEMORY, moduleBytes } from '../module.ts'
import { pack, unpack } from './packing.ts'
import { NUMBER } from './places.ts'
import { subtractProduct, takeOff, tile } from './product.ts'
import { solveFew, solveFewTransposed } from './substitution.ts'

/** A memory, its numbers, and the steps of blocked algorithms on matrices that lie in it. */
export interface MatrixMachine {
  readonly numbers: Float64Array
  readonly steps: MatrixSteps
}

const PAGE = 65536

type Numbered = (...numbers: number[]) => void

interface Exports {
  readonly subtractProduct: Numbered
  readonly solveFew: Numbered
  readonly solveFewTransposed: Numbered
}

let compiled: object | undefined
let machine: MatrixMachine | undefined

/** The machine with a memory of at least so many bytes: the one there is, or a new one. */
export function machineOf(bytes: number): MatrixMachine {
  const found = machine
  if (found !== undefined && found.numbers.byteLength >= bytes) return found
  const made = started(bytes)
  machine = made
  return made
}

function started(bytes: number): MatrixMachine {
  compiled ??= new engine.Module(matrixModule())
  const memory = new engine.Memory({ initial: Math.ceil(bytes / PAGE) })
  const { exports } = new engine.Instance(compiled, { [GIVEN]: { [MEMORY]: memory } })
  const run = exports as unknown as Exports
  return {
    numbers: new Float64Array(memory.buffer),
    steps: {
      // Rows of C that lie number after number are taken off in pairs: of its transpose where they are its columns.
      subtractProduct: (c, a, b, rows, columns, inner, lower = false) =>
        c.down === 1 && !lower
          ? run.subtractProduct(...inBytes(transposed(c)), ...inBytes(transposed(b)), ...inBytes(transposed(a)), columns, rows, inner, 0)
          : run.subtractProduct(...inBytes(c), ...inBytes(a), ...inBytes(b), rows, columns, inner, lower ? 1 : 0),
      solveFew: (l, b, size, columns) => run.solveFew(...inBytes(l), ...inBytes(b), size, columns),
      solveFewTransposed: (l, b, size, columns) => run.solveFewTransposed(...inBytes(l), ...inBytes(b), size, columns),
    },
  }
}

function inBytes({ at, down, across }: MatrixPart): readonly [number, number, number] {
  return [NUMBER * at, NUMBER * down, NUMBER * across]
}

/** The module, in which functions go by their places here. */
export function matrixModule(): Uint8Array<ArrayBuffer> {
  const at = { pack: 0, unpack: 1, tile: 2, takeOff: 3 }
  const functions = [
    pack(),
    unpack(),
    tile(),
    takeOff(),
    subtractProduct('subtractProduct', at),
    solveFew('solveFew', at),
    solveFewTransposed('solveFewTransposed', at),
  ]
  return moduleBytes({ imports: [], functions, pages: 0 })
}
