import type { Declared } from '../analysis.ts'
import type { DefStatement, Name, Program, Statement } from '../ast.ts'
import type { CheckContext } from './scope.ts'
import { constants } from './vocabulary.ts'

/** What a program declares, by name; axes have names of their own. */
export interface Declarations {
  readonly axes: ReadonlyMap<string, Declared>
  /** Variables, lets and defs. */
  readonly values: ReadonlyMap<string, Declared>
  /** What statements declare that could not be read. */
  readonly unknown: ReadonlyMap<string, Declared>
  /** Models and named terms, of which nothing but their statement knows. */
  readonly own: ReadonlyMap<Statement, Declared>
  readonly parameters: ReadonlyMap<DefStatement, ReadonlyMap<string, Declared>>
  readonly parametersOf: (def: string) => ReadonlyMap<string, Declared> | undefined
  /** In the order of the text. */
  readonly all: readonly Declared[]
}

export function declarationsOf(c: CheckContext, program: Program): Declarations {
  const [axes, values, unknown] = [axesOf(c), valuesOf(c), unknownOf(c, program)]
  const own = new Map<Statement, Declared>()
  const parameters = new Map<DefStatement, ReadonlyMap<string, Declared>>()
  for (const s of program.statements) {
    if (s.kind === 'def') parameters.set(s, parametersOf(s))
    if ((s.kind === 'model' || s.kind === 'energy' || s.kind === 'objective') && s.name !== undefined) {
      own.set(s, { kind: s.kind, name: s.name.text, declared: s.name.span })
    }
  }
  const tables = [axes, values, unknown, own, ...parameters.values()]
  const all = tables.flatMap((table) => [...table.values()]).sort((a, b) => a.declared.start - b.declared.start)
  const ofDef = (name: string) => {
    const def = c.scope.defs.get(name)
    return def && parameters.get(def)
  }
  return { axes, values, unknown, own, parameters, parametersOf: ofDef, all }
}

function axesOf({ scope }: CheckContext): ReadonlyMap<string, Declared> {
  const axes = new Map<string, Declared>()
  for (const { name, span, size, labels } of scope.axes.values()) {
    // A name that cannot be written stands for the middle of a transposition.
    if (name.endsWith("'")) continue
    const isKnown = !scope.unknown.axes.has(name)
    axes.set(name, { kind: 'axis', name, declared: span, ...(isKnown ? { size } : {}), ...(labels === undefined ? {} : { labels }) })
  }
  return axes
}

function valuesOf({ scope }: CheckContext): ReadonlyMap<string, Declared> {
  const values = new Map<string, Declared>()
  for (const [name, { declaration: d, axes, type }] of scope.variables) {
    const typed = type === undefined ? {} : { type }
    values.set(name, { kind: 'variable', name, declared: d.name.span, role: d.role, axes, ...typed })
  }
  for (const [name, s] of scope.lets) values.set(name, { kind: 'let', name, declared: s.name.span, value: s.value })
  for (const [name, s] of scope.defs) {
    values.set(name, { kind: 'def', name, declared: s.name.span, parameters: s.parameters.map((p) => p.text) })
  }
  return values
}

function unknownOf({ scope }: CheckContext, { broken }: Program): ReadonlyMap<string, Declared> {
  const unknown = new Map<string, Declared>()
  const first: readonly Name[] = broken.flatMap(({ name }) => name ?? [])
  const others = broken.flatMap(({ words }) => words.filter(({ text }) => !Object.hasOwn(constants, text)))
  for (const { text, span } of [...first, ...others]) {
    const isOther = scope.variables.has(text) || scope.lets.has(text) || scope.defs.has(text) || scope.axes.has(text)
    if (scope.unknown.names.has(text) && !isOther && !unknown.has(text)) unknown.set(text, { kind: 'unknown', name: text, declared: span })
  }
  return unknown
}

function parametersOf(s: DefStatement): ReadonlyMap<string, Declared> {
  const found = new Map<string, Declared>()
  for (const { text, span } of [...s.axes, ...s.parameters]) {
    if (!found.has(text)) found.set(text, { kind: 'parameter', name: text, declared: span, within: s.span })
  }
  return found
}
