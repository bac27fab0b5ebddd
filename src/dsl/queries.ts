import type { Span } from '../base/source.ts'
import type { Analysis, Declared, Meaning, NodeType } from './analysis.ts'
import type { Expr } from './ast.ts'
import { expressionsOf, within } from './check/walk.ts'

/** The innermost expression at an offset into the text; the end of an expression belongs to it. */
export function nodeAt({ program }: Analysis, offset: number): Expr | undefined {
  const statement = program.statements.find((s) => covers(s.span, offset))
  let innermost: Expr | undefined
  for (const root of statement === undefined ? [] : expressionsOf(statement)) {
    for (const e of within(root)) if (covers(e.span, offset) && !isShorter(innermost, e)) innermost = e
  }
  return innermost
}

function covers({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end
}

function isShorter(a: Expr | undefined, b: Expr): boolean {
  return a !== undefined && a.span.end - a.span.start < b.span.end - b.span.start
}

/** What the name at an offset means; undefined where there is no name, or nothing is called so. */
export function definitionOf({ mentions }: Analysis, offset: number): Meaning | undefined {
  return mentions.find(({ span }) => covers(span, offset))?.means
}

/** Where a name is declared and used, in the order of the text. */
export function referencesOf({ mentions }: Analysis, meaning: Meaning): readonly Span[] {
  return mentions.filter(({ means }) => means === meaning).map(({ span }) => span)
}

/** The axes of an expression, or of what a name stands for. */
export function typeOf({ types }: Analysis, of: Expr | Meaning): NodeType {
  if ('span' in of) return types.get(of) ?? { kind: 'unknown' }
  if (of.kind === 'let') return types.get(of.value) ?? { kind: 'unknown' }
  if (of.kind === 'constant') return { kind: 'known', axes: [] }
  if (of.kind !== 'variable' || of.type === undefined) return { kind: 'unknown' }
  const { axes, type } = of
  return { kind: 'known', axes: [...axes].sort(), ...(type.kind === 'element' ? { element: type.axis } : {}) }
}

/** What an expression at an offset can name: the parameters of the def around it first, and then what the text declares. */
export function namesAt({ declarations }: Analysis, offset: number): readonly Declared[] {
  const parameters = declarations.filter((d) => d.kind === 'parameter' && covers(d.within, offset))
  const hidden = new Set(parameters.map(({ name }) => name))
  const others = declarations.filter(({ kind, name }) => namable.has(kind) && !hidden.has(name))
  return [...parameters, ...others]
}

const namable: ReadonlySet<Meaning['kind']> = new Set<Meaning['kind']>(['axis', 'variable', 'let', 'def', 'unknown'])
