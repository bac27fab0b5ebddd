import { must } from '../../../src/base/internal-error.ts'
import type { Sizes } from '../../../src/ir/graph.ts'
import { volumeOver } from '../../../src/ir/layout.ts'
import { scalar } from '../../../src/ir/scalar.ts'
import { helpers, routines } from '../../../src/targets/kernel/helpers.ts'
import type { Combining, Expression, Local, Loop, LoopProgram, LoopStatement } from '../../../src/targets/loops/program.ts'
import { rules } from '../../../src/targets/loops/rules.ts'

export interface Interpreted {
  readonly inputs: ReadonlyMap<string, Float64Array>
  readonly outputs: ReadonlyMap<string, Float64Array>
  run(): void
}

/** Runs a program as `src/targets/loops/program.ts` says what it means. */
export function interpret(program: LoopProgram, sizes: Sizes): Interpreted {
  const arrays = program.arrays.map(({ layout }) => new Float64Array(volumeOver(layout, sizes)))
  const machine = new Machine(arrays, sizes)
  const ports = (kind: 'input' | 'output'): ReadonlyMap<string, Float64Array> =>
    new Map(program.arrays.flatMap((a, k) => (a.kind === kind ? [[a.port ?? '', must(arrays[k], 'array')] as const] : [])))
  return {
    inputs: ports('input'),
    outputs: ports('output'),
    run() {
      machine.block(program.once)
      machine.block(program.always)
    },
  }
}

const folds: Readonly<Record<Combining, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
}

class Machine {
  readonly #arrays: readonly Float64Array[]
  readonly #sizes: Sizes
  readonly #locals = new Map<string, number>()
  /** Which of the variables that collect apart is meant. */
  #lane = 0

  constructor(arrays: readonly Float64Array[], sizes: Sizes) {
    this.#arrays = arrays
    this.#sizes = sizes
  }

  block(statements: readonly LoopStatement[]): void {
    for (const s of statements) this.#statement(s)
  }

  #statement(s: LoopStatement): void {
    switch (s.kind) {
      case 'let':
      case 'assign':
        this.#set(s.local, this.#value(s.value))
        return
      case 'start':
        for (const local of s.locals) this.#set(local, this.#value(s.value))
        return
      case 'store':
        this.#store(s.into.array, this.#value(s.into.at), this.#value(s.value))
        return
      case 'accumulate': {
        const [first = 0, ...rest] = s.values.map((x) => this.#value(x))
        const by = folds[s.by]
        const value = rest.reduce(by, first)
        if (s.into.kind === 'element') {
          const at = this.#value(s.into.at)
          this.#store(s.into.array, at, by(this.#at(s.into.array, at), value))
        } else {
          const into = this.#lane === 0 ? s.into.local : { ...s.into.local, lane: this.#lane }
          this.#set(into, by(this.#get(into), value))
        }
        return
      }
      case 'routine': {
        const matrices = s.matrices.map(({ array, at, down, across }) => ({
          data: must(this.#arrays[array], 'array'),
          ...{ at: this.#value(at), down: this.#value(down), across: this.#value(across) },
        }))
        const run = routines[s.routine] as (...args: readonly unknown[]) => void
        run(...matrices, ...s.sizes.map((n) => this.#value(n)))
        return
      }
      case 'loop':
        this.#loop(s)
    }
  }

  #loop(loop: Loop): void {
    const { index, from, until, step, lanes, body } = loop
    const end = this.#value(until)
    if (step < 0) {
      for (let i = end - 1; i >= this.#value(must(from, 'start')); i -= 1) this.#round(index, i, body)
      return
    }
    const start = from === undefined ? this.#get(index) : this.#value(from)
    const grouped = start + Math.max(0, Math.floor((end - start) / lanes)) * lanes
    const sums = body.flatMap((s) => (s.kind === 'accumulate' && s.into.kind === 'variable' && lanes > 1 ? [s] : []))
    const lanesOf = (local: Local): readonly Local[] => Array.from({ length: lanes - 1 }, (_, k) => ({ ...local, lane: k + 1 }))
    for (const { into } of sums) {
      if (into.kind === 'variable') for (const lane of lanesOf(into.local)) this.#set(lane, this.#get(into.local))
    }
    let i = start
    for (; i < end; i += step) {
      this.#lane = i < grouped ? (i - start) % lanes : 0
      this.#round(index, i, body)
    }
    this.#lane = 0
    this.#set(index, i)
    for (const { into, by } of sums) {
      if (into.kind !== 'variable') continue
      const fold = folds[by === 'sub' ? 'add' : by]
      const [first = 0, ...rest] = lanesOf(into.local).map((lane) => this.#get(lane))
      this.#set(into.local, fold(this.#get(into.local), rest.reduce(fold, first)))
    }
  }

  #round(index: Local, at: number, body: readonly LoopStatement[]): void {
    this.#set(index, at)
    this.block(body)
  }

  #value(e: Expression): number {
    switch (e.kind) {
      case 'constant':
      case 'whole':
        return e.value
      case 'variable':
        return this.#get(e.local)
      case 'element':
        return this.#at(e.array, this.#value(e.at))
      case 'apply': {
        if (e.op === 'where') return this.#value(must(e.args[this.#value(must(e.args[0], 'test')) !== 0 ? 1 : 2], 'branch'))
        const table = rules[e.op].by === 'helper' ? helpers : (scalar as unknown as typeof helpers)
        return must(table[e.op], e.op)(...e.args.map((a) => this.#value(a)))
      }
      case 'inside': {
        const [index, bound] = [this.#value(e.index), this.#value(e.bound)]
        return (e.is === 'below' ? index < bound : index >= bound) ? this.#value(e.value) : 0
      }
      case 'extent':
        return volumeOver(e.axes, this.#sizes)
      case 'total':
        return e.terms.reduce((sum, t) => sum + this.#value(t), 0)
      case 'offset':
        return this.#value(e.of) + e.by
      case 'times':
        return this.#value(e.of) * this.#value(e.by)
      case 'count':
        return this.#value(e.of)
      case 'truncated':
        return this.#value(e.of) | 0
    }
  }

  #get(local: Local): number {
    return must(this.#locals.get(nameOf(local)), 'variable that was set')
  }

  #set(local: Local, value: number): void {
    this.#locals.set(nameOf(local), value)
  }

  #at(array: number, at: number): number {
    const numbers = must(this.#arrays[array], 'array')
    if (!(at >= 0 && at < numbers.length)) throw new RangeError(`element ${at} of ${numbers.length}`)
    return numbers[at] as number
  }

  #store(array: number, at: number, value: number): void {
    const numbers = must(this.#arrays[array], 'array')
    if (!(at >= 0 && at < numbers.length)) throw new RangeError(`element ${at} of ${numbers.length}`)
    numbers[at] = value
  }
}

function nameOf({ id, lane = 0 }: Local): string {
  return `${id} ${lane}`
}
