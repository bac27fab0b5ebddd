import { must } from '../base/internal-error.ts'
import { volume } from '../base/tensor.ts'
import type { Sizes } from '../ir/graph.ts'
import { isUnbounded } from '../middle/kinds.ts'
import type { RetrievalProgram, RetrievalState } from '../middle/program.ts'
import { type KnownKinks, kinksOf } from './kink-layout.ts'

/** Where one continuous state lies in the flat vector of all coordinates. */
export interface StateBlock {
  readonly state: RetrievalState
  readonly offset: number
  readonly length: number
  /** Sizes of `state.coordinateAxes`. */
  readonly shape: readonly number[]
  /** The unit vectors of a `sphere` state. */
  readonly spheres: readonly Sphere[]
}

/** One vector inside the flat coordinates: elements `start`, `start + stride`, ... (`size` of them). */
export interface Sphere {
  readonly start: number
  readonly stride: number
  readonly size: number
}

export interface Layout {
  readonly blocks: readonly StateBlock[]
  readonly length: number
  /** Where E is a smooth part and kinks: the coordinates of each norm; a kink of its own for each other one that has any. */
  readonly kinks?: KnownKinks
}

/** Lays the continuous states of a program end to end, in the program's order. */
export function layoutOf(program: Pick<RetrievalProgram, 'states'>, sizes: Sizes): Layout {
  const blocks: StateBlock[] = []
  let offset = 0
  for (const state of program.states) {
    const shape = shapeOf(state.coordinateAxes, sizes)
    const length = volume(shape)
    blocks.push({ state, offset, length, shape, spheres: spheresOf(state, shape, offset) })
    offset += length
  }
  const kinks = blocks.some((b) => b.state.proximal?.kinked) ? kinksOf(blocks) : undefined
  return { blocks, length: offset, ...(kinks && { kinks }) }
}

export function shapeOf(axes: readonly string[], sizes: Sizes): readonly number[] {
  return axes.map((axis) => must(sizes[axis], `size of the axis ${axis}`))
}

function spheresOf(state: RetrievalState, shape: readonly number[], offset: number): readonly Sphere[] {
  if (state.move.kind !== 'sphere') return []
  const at = state.coordinateAxes.indexOf(state.move.axis)
  const size = must(shape[at], `the axis ${state.move.axis} of ${state.name}`)
  const stride = volume(shape.slice(at + 1))
  const outer = volume(shape.slice(0, at))
  return Array.from({ length: outer * stride }, (_, k) => ({
    start: offset + Math.floor(k / stride) * size * stride + (k % stride),
    stride,
    size,
  }))
}

/** 1 for the coordinates of neurons. */
export function neuronsOf(layout: Layout): Uint8Array {
  const out = new Uint8Array(layout.length)
  for (const block of layout.blocks) if (block.state.move.kind === 'neuron') out.fill(1, block.offset, block.offset + block.length)
  return out
}

/** The state a coordinate belongs to. */
export function blockAt(layout: Layout, i: number): StateBlock {
  return must(
    layout.blocks.findLast((block) => block.offset <= i),
    `state of coordinate ${i}`,
  )
}

/** Whether coordinates are logarithms (or logits) of what the user sees. */
export function isLogarithm(state: RetrievalState): boolean {
  const { type, move } = state
  return move.kind === 'free' && !isUnbounded(type)
}
