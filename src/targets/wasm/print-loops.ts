import { must } from '../../base/internal-error.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { Combining, IndexExpr, Loop, LoopStatement } from '../loops/program.ts'
import type { Code } from './code.ts'
import { operations } from './formulas/formula.ts'
import type { RoundFrame } from './frame.ts'
import { mayPair } from './pairing.ts'
import type { PositionPrinter } from './print-positions.ts'
import { fromOutside, type Group, lanesOf, PairRow, type Rounds, sumsOf, typeOf } from './rounds.ts'

type PrintBlock = (statements: readonly LoopStatement[], frame: RoundFrame) => void

/** The loops of one function: round by round, or two rounds at once. */
export class LoopPrinter {
  readonly #code: Code
  readonly #sizes: Sizes
  readonly #positions: PositionPrinter
  readonly #block: PrintBlock

  constructor(code: Code, sizes: Sizes, positions: PositionPrinter, block: PrintBlock) {
    this.#code = code
    this.#sizes = sizes
    this.#positions = positions
    this.#block = block
  }

  print(loop: Loop, frame: RoundFrame): void {
    const code = this.#code
    const position = code.local('i32')
    const from = must(loop.from, 'start of a loop')
    if (loop.step < 0) {
      this.#down(loop, from, position, frame)
      return
    }
    this.#positions.print(from, frame, 0)
    code.set(position)
    const { group, rest, between, finish } = this.#pairs(loop, frame)
      ? this.#inPairs(loop, frame, position)
      : this.#asItIs(loop, frame, position)
    if (group.size > 1) this.#rounds(loop, frame, position, group)
    between()
    this.#rounds(loop, frame, position, { size: 1, frames: rest })
    finish()
  }

  /** Whether two rounds at once are worth it: of loops around others only in the innermost that may. */
  #pairs(loop: Loop, frame: RoundFrame): boolean {
    const rounds = this.#known(loop, frame)
    if (rounds !== undefined && rounds < 2 * loop.lanes) return false
    const inner = loop.body.flatMap((s) => (s.kind === 'loop' ? [s] : []))
    if (inner.length > 0 && (frame.width === 2 || inner.some((l) => l.body.some((s) => s.kind === 'loop')))) return false
    return mayPair(loop, this.#sizes)
  }

  /** How many rounds there are, if that is known. */
  #known({ from, until }: Loop, frame: RoundFrame): number | undefined {
    const positions = this.#positions
    const [first, end] = [from === undefined ? undefined : positions.known(from, frame), positions.known(until, frame)]
    return first === undefined || end === undefined ? undefined : end - first
  }

  #rounds({ until, body }: Loop, frame: RoundFrame, position: number, { size, frames }: Group): void {
    const code = this.#code
    const more = (): void => {
      code.get(position)
      code.i32(size - 1)
      code.do('i32.add')
      this.#positions.print(until, frame, 0)
      code.do('i32.lt_s')
    }
    more()
    code.if(undefined, () =>
      code.repeat(() => {
        for (const f of frames) this.#block(body, f)
        code.get(position)
        code.i32(size)
        code.do('i32.add')
        code.set(position)
        more()
      }),
    )
  }

  #down({ index, until, body }: Loop, from: IndexExpr, position: number, frame: RoundFrame): void {
    const code = this.#code
    const positions = this.#positions
    const inner = frame.beside()
    inner.setPositions(
      index.id,
      lanesOf(frame).map(() => ({ local: position, plus: 0 })),
    )
    const step = (): void => {
      code.i32(1)
      code.do('i32.sub')
      code.tee(position)
      positions.print(from, frame, 0)
      code.do('i32.ge_s')
    }
    positions.print(until, frame, 0)
    step()
    code.if(undefined, () =>
      code.repeat(() => {
        this.#block(body, inner)
        code.get(position)
        step()
      }),
    )
  }

  /** Round by round, with sums side by side where the loop has lanes. */
  #asItIs(loop: Loop, frame: RoundFrame, position: number): Rounds {
    const sums = sumsOf(loop)
    const frames = Array.from({ length: loop.lanes }, (_, k) => {
      const own = frame.beside()
      own.setPositions(
        loop.index.id,
        lanesOf(frame).map(() => ({ local: position, plus: k })),
      )
      return own
    })
    for (const own of frames.slice(1))
      for (const { id } of sums) {
        const sum = this.#code.local(typeOf(frame))
        this.#code.get(frame.real(id, undefined).local)
        this.#code.set(sum)
        own.setReal(id, sum)
      }
    const shape = frame.width === 1 ? 'one' : 'pair'
    const finish = (): void => {
      if (loop.lanes === 1) return
      for (const { id, by } of sums) {
        const into = frame.real(id, undefined).local
        this.#code.get(into)
        for (const [k, own] of frames.slice(1).entries()) {
          this.#code.get(own.real(id, undefined).local)
          if (k > 0) this.#code.do(operations[by][shape])
        }
        this.#code.do(operations[by][shape])
        this.#code.set(into)
      }
    }
    return { group: { size: loop.lanes, frames }, rest: frames.slice(0, 1), between: () => {}, finish }
  }

  /** Two rounds at once, for each number of a pair around; with lanes, in as many pairs as it takes. */
  #inPairs(loop: Loop, frame: RoundFrame, position: number): Rounds {
    const code = this.#code
    const sums = sumsOf(loop)
    const rows = lanesOf(frame).map((lane) => new PairRow(loop, frame, lane, position))
    for (const row of rows) {
      for (const id of fromOutside(loop)) this.#repeat(row, id, frame)
      for (const { id } of sums) {
        // Where nothing stands beside it, the sum of a loop without lanes is its own collector.
        const own = frame.width === 1 ? frame.real(id, undefined).local : code.local('f64')
        if (frame.width === 2) {
          code.get(frame.real(id, undefined).local)
          code.lane('f64x2.extract_lane', row.lane)
          code.set(own)
        }
        row.rest.setReal(id, own)
        for (const pair of row.pairs) {
          if (loop.lanes === 1) pair.setCollector(id, own)
          else {
            const sum = code.local('v128')
            code.get(own)
            code.do('f64x2.splat')
            code.set(sum)
            pair.setReal(id, sum)
          }
        }
      }
    }
    const half = (rows[0]?.pairs ?? []).flatMap((_, h) => rows.flatMap((row) => row.pairs[h] ?? []))
    return {
      group: { size: 2 * (rows[0]?.pairs.length ?? 1), frames: half },
      rest: rows.map((row) => row.rest),
      between: () => {
        if (loop.lanes > 1) for (const row of rows) for (const { id } of sums) this.#goOn(row, id)
      },
      finish: () => {
        for (const { id, by } of sums) {
          if (loop.lanes > 1) for (const row of rows) this.#join(row, id, by)
          if (frame.width === 2) this.#besides(rows, id, frame)
        }
      },
    }
  }

  /** A number that stays the same in a loop, twice. */
  #repeat({ lane, pairs }: PairRow, id: number, frame: RoundFrame): void {
    const twice = this.#code.local('v128')
    const { local, width, lane: own } = frame.real(id, lane)
    this.#code.get(local)
    if (width === 2) this.#code.lane('f64x2.extract_lane', own ?? lane)
    this.#code.do('f64x2.splat')
    this.#code.set(twice)
    for (const pair of pairs) pair.setReal(id, twice)
  }

  /** The first lane goes on in the rounds that are left over. */
  #goOn({ pairs: [first], rest }: PairRow, id: number): void {
    const code = this.#code
    code.get(must(first, 'pair').real(id, undefined).local)
    code.lane('f64x2.extract_lane', 0)
    code.set(rest.real(id, undefined).local)
  }

  /** What the first lane has, and then the sum of all others. */
  #join({ pairs, rest }: PairRow, id: number, by: Combining): void {
    const code = this.#code
    const into = rest.real(id, undefined).local
    const lanes = pairs.flatMap((pair) => [0, 1].map((lane) => ({ sum: pair.real(id, undefined).local, lane })))
    code.get(into)
    for (const [k, { sum, lane }] of lanes.slice(1).entries()) {
      code.get(sum)
      code.lane('f64x2.extract_lane', lane)
      if (k > 0) code.do(operations[by].one)
    }
    code.do(operations[by].one)
    code.set(into)
  }

  /** The sums of both rows as a pair. */
  #besides(rows: readonly PairRow[], id: number, frame: RoundFrame): void {
    for (const [k, { rest }] of rows.entries()) {
      this.#code.get(rest.real(id, undefined).local)
      if (k === 0) this.#code.do('f64x2.splat')
      else this.#code.lane('f64x2.replace_lane', k)
    }
    this.#code.set(frame.real(id, undefined).local)
  }
}
