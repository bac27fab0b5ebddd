import { must } from '../../../base/internal-error.ts'
import { atom, type Code } from '../../kernel/code.ts'

/** Where code is being written: a function's body or a loop's, inside of others. */
export interface Scope {
  /** The same whenever the same place is written. */
  readonly key: string
  readonly parent: Scope | undefined
  readonly depth: number
  readonly axis: string | undefined
  /** The position along `axis`. */
  readonly index: Code | undefined
  /** In an unrolled loop, the index that `index` is ahead of. */
  readonly counter: Code | undefined
  /** The recursion that this loop is. */
  readonly scan: number | undefined
  readonly lines: string[]
  /** Variables declared here, by what they hold. */
  readonly names: Map<string, string>
}

/** An expression, and the outermost scope in which it could be written. */
export interface Value extends Code {
  readonly level: Scope
  /** Certainly a whole number that fits an index. */
  readonly whole?: boolean
}

export function functionScope(key: string): Scope {
  return {
    key,
    parent: undefined,
    depth: 0,
    axis: undefined,
    index: undefined,
    counter: undefined,
    scan: undefined,
    lines: [],
    names: new Map(),
  }
}

export function loopScope(parent: Scope, key: string, axis: string, index: Code, scan?: number, counter?: Code): Scope {
  return { key, parent, depth: parent.depth + 1, axis, index, counter, scan, lines: [], names: new Map() }
}

export function root(scope: Scope): Scope {
  return scope.parent === undefined ? scope : root(scope.parent)
}

export function scopeOfAxis(scope: Scope, axis: string): Scope | undefined {
  if (scope.axis === axis) return scope
  return scope.parent === undefined ? undefined : scopeOfAxis(scope.parent, axis)
}

export function scopeOfScan(scope: Scope, scan: number): Scope {
  return scope.scan === scan ? scope : scopeOfScan(must(scope.parent, 'loop of a recursion'), scan)
}

/** Whether what is declared in `outer` can be seen in `inner`. */
export function sees(inner: Scope, outer: Scope): boolean {
  return inner === outer || (inner.parent !== undefined && sees(inner.parent, outer))
}

export function deepest(scopes: readonly Scope[], least: Scope): Scope {
  return scopes.reduce((a, b) => (b.depth > a.depth ? b : a), least)
}

/** A loop on one line if its body is one statement. */
export function writeLoop(scope: Scope, head: string, body: readonly string[]): void {
  const [only] = body
  if (body.length === 1 && only !== undefined && !only.startsWith('const ') && !only.includes('\n') && !only.startsWith('for ')) {
    scope.lines.push(`${head} ${only}`)
  } else scope.lines.push(`${head} {`, ...body.map((l) => `  ${l}`), '}')
}

/** Makes names, and variables for expressions that are wanted more than once or in an inner loop. */
export class Sharing {
  readonly #counts: Map<string, number>
  readonly #final: boolean
  readonly #next = new Map<string, number>()

  /** `counts`: how often each was wanted when everything was written before; without it, this is that first time. */
  constructor(counts?: ReadonlyMap<string, number>) {
    this.#final = counts !== undefined
    this.#counts = new Map(counts)
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  get final(): boolean {
    return this.#final
  }

  /** A name that nobody has: the prefix and a number. */
  name(prefix: string): string {
    return `${prefix}${this.repeat(prefix)}`
  }

  /** How often it was asked about this before. */
  repeat(name: string): number {
    const k = this.#next.get(name) ?? 0
    this.#next.set(name, k + 1)
    return k
  }

  count(key: string): void {
    if (!this.#final) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** Whether it is wanted at one place only. */
  single(key: string): boolean {
    return this.#final && this.#counts.get(key) === 1
  }

  /** `code` as wanted from `from`, in a variable of its own scope unless it is wanted once, right there. */
  share(code: Value, from: Scope, prefix: string): Value {
    const { level, text } = code
    const known = level.names.get(text)
    const key = `${level.key} ${inFirstLane(level, text)}`
    this.count(key)
    if (known === undefined && level === from && this.single(key)) return code
    const name = known ?? this.name(prefix)
    if (known === undefined) {
      level.lines.push(`const ${name} = ${text}`)
      level.names.set(text, name)
    }
    return { ...atom(name), level, ...(code.whole === undefined ? {} : { whole: code.whole }) }
  }
}

/** The same expression at the loop's own index, under which it was counted. */
function inFirstLane({ index, counter }: Scope, text: string): string {
  if (index === undefined || counter === undefined) return text
  return text.replaceAll(`(${index.text})`, counter.text).replaceAll(index.text, counter.text)
}
