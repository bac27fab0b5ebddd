import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'

/** An expression of the language and the axes it varies over. */
interface Expression {
  readonly text: string
  readonly axes: readonly string[]
}

const reductions = ['sum', 'sum', 'sum', 'logsumexp', 'max', 'mean'] as const
const functions = ['tanh', 'sin', 'cos', 'softplus', 'log_cosh', 'abs', 'sigmoid'] as const

/**
 * Random energies of one state `s[i]`, made of sums, products, smooth functions, reductions, renamed axes, running sums,
 * picks and choices, over the data `A[r, i]`, `J[i, j]`, `b[i]`, `c[r]`, `at[r] : i`.
 */
export class RandomModels {
  readonly #stream: Stream

  constructor(seed: number) {
    this.#stream = new Stream(fold(keyFromSeed(seed), 'models'))
  }

  /** `state`: how the state appears in expressions (`s`, or `b[s]` for elements); `type`: its type, if not real. */
  next(state: string, type = ''): string {
    const energies = Array.from({ length: 1 + this.#below(2) }, () => `energy ${closed(this.#expression(1 + this.#below(4), state))}`)
    const declarations = ['axis j = size(i)', 'data A[r, i]', 'data J[i, j]', 'data b[i]', 'data c[r]', 'data at[r] : i']
    return ['model random', ...declarations, `state s[i]${type === '' ? '' : ` : ${type}`}`, ...energies, ''].join('\n')
  }

  #expression(depth: number, state: string): Expression {
    if (depth === 0) return this.#leaf(state)
    const a = this.#expression(depth - 1, state)
    const choice = this.#stream.uniform()
    if (choice < 0.3) return this.#binary(a, this.#expression(depth - 1, state))
    if (choice < 0.62 && a.axes.length > 0) return this.#reduced(a)
    if (choice < 0.7 && a.axes.includes('i') && !a.axes.includes('j')) return { text: `(${a.text})[i -> j]`, axes: exchanged(a.axes, 'j') }
    if (choice < 0.74 && a.axes.includes('i')) return { text: `cumsum[i](${a.text})`, axes: a.axes }
    if (choice < 0.78 && a.axes.includes('i')) return { text: `(${a.text})[i = at]`, axes: exchanged(a.axes, 'r') }
    if (choice < 0.83) return { text: `(${a.text})^2`, axes: a.axes }
    if (choice < 0.87) return { text: `where(c > 0, ${a.text}, 0.5)`, axes: union(a.axes, ['r']) }
    return { text: `${this.#one(functions)}(${a.text})`, axes: a.axes }
  }

  #leaf(state: string): Expression {
    const choice = this.#stream.uniform()
    if (choice < 0.45) return { text: state, axes: ['i'] }
    if (choice < 0.55) return { text: `${state}[i -> j]`, axes: ['j'] }
    return this.#one([
      { text: 'A', axes: ['i', 'r'] },
      { text: 'J', axes: ['i', 'j'] },
      { text: 'b', axes: ['i'] },
      { text: 'c', axes: ['r'] },
      { text: '1.5', axes: [] },
    ])
  }

  #binary(a: Expression, b: Expression): Expression {
    return { text: `(${a.text} ${this.#one(['+', '-', '*', '*'])} ${b.text})`, axes: union(a.axes, b.axes) }
  }

  #reduced(a: Expression): Expression {
    const some = a.axes.filter(() => this.#stream.uniform() < 0.6)
    const over = some.length === 0 ? a.axes.slice(0, 1) : some
    return { text: `${this.#one(reductions)}[${over.join(', ')}](${a.text})`, axes: a.axes.filter((x) => !over.includes(x)) }
  }

  #one<T>(all: readonly T[]): T {
    return all[this.#below(all.length)] as T
  }

  #below(n: number): number {
    return this.#stream.integer(n)
  }
}

function closed({ text, axes }: Expression): string {
  return axes.length === 0 ? text : `sum[${axes.join(', ')}](${text})`
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])].sort()
}

function exchanged(axes: readonly string[], by: string): readonly string[] {
  return union(
    axes.filter((a) => a !== 'i'),
    [by],
  )
}
