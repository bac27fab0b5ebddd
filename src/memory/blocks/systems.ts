import { must } from '../../base/internal-error.ts'
import { volume } from '../../base/tensor.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { HessianPart, QuadraticBlock } from '../../middle/program.ts'
import type { FlowSetting } from '../geometry.ts'
import { type Layout, type StateBlock, shapeOf } from '../layout.ts'

/** Coordinates that meet in second derivatives, directly or through others: a system of linear equations. */
export interface LinearSystem {
  /** Their places among all coordinates. */
  readonly at: Int32Array
  /** For each part of the block, which of its numbers belong where in the lower triangle of the matrix. */
  readonly numbers: readonly { readonly from: Int32Array; readonly to: Int32Array }[]
}

/** How many second derivatives a block has, by sizes alone. */
export function numbersIn({ parts }: QuadraticBlock, sizes: Sizes): number {
  return parts.reduce((sum, { positions }) => sum + volume(shapeOf(positions.map((p) => p.axis), sizes)), 0) // biome-ignore format: one line
}

/** The systems of those coordinates of a block that move: what no position couples comes apart. */
export function systemsOf(block: QuadraticBlock, { layout, moves }: FlowSetting, sizes: Sizes): readonly LinearSystem[] {
  const pairs = block.parts.map((part) => pairsOf(part, layout, sizes))
  const group = new Int32Array(layout.length).map((_, i) => i)
  const find = (i: number): number => {
    let root = i
    while (group[root] !== root) root = group[root] as number
    for (let k = i; k !== root; ) {
      const next = group[k] as number
      group[k] = root
      k = next
    }
    return root
  }
  const isFree = (i: number): boolean => moves[i] === 1
  for (const { rows, columns } of pairs) {
    rows.forEach((i, e) => {
      const j = columns[e] as number
      if (isFree(i) && isFree(j)) group[find(i)] = find(j)
    })
  }
  const places = new Map<number, number[]>()
  const local = new Int32Array(layout.length)
  for (const { state, offset, length } of layout.blocks) {
    if (!block.states.includes(state.name)) continue
    for (let i = offset; i < offset + length; i += 1) {
      if (!isFree(i)) continue
      const root = find(i)
      const own = places.get(root) ?? []
      places.set(root, own)
      local[i] = own.push(i) - 1
    }
  }
  const numbers = new Map([...places.keys()].map((root) => [root, pairs.map(() => ({ from: [] as number[], to: [] as number[] }))]))
  for (const [k, { rows, columns, same }] of pairs.entries()) {
    rows.forEach((i, e) => {
      const j = columns[e] as number
      if (!isFree(i) || !isFree(j)) return
      const [r, c] = [local[i] as number, local[j] as number]
      if (same && r < c) return
      const root = find(i)
      const n = must(places.get(root), 'system').length
      const into = must(numbers.get(root)?.[k], 'part')
      into.from.push(e)
      into.to.push(Math.max(r, c) * n + Math.min(r, c))
    })
  }
  return [...places].map(([root, at]) => ({
    at: Int32Array.from(at),
    numbers: must(numbers.get(root), 'numbers').map(({ from, to }) => ({ from: Int32Array.from(from), to: Int32Array.from(to) })),
  }))
}

/** The matrix of a system, from the outputs of the block's parts. */
export function matrixOf({ at, numbers }: LinearSystem, outputs: readonly Float64Array[]): Float64Array {
  const matrix = new Float64Array(at.length * at.length)
  for (const [k, { from, to }] of numbers.entries()) {
    const output = outputs[k] as Float64Array
    for (let e = 0; e < from.length; e += 1) matrix[to[e] as number] = output[from[e] as number] as number
  }
  return matrix
}

/** Which two coordinates each number of a part is about. */
function pairsOf({ row, column, positions }: HessianPart, layout: Layout, sizes: Sizes) {
  const shape = shapeOf(positions.map((p) => p.axis), sizes) // biome-ignore format: one line
  const [rowBlock, columnBlock] = [row, column].map((name) =>
    must(
      layout.blocks.find((b) => b.state.name === name),
      name,
    ),
  ) as [StateBlock, StateBlock]
  const rowSteps = positions.map((p) => strideOf(rowBlock, p.row))
  const columnSteps = positions.map((p) => strideOf(columnBlock, p.column))
  const length = volume(shape)
  const [rows, columns] = [new Int32Array(length), new Int32Array(length)]
  const index = shape.map(() => 0)
  let [i, j] = [rowBlock.offset, columnBlock.offset]
  for (let e = 0; e < length; e += 1) {
    rows[e] = i
    columns[e] = j
    for (let k = shape.length - 1; k >= 0; k -= 1) {
      index[k] = (index[k] as number) + 1
      i += rowSteps[k] as number
      j += columnSteps[k] as number
      if ((index[k] as number) < (shape[k] as number)) break
      i -= (rowSteps[k] as number) * (shape[k] as number)
      j -= (columnSteps[k] as number) * (shape[k] as number)
      index[k] = 0
    }
  }
  return { rows, columns, same: row === column }
}

function strideOf({ state, shape }: StateBlock, axis: string | undefined): number {
  if (axis === undefined) return 0
  return volume(shape.slice(state.coordinateAxes.indexOf(axis) + 1))
}
