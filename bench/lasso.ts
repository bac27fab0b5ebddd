import { spawnSync } from 'node:child_process'
import { load } from '../src/api/load.ts'
import { retrieve } from '../src/api/retrieve.ts'
import { must } from '../src/base/internal-error.ts'
import { keyFromSeed, Stream } from '../src/base/random.ts'
import type { GivenValue } from '../src/bind/given.ts'

/** Least squares with a penalty on sizes: who, how far, and at what cost. */
export interface LassoFigures {
  readonly name: string
  readonly iterations: number
  readonly seconds: number
  /** |A w - y|^2 / 2 + lambda |w|_1 at the end. */
  readonly energy: number
}

interface Problem {
  readonly rows: number
  readonly columns: number
  readonly A: Float64Array
  readonly y: Float64Array
  readonly lambda: number
}

const text = `
data  A[row, col]
data  y[row]
param lambda : positive
state w[col]
energy sum[row]((sum[col](A * w) - y)^2) / 2 + lambda * sum[col](abs(w))
`

export async function lasso(): Promise<readonly LassoFigures[]> {
  const problem = made(200, 500)
  await byAmp(problem)
  return [await byAmp(problem), byFista(problem), ...byScikit(problem)]
}

function made(rows: number, columns: number): Problem {
  const random = new Stream(keyFromSeed(1))
  const A = Float64Array.from({ length: rows * columns }, () => random.normal())
  const w = Float64Array.from({ length: columns }, (_, k) => (k % 25 === 0 ? 3 * random.normal() : 0))
  const y = times({ rows, columns, A }, w).map((v) => v + random.normal())
  const lambda = 0.05 * Math.max(...back({ rows, columns, A }, y).map(Math.abs))
  return { rows, columns, A, y, lambda }
}

const numbers = (shape: readonly number[], data: Float64Array): GivenValue => ({ kind: 'numbers', shape, data })

async function byAmp({ rows, columns, A, y, lambda }: Problem): Promise<LassoFigures> {
  const model = must(load({ name: 'lasso.amp', text }).value, 'model')
  const fixed = [
    { name: 'A', from: 'here', value: numbers([rows, columns], A) },
    { name: 'y', from: 'here', value: numbers([rows], y) },
    { name: 'lambda', from: 'here', value: numbers([], Float64Array.of(lambda)) },
  ]
  const start = performance.now()
  const { value, diagnostics } = await retrieve(model, { fixed, observed: [], cues: [] }, { backend: 'kernel' })
  const seconds = (performance.now() - start) / 1000
  const [found] = must(value, JSON.stringify(diagnostics)).retrievals
  const { steps, energy } = must(found, 'retrieval')
  return { name: 'amp retrieve, text to end', iterations: steps, seconds, energy }
}

/** Beck and Teboulle 2009 as it is written, until a step changes no coordinate by more than 1e-8. */
function byFista(problem: Problem): LassoFigures {
  const start = performance.now()
  const { columns, y, lambda } = problem
  const bend = largestEigenvalue(problem)
  let [w, ahead, t, iterations] = [new Float64Array(columns), new Float64Array(columns), 1, 0]
  for (let most = 1; most > 1e-8 && iterations < 100_000; iterations += 1) {
    const slope = back(
      problem,
      times(problem, ahead).map((v, i) => v - (y[i] as number)),
    )
    const next = ahead.map((v, k) => soft(v - (slope[k] as number) / bend, lambda / bend))
    const later = (1 + Math.sqrt(1 + 4 * t * t)) / 2
    most = Math.max(...next.map((v, k) => Math.abs(v - (w[k] as number))))
    ahead = next.map((v, k) => v + ((t - 1) / later) * (v - (w[k] as number)))
    w = next
    t = later
  }
  return { name: 'FISTA by hand', iterations, seconds: (performance.now() - start) / 1000, energy: energyOf(problem, w) }
}

/** None where there is no Python that has it: `PYTHON` names one. */
function byScikit(problem: Problem): readonly LassoFigures[] {
  const { rows, columns, A, y, lambda } = problem
  const input = JSON.stringify({ rows, columns, A: [...A], y: [...y], lambda })
  const ran = spawnSync(process.env.PYTHON ?? 'python3', ['bench/peers/sklearn_lasso.py'], { encoding: 'utf8', input, maxBuffer: 1 << 28 })
  if (ran.status !== 0) return []
  const { iterations, seconds, w } = JSON.parse(ran.stdout) as { iterations: number; seconds: number; w: number[] }
  return [{ name: 'scikit-learn Lasso', iterations, seconds, energy: energyOf(problem, Float64Array.from(w)) }]
}

type Matrix = Pick<Problem, 'rows' | 'columns' | 'A'>

function times({ rows, columns, A }: Matrix, w: Float64Array): Float64Array {
  const out = new Float64Array(rows)
  for (let r = 0; r < rows; r += 1)
    for (let k = 0; k < columns; k += 1) out[r] = (out[r] as number) + (A[r * columns + k] as number) * (w[k] as number)
  return out
}

function back({ rows, columns, A }: Matrix, v: Float64Array): Float64Array {
  const out = new Float64Array(columns)
  for (let r = 0; r < rows; r += 1)
    for (let k = 0; k < columns; k += 1) out[k] = (out[k] as number) + (A[r * columns + k] as number) * (v[r] as number)
  return out
}

/** Of A'A, by powers; a hundredth more, since powers come from below. */
function largestEigenvalue(matrix: Matrix): number {
  let v: Float64Array = new Float64Array(matrix.columns).fill(1)
  let size = 1
  for (let k = 0; k < 100; k += 1) {
    v = back(matrix, times(matrix, v))
    size = Math.hypot(...v)
    v = v.map((x) => x / size)
  }
  return 1.01 * size
}

const soft = (v: number, by: number): number => Math.sign(v) * Math.max(0, Math.abs(v) - by)

function energyOf(problem: Problem, w: Float64Array): number {
  const rest = times(problem, w)
  const square = rest.reduce((sum, v, i) => sum + (v - (problem.y[i] as number)) ** 2, 0)
  return square / 2 + problem.lambda * w.reduce((sum, v) => sum + Math.abs(v), 0)
}
