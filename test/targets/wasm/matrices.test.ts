import { describe, expect, it } from 'vitest'
import { factorise } from '../../../src/base/linear/cholesky.ts'
import { pullFactor } from '../../../src/base/linear/cholesky-gradient.ts'
import { type MatrixPart, transposed } from '../../../src/base/linear/part.ts'
import { type MatrixSteps, plainSteps } from '../../../src/base/linear/steps.ts'
import { keyFromSeed, Stream } from '../../../src/base/random.ts'
import { machineOf } from '../../../src/targets/wasm/matrices/machine.ts'
import { afterStrips, NUMBER } from '../../../src/targets/wasm/matrices/places.ts'
import { quickRoutines } from '../../../src/targets/wasm/matrices/routines.ts'

const stream = new Stream(keyFromSeed(20261201))

/** Where the matrices of a case lie: each has this much room behind the strips. */
const START = afterStrips(80) / NUMBER
const ROOM = 40_000
const machine = machineOf(NUMBER * (START + 3 * ROOM))

/** The layouts that algorithms meet: rows number after number, columns so, and neither. */
const layouts = {
  rows: (_rows: number, columns: number) => ({ down: columns + 3, across: 1 }),
  columns: (rows: number) => ({ down: 1, across: rows + 1 }),
  neither: (_rows: number, columns: number) => ({ down: 2 * columns + 1, across: 2 }),
}
const names = Object.keys(layouts) as (keyof typeof layouts)[]

/** A matrix of random numbers among others. */
function random(rows: number, columns: number, layout: keyof typeof layouts): MatrixPart {
  const { down, across } = layouts[layout](rows, columns)
  return { data: Float64Array.from({ length: 5 + rows * down + columns * across }, () => stream.normal()), at: 5, down, across }
}

/** All that the last matrix's array has after `run` in JavaScript, and on the machine. */
function both(
  matrices: readonly MatrixPart[],
  run: (steps: MatrixSteps, matrices: readonly MatrixPart[]) => void,
): readonly Float64Array[] {
  const start = (k: number): number => START + k * ROOM
  const here = matrices.map((m) => ({ ...m, data: m.data.slice() }))
  for (const [k, m] of matrices.entries()) machine.numbers.set(m.data, start(k))
  run(plainSteps, here)
  run(
    machine.steps,
    matrices.map((m, k) => ({ ...m, data: machine.numbers, at: start(k) + m.at })),
  )
  const last = start(matrices.length - 1)
  const expected = (here.at(-1) as MatrixPart).data
  return [expected, machine.numbers.slice(last, last + expected.length)]
}

describe('steps on matrices as WebAssembly have the bits of those in JavaScript', () => {
  const shapes = [[1, 1, 1], [4, 4, 4], [5, 7, 3], [16, 8, 256], [13, 22, 257], [64, 66, 70], [9, 9, 0]] as const // biome-ignore format: one a row would be long
  const cases = shapes.flatMap(([rows, columns, inner]) => names.map((layout) => ({ rows, columns, inner, layout })))
  it.each(cases)('products of $rows by $columns, sums over $inner, $layout', ({ rows, columns, inner, layout }) => {
    for (const [i, j] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const) {
      const matrices = [
        random(rows, inner, names[i] as keyof typeof layouts),
        random(inner, columns, names[j] as keyof typeof layouts),
        random(rows, columns, layout),
      ]
      const [here, there] = both(matrices, (steps, [a, b, c]) =>
        steps.subtractProduct(c as MatrixPart, a as MatrixPart, b as MatrixPart, rows, columns, inner),
      )
      expect(there).toEqual(here)
    }
  })

  it.each(names)('lower triangles of products, %s', (layout) => {
    for (const n of [3, 4, 18, 45]) {
      const matrices = [random(n, 20, layout), random(20, n, 'rows'), random(n, n, layout)]
      const [here, there] = both(matrices, (steps, [a, b, c]) =>
        steps.subtractProduct(c as MatrixPart, a as MatrixPart, b as MatrixPart, n, n, 20, true),
      )
      expect(there).toEqual(here)
    }
  })

  it.each(names.flatMap((layout) => [1, 4, 11].map((columns) => ({ layout, columns }))))('right sides of $layout, $columns of them', ({
    layout,
    columns,
  }) => {
    for (const n of [1, 2, 15, 16]) {
      for (const step of ['solveFew', 'solveFewTransposed'] as const) {
        const matrices = [random(n, n, layout), random(n, columns, layout)]
        const [here, there] = both(matrices, (steps, [l, b]) => steps[step](l as MatrixPart, b as MatrixPart, n, columns))
        expect(there).toEqual(here)
      }
    }
  })
})

/** a a' + n I, inside an array that is larger. */
function positive(n: number): MatrixPart {
  const a = Float64Array.from({ length: n * n }, () => stream.normal())
  const [at, down, across] = [3, 2 * n + 1, 2]
  const data = Float64Array.from({ length: at + n * down }, () => stream.normal())
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      let dot = i === j ? n : 0
      for (let k = 0; k < n; k += 1) dot += (a[i * n + k] as number) * (a[j * n + k] as number)
      data[at + i * down + j * across] = dot
    }
  }
  return { data, at, down, across }
}

describe.each([16, 47, 48, 49, 97, 131])('routines that take %i rows', (n) => {
  const copied = (m: MatrixPart): MatrixPart => ({ ...m, data: m.data.slice() })

  it('have the bits of those in JavaScript', () => {
    const x = positive(n)
    const [here, there] = [copied(x), copied(x)]
    factorise(here, n)
    quickRoutines.factorise(there, n)
    expect(there.data).toEqual(here.data)
    const g = { ...x, data: x.data.map(() => stream.normal()) }
    const [gHere, gThere] = [copied(transposed(g)), copied(transposed(g))]
    pullFactor(here, gHere, n)
    quickRoutines.pullFactor(there, gThere, n)
    expect(gThere.data).toEqual(gHere.data)
  })

  it('have the same columns that do not exist', () => {
    const x = positive(n)
    x.data[x.at + (n >> 1) * (x.down + x.across)] = -1
    const [here, there] = [copied(x), copied(x)]
    factorise(here, n)
    quickRoutines.factorise(there, n)
    expect(there.data).toEqual(here.data)
    expect(here.data[x.at + (n - 1) * (x.down + x.across)]).toBeNaN()
  })
})
