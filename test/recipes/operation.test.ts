import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Copy, filesOfRecipe } from './copy.ts'

/** A step of a recipe: in this file, in front of what stands there once, this text. */
type Step = readonly [file: string, before: string, text: string]

/** x^3. */
const elementwise: readonly Step[] = [
  ['src/ir/graph.ts', "  | 'abs'\n", "  | 'cube'\n"],
  ['src/ir/scalar.ts', '  abs: Math.abs', '  cube: (x) => x * x * x,\n'],
  ['src/ir/maths.ts', '  abs: 1,', '  cube: 1,\n'],
  ['src/ir/derivatives.ts', '  abs: [', '  cube: [(m, g, _y, a) => scale(m, g, m.mul(m.k(3), m.square(a)))],\n'],
  ['src/ir/facts.ts', '  abs: {', "  cube: { ...plain, whole: 'kept' },\n"],
  ['src/ir/infinities.ts', '  abs: {', '  cube: { infinite: inherited, underflows: inherited },\n'],
  ['src/ir/simplify/functions.ts', '  abs: named', '  cube: [],\n'],
  ['src/compile/curvature/rules.ts', '  abs: bent', '  cube: never,\n'],
  ['src/targets/loops/rules.ts', '  abs: ', "  cube: { cost: 2, by: 'helper' },\n"],
  ['src/targets/wasm/operations.ts', '  abs: inst', '  cube: kernel(1),\n'],
  ['src/targets/tfjs/calls.ts', '  abs: (tf', '  cube: (tf, x) => tf.mul(tf.square(x as TfTensor), x as TfTensor),\n'],
  ['test/generators/graph-steps.ts', '  abs: unary', "  cube: unary('cube', small),\n"],
]

/** `out[i] = x[(i - by) mod n]`: the numbers along an axis, moved in a circle. */
const structural: readonly Step[] = [
  ['src/ir/graph.ts', '    /** `out[i] = x[i - by]`, 0', "    | { readonly op: 'roll'; readonly axis: string; readonly by: number }\n"],
  [
    'src/ir/structure.ts',
    '  shift: {',
    "  roll: { works: axis, gone: none, made: none, own: { axis: 'axis', by: 'plain' }, moves: true },\n",
  ],
  ['src/ir/facts.ts', '  shift: {', "  roll: { ...plain, whole: 'kept' },\n"],
  ['src/ir/infinities.ts', '  shift: {', '  roll: { infinite: inherited, underflows: inherited },\n'],
  [
    'src/ir/builder.ts',
    '  /** Of something constant along the axis too: zeros come in',
    `  roll(x: NodeId, axis: string, by: number): NodeId {
    return this.axes(x).includes(axis) ? this.#structured({ op: 'roll', axis, by, args: [x], axes: [] }) : x
  }\n\n`,
  ],
  ['src/ir/rebuilt.ts', '  shift: (b', '  roll: (b, n, arg) => b.roll(arg(0), n.axis, n.by),\n'],
  [
    'src/ir/evaluate.ts',
    '  shift,\n',
    `  roll: (node, { sizes, args }) => {
    const x = must(args[0], 'operand')
    const size = sizeOf(node.axis, sizes)
    const step = must(stridesOver(x.axes, sizes).get(node.axis), node.axis)
    const positions = offsets(x.axes, sizes, new Map([[node.axis, 1]]))
    return Float64Array.from(positions, (k, i) => x.data[i + ((((k - node.by) % size) + size) % size - k) * step] as number)
  },\n`,
  ],
  ['src/ir/print.ts', '  shift: (node', `  roll: (node, [x]) => \`roll[\${node.axis} by \${node.by}](\${x})\`,\n`],
  [
    'src/ir/structural-gradient.ts',
    '  cumsum: (node',
    '  roll: (node, { m, adjoint }) => [linear(m, adjoint, (g) => m.builder.roll(g, node.axis, -node.by))],\n',
  ],
  ['src/ir/simplify/structure.ts', '  scan: [],', '  roll: [],\n'],
  ['src/compile/curvature/rules.ts', '  scan: never,', '  roll: never,\n'],
  ['src/targets/loops/graph/written-out.ts', '  cholesky: whole,', '  roll: whole,\n'],
  ['src/targets/loops/schedule/lowered.ts', "'previous'] as const", "'roll', "],
  [
    'src/targets/loops/write/values.ts',
    '  previous: (r, node',
    `  roll: (r, node, scope, positions) => {
    const { of, level } = positionAlong(node.axis, positions, scope)
    const [from, size] = [count(offset(of, -node.by)), count(extent(node.axis))]
    const rounds = applied('floor', [applied('div', [from, size])])
    const there = { of: indexOf(applied('sub', [from, applied('mul', [size, rounds])])), level }
    return readValue(r, operand(node, 0), scope, moved(positions, node.axis, there))
  },\n`,
  ],
  ['src/targets/tfjs/planner.ts', '    scan: (node) =>', '    roll: (node) => this.#onHost(node),\n'],
  [
    'test/generators/graph-steps.ts',
    '  cumsum: (bench',
    `  roll: (bench, { picks }) => {
    const x = bench.operand(picks[0])
    return bench.builder.roll(x, axisFor(bench, x, picks[1]), bench.choose([-1, 1, 2], picks[2]))
  },\n`,
  ],
]

/** The value of `out` and its gradient by x, by the reference and as a kernel, of x over `i` of size 4. */
const script = (out: string): string => `
  import { GraphBuilder } from './src/ir/builder.ts'
  import { gradient } from './src/ir/gradient.ts'
  import { maths } from './src/ir/maths.ts'
  import { simplify } from './src/ir/simplify.ts'
  import { dependence } from './src/compile/marginalise/dependence.ts'
  import { kernel } from './src/targets/kernel.ts'
  import { reference } from './src/targets/reference.ts'
  const builder = new GraphBuilder()
  const m = maths(builder)
  const x = builder.input('x', ['i'])
  const weights = m.add(m.k(1), builder.index('i'))
  const out = ${out}
  const energy = m.sum(['i'], m.mul(weights, m.square(out)))
  builder.output('out', out)
  builder.output('energy', energy)
  builder.output('gradient', gradient(builder, energy, [x])[0], ['i'])
  const graph = simplify(builder.finish())
  const values = (target) => {
    const made = target(graph, { i: 4 })
    made.inputs.get('x').set([1, 2, -3, 0.5])
    made.run()
    return Object.fromEntries([...made.outputs].map(([name, data]) => [name, [...data]]))
  }
  const depends = dependence(builder, [...Array(builder.length).keys()], x, ['i']).get(out)
  console.log(JSON.stringify({ kernel: values(kernel), reference: values(reference), depends }))`

/** The rooms in which something may be said about operations; the others get on with graphs as they are. */
const rooms = ['src/ir', 'src/targets', 'src/compile', 'test/generators']
/** What is no row that every operation needs: the way to write one, and how a kernel reads one that it does not compute. */
const methods = ['src/ir/builder.ts', 'src/targets/loops/schedule/lowered.ts', 'src/targets/loops/write/values.ts']

const x = [1, 2, -3, 0.5]
const recipes = [
  {
    heading: 'An elementwise operation of the graph',
    name: 'cube',
    steps: elementwise,
    out: 'm.cube(x)',
    expected: { depends: 'here', out: x.map((v) => v * v * v), gradient: x.map((v, i) => (i + 1) * 6 * v * v * v * v * v) },
  },
  {
    heading: 'A structural operation of the graph',
    name: 'roll',
    steps: structural,
    out: "builder.roll(x, 'i', 1)",
    expected: { depends: 'coupled', out: [0.5, 1, 2, -3], gradient: x.map((v, i) => (((i + 1) % 4) + 1) * 2 * v) },
  },
]

describe('operations that the recipes add to a copy of the sources', () => {
  let copy: Copy
  let lacking: readonly string[]
  let left: readonly string[]
  beforeAll(() => {
    copy = new Copy()
    for (const { steps } of recipes) for (const step of steps.slice(0, 1)) copy.insertBefore(...step)
    lacking = copy.typeErrors(rooms)
    for (const { steps } of recipes) for (const step of steps.slice(1)) copy.insertBefore(...step)
    left = copy.typeErrors(rooms, [
      ...new Set(lacking.map((line) => line.split('(')[0] as string)),
      ...recipes.flatMap((r) => filesOf(r.steps)),
    ])
  })
  afterAll(() => copy.remove())

  it.each(recipes)('$name: edits the files that the recipe lists', ({ heading, steps }) => {
    expect(filesOf(steps)).toEqual(filesOfRecipe(heading))
  })

  it.each(recipes)('$name: does not compile before every row is there', ({ name, steps }) => {
    const tables = filesOf(steps.slice(1)).filter((file) => !methods.includes(file))
    const named = new Set(lacking.filter((line) => new RegExp(`\\b${name}\\b`).test(line)).map((line) => line.split('(')[0]))
    expect(tables.filter((file) => !named.has(file))).toEqual([])
  })

  it('compiles with them', () => {
    expect(left).toEqual([])
  })

  it.each(recipes)('$name: kernel and reference agree on values and gradients', ({ out, expected }) => {
    const { kernel, reference, depends } = JSON.parse(copy.run(script(out)))
    expect(depends).toBe(expected.depends)
    for (const values of [kernel, reference]) {
      expect(values.out).toEqual(expected.out)
      values.gradient.forEach((g: number, i: number) => {
        expect(g).toBeCloseTo(expected.gradient[i] as number, 9)
      })
    }
  })
})

function filesOf(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.map(([file]) => file))].sort()
}
