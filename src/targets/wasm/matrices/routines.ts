import { factorise } from '../../../base/linear/cholesky.ts'
import { pullFactor } from '../../../base/linear/cholesky-gradient.ts'
import type { MatrixPart } from '../../../base/linear/part.ts'
import type { Routines } from '../../kernel/helpers.ts'
import { mayUseWasm } from '../engine.ts'
import { type MatrixMachine, machineOf } from './machine.ts'
import { afterStrips, NUMBER } from './places.ts'

/** From so many rows on a machine takes less time than JavaScript, copies included. */
const LARGE = 48

/**
 * The routines of the kernel with the bits of the kernel: larger matrices are worked on as WebAssembly, where it may be compiled, two
 * numbers at a time.
 */
export const quickRoutines: Routines = {
  factorise(a, size) {
    if (size < LARGE || !mayUseWasm()) factorise(a, size)
    else onMachine(size, [a], ({ steps }, [x]) => factorise(x as MatrixPart, size, steps))
  },
  pullFactor(l, g, size) {
    if (size < LARGE || !mayUseWasm()) pullFactor(l, g, size)
    else onMachine(size, [l, g], ({ steps }, [x, y]) => pullFactor(x as MatrixPart, y as MatrixPart, size, steps))
  },
}

/** Runs with copies of the matrices in the memory of a machine; the last is copied back. */
function onMachine(
  size: number,
  matrices: readonly MatrixPart[],
  run: (machine: MatrixMachine, copies: readonly MatrixPart[]) => void,
): void {
  const start = afterStrips(size)
  const machine = machineOf(start + NUMBER * size * size * matrices.length)
  const copies = matrices.map((_, k) => ({ data: machine.numbers, at: start / NUMBER + k * size * size, down: size, across: 1 }))
  for (const [k, copy] of copies.entries()) copyMatrix(matrices[k] as MatrixPart, copy, size)
  run(machine, copies)
  copyMatrix(copies.at(-1) as MatrixPart, matrices.at(-1) as MatrixPart, size)
}

function copyMatrix(from: MatrixPart, to: MatrixPart, size: number): void {
  const neighbours = from.across === 1 && to.across === 1
  for (let i = 0; i < size; i += 1) {
    let [p, q] = [from.at + i * from.down, to.at + i * to.down]
    if (neighbours) to.data.set(from.data.subarray(p, p + size), q)
    else {
      for (let j = 0; j < size; j += 1) {
        to.data[q] = from.data[p] as number
        p += from.across
        q += to.across
      }
    }
  }
}
