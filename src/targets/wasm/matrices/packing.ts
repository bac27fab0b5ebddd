import { TILE } from '../../../base/linear/product.ts'
import type { ModuleFunction } from '../module.ts'
import { ACROSS, NUMBER } from './places.ts'
import { type Args, add, below, equal, type IntVariable, mul, RoutineWriter } from './writer.ts'

const lines = Array.from({ length: TILE }, (_, line) => line)

/**
 * `pack(from, apart, step, count, terms, to)`: `count` lines, `apart` from each other, of `terms` numbers with `step` between them,
 * side by side from `to` on; zeros in the place of lines that are not there.
 */
export function pack(): ModuleFunction {
  const w = new RoutineWriter(6)
  const { code } = w
  const [from, apart, step, count, terms, to] = w.args as Args<6>
  const end = w.variable(add(to, mul(terms, ACROSS)))
  const neighbours = (): void =>
    w.rounds(to, end, ACROSS, () => {
      for (const offset of [0, 16]) {
        w.push(to)
        w.push(from)
        code.access('v128.load', offset)
        code.access('v128.store', offset)
      }
      w.advance(from, step)
    })
  const whole = (): void => {
    const starts = [from]
    for (const line of lines.slice(1)) starts.push(w.variable(add(starts[line - 1] as IntVariable, apart)))
    w.rounds(to, end, ACROSS, () => {
      for (const [line, at] of starts.entries()) {
        w.push(to)
        w.push(at)
        code.access('f64.load', 0)
        code.access('f64.store', NUMBER * line)
      }
      for (const at of starts) w.advance(at, step)
    })
  }
  const some = (): void => {
    const [at, put] = w.variables(2) as Args<2>
    for (const line of lines) {
      w.set(at, add(from, mul(apart, line)))
      w.set(put, to)
      const copy = (value: () => void): void =>
        w.rounds(put, end, ACROSS, () => {
          w.push(put)
          value()
          code.access('f64.store', NUMBER * line)
          w.advance(at, step)
        })
      const there = (): void => {
        w.push(at)
        code.access('f64.load', 0)
      }
      w.when(
        below(line, count),
        () => copy(there),
        () => copy(() => code.f64(0)),
      )
    }
  }
  w.when(equal(count, TILE), () => w.when(equal(apart, NUMBER), neighbours, whole), some)
  return w.made()
}

/** `unpack(from, to, apart, step, count, terms)`: `count` lines that lie side by side back to where they are from. */
export function unpack(): ModuleFunction {
  const w = new RoutineWriter(6)
  const [from, to, apart, step, count, terms] = w.args as Args<6>
  const [line, at, put, end] = w.variables(4) as Args<4>
  w.rounds(line, count, 1, () => {
    w.set(at, add(from, mul(line, NUMBER)))
    w.set(put, add(to, mul(line, apart)))
    w.set(end, add(at, mul(terms, ACROSS)))
    w.rounds(at, end, ACROSS, () => {
      w.push(put)
      w.push(at)
      w.code.access('f64.load', 0)
      w.code.access('f64.store', 0)
      w.advance(put, step)
    })
  })
  return w.made()
}
