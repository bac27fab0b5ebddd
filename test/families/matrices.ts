import { must } from '../../src/base/internal-error.ts'
import type { ArrayFamily } from '../../src/families/tables/signatures.ts'
import { GraphBuilder } from '../../src/ir/builder.ts'
import { gradient } from '../../src/ir/gradient.ts'
import type { Sizes } from '../../src/ir/graph.ts'
import { maths } from '../../src/ir/maths.ts'
import type { Executable } from '../../src/middle/executable.ts'
import { kernel } from '../../src/targets/kernel.ts'
import type { FamilyRule } from './rules.ts'
import { familyRules } from './rules.ts'

export type MatrixFamily = Exclude<ArrayFamily, 'dirichlet' | 'multinomial' | 'von_mises_fisher'>

/** A number, or an array nested as its axes are. */
export type Nested = number | readonly Nested[]

interface Shape {
  readonly x: readonly string[]
  readonly over: readonly string[]
  readonly args: readonly (readonly string[])[]
  readonly own: readonly (string | undefined)[]
}

/** `d` and `e` are the axes of the left side, `d2` and `e2` those that only covariances have. */
const shapes: Readonly<Record<MatrixFamily, Shape>> = {
  multi_normal: { x: ['d'], over: ['d'], args: [['d'], ['d', 'd2']], own: [undefined, 'd2'] },
  multi_normal_cholesky: { x: ['d'], over: ['d'], args: [['d'], ['d', 'd2']], own: [undefined, 'd2'] },
  multi_student_t: { x: ['d'], over: ['d'], args: [[], ['d'], ['d', 'd2']], own: [undefined, undefined, 'd2'] },
  lkj_cholesky: { x: ['d', 'e'], over: ['d', 'e'], args: [[]], own: [undefined] },
  wishart: { x: ['d', 'e'], over: ['d', 'e'], args: [[], ['d', 'e']], own: [undefined, undefined] },
  inverse_wishart: { x: ['d', 'e'], over: ['d', 'e'], args: [[], ['d', 'e']], own: [undefined, undefined] },
  matrix_normal: {
    x: ['d', 'e'],
    over: ['d', 'e'],
    args: [
      ['d', 'e'],
      ['d', 'd2'],
      ['e', 'e2'],
    ],
    own: [undefined, 'd2', 'e2'],
  },
}

export function ruleOf(name: MatrixFamily): FamilyRule {
  return familyRules[name]
}

export interface MatrixDensity {
  readonly value: number
  /** By x and by each argument, flat. */
  readonly gradient: readonly Float64Array[]
}

export function flat(x: Nested): number[] {
  return typeof x === 'number' ? [x] : x.flatMap(flat)
}

/** The log density of a family with its gradients. */
export function density(name: MatrixFamily): (x: Nested, args: readonly Nested[]) => MatrixDensity {
  const { x: axes, over, args, own } = shapes[name]
  const builder = new GraphBuilder()
  const inputs = [builder.input('x', axes), ...args.map((a, i) => builder.input(`a${i}`, a))]
  const [x, ...rest] = inputs as [number, ...number[]]
  const value = ruleOf(name).logDensity(maths(builder), x, rest, { over, own })
  builder.output('value', value)
  gradient(builder, value, inputs).forEach((g, i) => {
    builder.output(`g${i}`, g, i === 0 ? axes : must(args[i - 1], 'argument'))
  })
  const graph = builder.finish()
  const made = new Map<string, Executable>()
  const executable = (sizes: Sizes): Executable => {
    const key = JSON.stringify(sizes)
    if (!made.has(key)) made.set(key, kernel(graph, sizes))
    return must(made.get(key), 'kernel')
  }
  return (point, values) => {
    const run = executable(sizesOf(name, point))
    ;[point, ...values].forEach((v, i) => {
      run.inputs.get(i === 0 ? 'x' : `a${i - 1}`)?.set(flat(v))
    })
    run.run()
    const output = (of: string): Float64Array => must(run.outputs.get(of), of)
    return { value: output('value')[0] as number, gradient: inputs.map((_, i) => Float64Array.from(output(`g${i}`))) }
  }
}

function sizesOf(name: MatrixFamily, x: Nested): Sizes {
  const rows = (x as readonly Nested[]).length
  const columns = shapes[name].x.length === 1 ? rows : ((x as readonly Nested[])[0] as readonly Nested[]).length
  return { d: rows, d2: rows, e: columns, e2: columns }
}
