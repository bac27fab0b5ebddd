import { describe, expect, it } from 'vitest'
import { must } from '../../src/base/internal-error.ts'
import { expressionOf } from '../../src/compile/outputs.ts'
import { treat } from '../../src/compile/treat.ts'
import type { Target } from '../../src/middle/executable.ts'
import * as ports from '../../src/middle/ports.ts'
import { kernel } from '../../src/targets/kernel.ts'
import { reference } from '../../src/targets/reference.ts'
import { openTfjs } from '../../src/targets/tfjs.ts'
import { energyOf, run, sizesOf, total } from '../compile/models.ts'
import { samplingOf } from '../compile/reading.ts'

const opened = await openTfjs('tfjs-cpu')
const tfjs = must(opened.backend === undefined ? undefined : opened.target, 'tfjs')
const targets: readonly (readonly [string, Target])[] = [
  ['reference', reference],
  ['kernel', kernel],
  ['tfjs-cpu', tfjs],
]

describe.each(targets)('a pick by a computed number, on %s', (_, target) => {
  const program = samplingOf('data b[coef]\nstate x\nenergy (b[coef = floor(x)] - x)^2')
  const b = [2, 5, 7, 11]
  const at = (x: number) => {
    const executable = target(program.graph, { coef: b.length })
    executable.inputs.get('b')?.set(b)
    executable.inputs.get(ports.temperature)?.set([1])
    executable.inputs.get('coordinate:x')?.set([x])
    executable.run()
    const [energy = Number.NaN] = must(executable.outputs.get('energy'), 'energy')
    const [gradient = Number.NaN] = must(executable.outputs.get('gradient:x'), 'gradient')
    executable.dispose()
    return { energy, gradient }
  }

  it.each([
    [1, 2],
    [2.5, 5],
    [3.75, 7],
    [4.5, 11],
  ])('takes the element at floor(%f)', (x, picked) => {
    expect(at(x).energy).toBeCloseTo((picked - x) ** 2, 4)
    expect(at(x).gradient).toBeCloseTo(-2 * (picked - x), 4)
  })

  it.each([0.5, -3, 5, 1e9, -1e12])('outside the axis, at floor(%f), has an infinite energy, and slopes that are numbers', (x) => {
    expect(at(x).energy).toBe(Number.POSITIVE_INFINITY)
    expect(at(x).gradient).not.toBeNaN()
  })
})

describe('the energy of picks by computed numbers', () => {
  const inf = Number.POSITIVE_INFINITY

  it('is infinite where the number is not whole, or is none', () => {
    const energy = energyOf('data b[coef]\nstate x\nenergy b[coef = x]')
    const at = (x: number): number => total(energy, { coef: 3 }, { b: [2, 5, 7], x: [x] })
    expect([1, 2, 3].map(at)).toEqual([2, 5, 7])
    expect([1.5, 0, 4, Number.NaN, -inf].map(at)).toEqual([inf, inf, inf, inf, inf])
  })

  it('is what the branch taken says, whatever would be picked in the other', () => {
    const energy = energyOf('data b[coef]\nstate x\nenergy where(x > 0, b[coef = floor(x)], 10)')
    const at = (x: number): number => total(energy, { coef: 3 }, { b: [2, 5, 7], x: [x] })
    expect([-4, 0, 1, 3.5, 4, 0.5].map(at)).toEqual([10, 10, 2, 7, inf, inf])
  })

  it('asks for nothing at elements that a shift leaves out', () => {
    const energy = energyOf('data b[coef]\nstate k[t]\nenergy sum[t](b[coef = k[t = t - 1]])')
    const at = (k: readonly number[]): number => total(energy, { coef: 3, t: 3 }, { b: [2, 5, 7], k })
    expect(at([1, 3, 99])).toBe(2 + 7)
    expect(at([0, 3, 1])).toBe(inf)
  })

  it('follows a pick of the previous value through a recursion', () => {
    const energy = energyOf('axis t\ndata b[coef]\nstate k\nlet s = scan[t](first = k, next = b[coef = prev])\nenergy sum[t](s)')
    const at = (b: readonly number[], k: number, t = 4): number => total(energy, { coef: 3, t }, { b, k: [k] })
    expect(at([2, 3, 1], 1)).toBe(1 + 2 + 3 + 1)
    // 1, 2, 9: the 9 is picked by only where there is a fourth element.
    expect(at([2, 9, 1], 1, 3)).toBe(1 + 2 + 9)
    expect(at([2, 9, 1], 1, 4)).toBe(inf)
  })

  it('is infinite at a level outside the axis, which then has no weight among those summed out', () => {
    const text = 'data b[coef]\ndata y[row]\nstate z[row] : bit\nstate m ~ normal(0, 1)\ny ~ normal(b[coef = 2 * z + 1] + m, 1)'
    const summed = must(treat(energyOf(text)).value, 'energy')
    const program = samplingOf(summed)
    expect(program.discrete).toEqual([])
    const [b, y, m] = [[0.3, 9], [0.7, -1.1], 0.4]
    const executable = reference(program.graph, sizesOf(program.axes, { coef: 2, row: 2 }))
    const set = (name: string, v: readonly number[]) => executable.inputs.get(name)?.set(v)
    set('b', b)
    set('y', y)
    set(ports.temperature, [1])
    set('coordinate:m', [m])
    executable.run()
    // z = 1 would pick the third of two: p(y) is normal(b[1] + m, 1) alone, and the bit is flat.
    const nlp = (x: number): number => x ** 2 / 2 + Math.log(2 * Math.PI) / 2
    const expected = y.reduce((sum, v) => sum + nlp(v - m - (b[0] as number)), nlp(m))
    expect(executable.outputs.get('energy')?.[0]).toBeCloseTo(expected, 10)
  })

  it('is guarded only where types and fixed sizes do not promise that the pick stays inside', () => {
    const guards = (text: string): number => energyOf(text).graph.nodes.filter((n) => n.op === 'floor' || n.op === 'less_equal').length
    const model = (axis: string, index: string): string =>
      `${axis}\ndata b[coef]\nstate z : bit\nstate n : count\nenergy b[coef = ${index}] + 0 * n`
    expect(guards(model('axis coef = 2', 'z + 1'))).toBe(0)
    expect(guards(model('axis coef = 3', '3 - 2 * z'))).toBe(0)
    expect(guards(model('axis coef = 2', '3 - 2 * z'))).toBeGreaterThan(0)
    expect(guards(model('axis coef', 'z + 1'))).toBeGreaterThan(0)
    expect(guards(model('axis coef = 2', 'n + 1'))).toBeGreaterThan(0)
    expect(guards(model('axis coef = 2', 'z / 2 + 1'))).toBeGreaterThan(0)
  })

  it('reports a value that is no number where the pick is outside', () => {
    const energy = energyOf('data b[coef]\nstate x[row]\nlet w = b[coef = floor(x)]\nenergy sum[row](x^2)')
    const value = expressionOf(energy, ports.quantity('w'))
    expect([...must(run(value, { coef: 2, row: 4 }, { b: [4, 6], x: [1.5, 0, 2, 3] }).value, 'value')]).toEqual([
      4,
      Number.NaN,
      6,
      Number.NaN,
    ])
  })
})
