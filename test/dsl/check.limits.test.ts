import { describe, expect, test } from 'vitest'
import type { Expr, Program } from '../../src/dsl/ast.ts'
import { check } from '../../src/dsl/check.ts'
import { codes, diagnose, modelOf } from './checking.ts'

const span = { start: 0, end: 1 }
const x = { kind: 'name', name: { text: 'x', span }, span } satisfies Expr as Expr

function withEnergy(value: Expr): Program {
  const name = { text: 'x', span }
  return {
    statements: [
      { kind: 'declaration', role: 'state', name, axes: [], span },
      { kind: 'energy', value, span },
    ],
    broken: [],
    comments: [],
    span,
  }
}

function codesOf(program: Program): readonly string[] {
  return check(program, { name: 'deep.amp', text: ' ' }).diagnostics.map((d) => d.code)
}

/** Trees are made by hand here: the parser refuses such depths by itself. */
describe('whatever is written, the checker ends with an answer', () => {
  test('a sum may have 100000 terms', () => {
    const chain = (n: number) => {
      let sum: Expr = x
      for (let i = 1; i < n; i += 1) sum = { kind: 'binary', operator: '+', left: sum, right: x, span }
      return sum
    }
    expect(codesOf(withEnergy(chain(900)))).toEqual([])
    expect(codesOf(withEnergy(chain(100_000)))).toEqual([])
  })

  test('900 levels of nesting are fine, 100000 are refused', () => {
    const nested = (n: number) => {
      let e: Expr = x
      for (let i = 0; i < n; i += 1) e = { kind: 'unary', operator: '-', operand: e, span }
      return e
    }
    expect(codesOf(withEnergy(nested(900)))).toEqual([])
    expect(codesOf(withEnergy(nested(100_000)))).toEqual(['AMP221'])
  })

  test('lets that double 200 times are shared, not copied', () => {
    const lets = Array.from({ length: 200 }, (_, i) => `let a${i + 1} = a${i} + a${i}`)
    const model = modelOf(['state x', 'let a0 = x', ...lets, 'energy (a200 / 2^200)^2'].join('\n'))
    expect(model.lets).toHaveLength(201)
  })

  test('5000 lets in a row, written backwards, are put in order', () => {
    const lets = Array.from({ length: 5000 }, (_, i) => `let a${5000 - i} = log(1 + exp(a${4999 - i}))`)
    const model = modelOf(['energy a5000', ...lets, 'let a0 = x^2', 'state x'].join('\n'))
    expect(model.lets.map((l) => l.name)).toEqual(Array.from({ length: 5001 }, (_, i) => `a${i}`))
  })

  test('defs that double 12 times are fine, 60 times are refused at once', () => {
    const doubling = (n: number) =>
      [
        'def f0(u) = u',
        ...Array.from({ length: n }, (_, i) => `def f${i + 1}(u) = f${i}(u) + f${i}(u)`),
        'state x',
        `energy f${n}(x)^2`,
      ].join('\n')
    expect(codes(doubling(12))).toEqual([])
    expect(codes(doubling(60))).toEqual(['AMP222'])
  })

  test('a def inside a def, 600 deep, is refused or fine but never a stack overflow', () => {
    const row = (n: number) =>
      ['def f0(u) = u', ...Array.from({ length: n }, (_, i) => `def f${i + 1}(u) = 1 + f${i}(u)`), 'state x', `energy f${n}(x)^2`].join(
        '\n',
      )
    expect(codes(row(100))).toEqual([])
    expect(codes(row(3000))).toContain('AMP221')
  })

  test('scans nested in scans: each may have to learn its axes twice, and still there is an end', () => {
    const nested = (n: number): string => (n === 0 ? 'prev + y' : `scan[t](first = 0, next = ${nested(n - 1)})[t = 1] + prev`)
    expect(codes(`data y[t, k]\nstate x ~ normal(0, 1)\nenergy sum[t, k](x * scan[t](first = 0, next = ${nested(3)}))`)).toEqual([])
    expect(codes(`data y[t, k]\nstate x ~ normal(0, 1)\nenergy sum[t, k](x * scan[t](first = 0, next = ${nested(30)}))`)).toEqual([
      'AMP222',
    ])
  })

  test('a thousand mistakes are a thousand diagnostics', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `energy nothing${i}`)
    expect(diagnose(lines.join('\n'))).toHaveLength(1000)
  })
})
