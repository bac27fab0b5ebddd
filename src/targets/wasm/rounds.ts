import { eachVariable, expressionsOf } from '../loops/passes/trees.ts'
import { type Combining, type Loop, type LoopStatement, roles } from '../loops/program.ts'
import type { RoundFrame } from './frame.ts'

/** Rounds that go at once: `size` of them, in frames one after another. */
export interface Group {
  readonly size: number
  readonly frames: readonly RoundFrame[]
}

export interface Rounds {
  readonly group: Group
  /** The frames of one round. */
  readonly rest: readonly RoundFrame[]
  /** What has to stand before the rounds that are left over, and after them. */
  readonly between: () => void
  readonly finish: () => void
}

/** The rounds of a loop beside one number of a pair around, or beside the only one. */
export class PairRow {
  readonly lane: number
  readonly pairs: readonly RoundFrame[]
  readonly rest: RoundFrame

  constructor({ index, lanes }: Loop, frame: RoundFrame, lane: number, position: number) {
    this.lane = lane
    this.pairs = Array.from({ length: Math.max(1, lanes / 2) }, (_, k) => {
      const pair = frame.within(2, lane)
      pair.setPositions(
        index.id,
        [2 * k, 2 * k + 1].map((plus) => ({ local: position, plus })),
      )
      return pair
    })
    this.rest = frame.within(1, lane)
    this.rest.setPositions(index.id, [{ local: position, plus: 0 }])
  }
}

/** The numbers of a frame. */
export function lanesOf(frame: RoundFrame): readonly number[] {
  return frame.width === 1 ? [0] : [0, 1]
}

/** What a number of a frame is in a module. */
export function typeOf(frame: RoundFrame): 'f64' | 'v128' {
  return frame.width === 1 ? 'f64' : 'v128'
}

/** The variables in which a loop accumulates, and how what is apart comes together. */
export function sumsOf(loop: Loop): readonly { readonly id: number; readonly by: Combining }[] {
  const sums = new Map<number, Combining>()
  for (const s of loop.body)
    if (s.kind === 'accumulate' && s.into.kind === 'variable') sums.set(s.into.local.id, s.by === 'sub' ? 'add' : s.by)
  return [...sums].map(([id, by]) => ({ id, by }))
}

/** The numbers that the statements of a loop read and do not set. */
export function fromOutside(loop: Loop): readonly number[] {
  const [used, own] = [new Set<number>(), new Set<number>()]
  const visit = (statements: readonly LoopStatement[]): void => {
    for (const s of statements) {
      if (s.kind === 'let') own.add(s.local.id)
      if (s.kind === 'start') for (const { id } of s.locals) own.add(id)
      if (s.kind === 'accumulate' && s.into.kind === 'variable') own.add(s.into.local.id)
      for (const e of expressionsOf(s))
        eachVariable(e, ({ id, role }) => {
          if (roles[role] === 'real') used.add(id)
        })
      if (s.kind === 'loop') visit(s.body)
    }
  }
  visit(loop.body)
  return [...used].filter((id) => !own.has(id))
}
