import { offset, zero } from '../loops/expressions.ts'
import { unroll } from '../loops/passes/unroll.ts'
import type { ArrayOf, Combining, Expression, IndexExpr, Loop, LoopProgram, LoopStatement, Routine } from '../loops/program.ts'
import { type Quick, verdictOf } from '../loops/quick.ts'
import { stringLiteral } from './literal.ts'
import { Names } from './names.ts'
import { Expressions, helperName } from './print-expression.ts'

/** A program as a JavaScript function, line by line, and what it asks for. */
export interface Printed {
  /** A function expression `(sizes, f, buffers) => { inputs, outputs, run, touch }`. */
  readonly lines: readonly string[]
  /** The axes whose sizes it asks for. */
  readonly axes: readonly string[]
  /** The functions of `f` that it calls. */
  readonly helpers: readonly string[]
}

/** The only place that writes JavaScript; nothing reads it but engines. */
export function printJs(program: LoopProgram): Printed {
  const { once, always, arrays, assumes } = unroll(program)
  const printer = new Printer(arrays)
  const { names } = printer
  const buffers = arrays.map((array, k) => declared(array, names.array(k), names))
  const checks = Object.entries(assumes).map(
    ([axis, size]) => `if (${names.size(axis)} !== ${size}) throw new Error(${stringLiteral(`made for ${size} of ${axis}`)})`,
  )
  const prepare = printer.block(once)
  const run = printer.block(always)
  const helpers = [...printer.expressions.helpers].sort()
  const head = [
    ...[...names.sizes].map(([axis, name]) => `const ${name} = sizes.get(${stringLiteral(axis)})`),
    ...[...names.products].map(([product, name]) => `const ${name} = ${product}`),
    ...checks,
    ...helpers.map((h) => `const ${helperName(h)} = f.${h}`),
    ...buffers,
    ...(once.length === 0 ? [] : ['let ready = false', ...braced('function prepare()', prepare)]),
  ]
  const ports = (kind: ArrayOf['kind']): string =>
    arrays.flatMap((a, k) => (a.kind === kind ? [`[${stringLiteral(a.port ?? '')}, ${names.array(k)}]`] : [])).join(', ')
  const made = [
    `inputs: new Map([${ports('input')}]),`,
    `outputs: new Map([${ports('output')}]),`,
    once.length === 0 ? 'touch() {},' : 'touch() { ready = false },',
    ...braced('run()', once.length === 0 ? run : ['if (!ready) { prepare(); ready = true }', ...run]),
  ]
  const lines = braced('function create(sizes, f, buffers)', [...head, ...braced('return', made)])
  return { lines, axes: [...names.sizes.keys()], helpers }
}

/** One function in which the plain way is preceded by the quick one. */
export function printInOrder(plainProgram: LoopProgram, { before: beforeProgram, program }: Quick): Printed {
  const [plain, before, quick] = [plainProgram, beforeProgram, program].map(printJs) as [Printed, Printed, Printed]
  const made = [
    'inputs: plain.inputs,',
    'outputs: plain.outputs,',
    'touch() { plain.touch(); before.touch(); quick.touch() },',
    ...braced('run()', ['before.run()', ...braced('if (worth[0] === 1)', ['quick.run()', 'if (right[0] === 1) return']), 'plain.run()']),
  ]
  const lines = braced('function create(sizes, f, buffers)', [
    ...called('plain', plain, 'buffers'),
    'const shared = new Map([...plain.inputs, ...plain.outputs])',
    ...called('before', before, 'shared'),
    ...called('quick', quick, 'shared'),
    `const worth = before.outputs.get(${stringLiteral(verdictOf(beforeProgram))})`,
    `const right = quick.outputs.get(${stringLiteral(verdictOf(program))})`,
    ...braced('return', made),
  ])
  const union = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())]
  const all = [plain, before, quick]
  return { lines, axes: union(all.map((p) => p.axes)), helpers: union(all.map((p) => p.helpers)) }
}

function called(name: string, { lines }: Printed, buffers: string): readonly string[] {
  const [first = '', ...rest] = lines
  return [`const ${name} = (${first}`, ...rest.slice(0, -1), `${rest.at(-1) ?? ''})(sizes, f, ${buffers})`]
}

function declared({ port, layout }: ArrayOf, name: string, names: Names): string {
  const fresh = `new Float64Array(${layout.length === 0 ? '1' : names.extent({ axes: layout })})`
  return `const ${name} = ${port === undefined ? '' : `buffers.get(${stringLiteral(port)}) ?? `}${fresh}`
}

function braced(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`, ...lines.map((l) => `  ${l}`), '}']
}

const operators: Readonly<Record<Exclude<Combining, 'min' | 'max'>, string>> = { add: '+', sub: '-', mul: '*' }

/** The statements of one kernel. */
class Printer {
  readonly names: Names
  readonly expressions: Expressions

  constructor(arrays: readonly ArrayOf[]) {
    this.names = new Names(arrays)
    this.expressions = new Expressions(this.names)
  }

  block(statements: readonly LoopStatement[]): readonly string[] {
    return statements.flatMap((s) => (s.kind === 'loop' ? this.#loop(s) : [this.#line(s)]))
  }

  #text(e: Expression): string {
    return this.expressions.code(e).text
  }

  #line(s: Exclude<LoopStatement, Loop>): string {
    switch (s.kind) {
      case 'routine':
        return this.#routine(s)
      case 'let':
        return `const ${this.names.local(s.local)} = ${this.#text(s.value)}`
      case 'start':
        return `let ${s.locals.map((local) => `${this.names.local(local)} = ${this.#text(s.value)}`).join(', ')}`
      case 'assign':
        return `${this.names.local(s.local)} = ${this.#text(s.value)}`
      case 'store':
        return `${this.#text(s.into)} = ${this.#text(s.value)}`
      case 'accumulate': {
        const into = this.#text(s.into)
        if (s.by === 'min' || s.by === 'max') return `${into} = Math.${s.by}(${[into, ...s.values.map((x) => this.#text(x))].join(', ')})`
        return `${into} ${operators[s.by]}= ${s.values.map((x) => this.#text(x)).join(` ${operators[s.by]} `)}`
      }
    }
  }

  #routine({ routine, matrices, sizes }: Routine): string {
    this.expressions.helpers.add(routine)
    const parts = matrices.map(
      ({ array, at, down, across }) =>
        `{ data: ${this.names.array(array)}, at: ${this.#text(at)}, down: ${this.#text(down)}, across: ${this.#text(across)} }`,
    )
    return `${helperName(routine)}(${[...parts, ...sizes.map((n) => this.#text(n))].join(', ')})`
  }

  /** On one line if its body is one statement that needs no braces. */
  #loop(loop: Loop): readonly string[] {
    const head = `for (${this.#rounds(loop)})`
    const [only] = loop.body
    const lines = this.block(loop.body)
    const bare = loop.body.length === 1 && only !== undefined && !['let', 'start', 'loop'].includes(only.kind)
    return bare ? [`${head} ${lines.join('')}`] : braced(head, lines)
  }

  #rounds({ index, from, until, step }: Loop): string {
    const i = this.names.local(index)
    if (step < 0) return `let ${i} = ${this.#text(offset(until, -1))}; ${i} >= ${this.#text(from ?? zero)}; ${i}--`
    const start = from === undefined ? '' : `let ${i} = ${this.#text(from)}`
    return `${start}; ${i} ${this.#before(until)}; ${i}${step === 1 ? '++' : ` += ${step}`}`
  }

  #before(until: IndexExpr): string {
    return until.kind === 'offset' && until.by === 1 ? `<= ${this.#text(until.of)}` : `< ${this.#text(until)}`
  }
}
