import { describe, expect, test } from 'vitest'
import { kernelSource } from '../../../src/targets/kernel/generate.ts'
import { applied, constant, extent, variable, zero } from '../../../src/targets/loops/expressions.ts'
import { settle } from '../../../src/targets/loops/passes/settle.ts'
import { foldSigns } from '../../../src/targets/loops/passes/signs.ts'
import { unroll } from '../../../src/targets/loops/passes/unroll.ts'
import type { Element, Local, LoopProgram, LoopStatement, Real } from '../../../src/targets/loops/program.ts'
import { interpret } from './interpret.ts'

const position: Local = { id: 0, role: 'position', axis: 'a' }
const sum: Local = { id: 1, role: 'sum' }
const out: Element = { kind: 'element', array: 1, at: zero }
const x: Element = { kind: 'element', array: 0, at: variable(position) }

function programOf(always: readonly LoopStatement[]): LoopProgram {
  const inputs = [{ name: 'x', axes: ['a'] }]
  const outputs = [{ name: 'y', axes: [] }]
  const arrays = [
    { kind: 'input', number: 0, port: 'x', layout: ['a'] },
    { kind: 'output', number: 0, port: 'y', layout: [] },
  ] as const
  return { inputs, outputs, arrays, assumes: {}, once: [], always }
}

/** `y = start`, with `value` of every element added to it. */
function summing(value: Real, lanes = 1, before: readonly LoopStatement[] = []): LoopProgram {
  const body: readonly LoopStatement[] = [...before, { kind: 'accumulate', into: variable(sum), by: 'add', values: [value] }]
  return programOf([
    { kind: 'start', locals: [sum], value: constant(0) },
    { kind: 'loop', index: position, from: zero, until: extent('a'), step: 1, lanes, body },
    { kind: 'store', into: out, value: variable(sum) },
  ])
}

function value(program: LoopProgram, numbers: readonly number[]): number | undefined {
  const made = interpret(program, { a: numbers.length })
  made.inputs.get('x')?.set(numbers)
  made.run()
  return made.outputs.get('y')?.[0]
}

/** What `run` does. */
function bodyOf(program: LoopProgram): string {
  const { text } = kernelSource(program)
  return text
    .slice(text.indexOf('run() {') + 7, text.lastIndexOf('\n    }\n  }\n}'))
    .replaceAll('\n      ', '\n')
    .trim()
}

describe('signs', () => {
  test.each([
    ['of what is added', applied('neg', [x]), 's0 -= x0[i0]', -6],
    ['of a number', constant(-2), 's0 -= 2', -6],
    ['that are none', x, 's0 += x0[i0]', 6],
  ])('%s are subtracted', (_, added, text, wanted) => {
    const program = foldSigns(summing(added))
    expect(bodyOf(program)).toContain(text)
    expect(value(program, [1, 2, 3])).toBe(wanted)
  })
})

test('lanes add apart, and what is left over goes to the first: the order is part of the program', () => {
  // 1e16 takes in no 1, but 2, and a sum of ones that is added to it at the end.
  const numbers = [1e16, 1, 1, 1, 1, 1, 1, 1, 1, 1]
  const program = summing(x, 4)
  expect(value(summing(x), numbers)).toBe(1e16)
  expect(value(program, numbers)).toBe(1e16 + 6)
  expect(value(unroll(program), numbers)).toBe(1e16 + 6)
  expect(bodyOf(program)).toMatchInlineSnapshot(`
    "let s0 = 0, s0_1 = 0, s0_2 = 0, s0_3 = 0
    let i0 = 0
    for (; i0 < n0 - 3; i0 += 4) {
      s0 += x0[i0]
      s0_1 += x0[i0 + 1]
      s0_2 += x0[i0 + 2]
      s0_3 += x0[i0 + 3]
    }
    for (; i0 < n0; i0++) s0 += x0[i0]
    s0 += s0_1 + s0_2 + s0_3
    y0[0] = s0"
  `)
})

test('variables that are needed once are written where they are needed, and those that are not are left out', () => {
  const [once, twice, never] = [2, 3, 4].map((id): Local => ({ id, role: 'value' })) as [Local, Local, Local]
  const read: Local = { id: 5, role: 'read' }
  const outer: Element = { kind: 'element', array: 1, at: zero }
  const program = summing(applied('mul', [variable(once), applied('mul', [variable(twice), variable(twice)])]), 1, [
    { kind: 'let', local: never, value: applied('exp', [variable(read)]) },
    { kind: 'let', local: once, value: applied('add', [variable(read), x]) },
    { kind: 'let', local: twice, value: applied('sub', [x, constant(1)]) },
  ])
  const whole = { ...program, always: [{ kind: 'let', local: read, value: outer } as const, ...program.always] }
  expect(bodyOf(settle(whole))).toMatchInlineSnapshot(`
    "let s0 = 0
    const v0 = y0[0]
    for (let i0 = 0; i0 < n0; i0++) {
      const t0 = x0[i0] - 1
      s0 += (v0 + x0[i0]) * (t0 * t0)
    }
    y0[0] = s0"
  `)
  expect(value(settle(whole), [1, 2, 3])).toBe(value(whole, [1, 2, 3]))
})
