import { offset, strided, total } from '../expressions.ts'
import type { Expression, IndexExpr, Local, LoopStatement, Real } from '../program.ts'

type ExpressionKind = Expression['kind']
type ExpressionOf<K extends ExpressionKind> = Extract<Expression, { readonly kind: K }>

/** Each part by itself: a number stays a number, a position a position. */
type MapPart = <E extends Expression>(part: E) => E

interface TreeRule<E extends Expression> {
  readonly parts: (e: E) => readonly Expression[]
  readonly map: (e: E, each: MapPart) => Expression
}

const leaf: TreeRule<Expression> = { parts: () => [], map: (e) => e }

const shapes: { readonly [K in ExpressionKind]: TreeRule<ExpressionOf<K>> } = {
  constant: leaf,
  variable: leaf,
  whole: leaf,
  extent: leaf,
  element: { parts: ({ at }) => [at], map: (e, each) => ({ ...e, at: each(e.at) }) },
  apply: { parts: ({ args }) => args, map: (e, each) => ({ ...e, args: e.args.map(each) }) },
  inside: {
    parts: ({ index, bound, value }) => [index, bound, value],
    map: (e, each) => ({ ...e, index: each(e.index), bound: each(e.bound), value: each(e.value) }),
  },
  count: { parts: ({ of }) => [of], map: (e, each) => ({ ...e, of: each(e.of) }) },
  total: { parts: ({ terms }) => terms, map: (e, each) => total(e.terms.map(each)) },
  offset: { parts: ({ of }) => [of], map: (e, each) => offset(each(e.of), e.by) },
  times: { parts: ({ of }) => [of], map: (e, each) => strided(each(e.of), e.by.axes) },
  truncated: { parts: ({ of }) => [of], map: (e, each) => ({ ...e, of: each(e.of) }) },
}

function shapeOf(e: Expression): TreeRule<Expression> {
  return shapes[e.kind] as TreeRule<Expression>
}

/** The expressions that `e` is made of. */
export function partsOf(e: Expression): readonly Expression[] {
  return shapeOf(e).parts(e)
}

export function eachVariable(e: Expression, visit: (local: Local) => void): void {
  if (e.kind === 'variable') visit(e.local)
  else for (const part of partsOf(e)) eachVariable(part, visit)
}

/** `e` with other expressions, of the same type, for its variables. */
export function rebuilt<E extends Expression>(e: E, put: (local: Local) => Expression): E {
  if (e.kind === 'variable') return put(e.local) as E
  return shapeOf(e).map(e, (part) => rebuilt(part, put)) as E
}

/** How many names, numbers and operations it takes. */
export function sizeOf(e: Expression): number {
  return partsOf(e).reduce((sum, part) => sum + sizeOf(part), 1)
}

/** The expressions of a statement, but for those of a loop's body. */
export function expressionsOf(s: LoopStatement): readonly Expression[] {
  switch (s.kind) {
    case 'let':
    case 'start':
    case 'assign':
      return [s.value]
    case 'store':
      return [s.into, s.value]
    case 'accumulate':
      return [s.into, ...s.values]
    case 'routine':
      return [...s.matrices.flatMap(({ at, down, across }) => [at, down, across]), ...s.sizes]
    case 'loop':
      return s.from === undefined ? [s.until] : [s.from, s.until]
  }
}

/** A statement with other expressions in place of its own, and another body; what is written comes before where it goes. */
export function mapped(
  s: LoopStatement,
  each: MapPart,
  body: (statements: readonly LoopStatement[]) => readonly LoopStatement[],
): LoopStatement {
  switch (s.kind) {
    case 'let':
    case 'start':
      return { ...s, value: each<Real | IndexExpr>(s.value) }
    case 'assign':
      return { ...s, value: each(s.value) }
    case 'store':
      return { ...s, value: each(s.value), into: each(s.into) }
    case 'accumulate':
      return { ...s, values: s.values.map((x) => each(x)), into: each(s.into) }
    case 'routine':
      return {
        ...s,
        matrices: s.matrices.map((x) => ({ ...x, at: each(x.at), down: each(x.down), across: each(x.across) })),
        sizes: s.sizes.map((x) => each(x)),
      }
    case 'loop':
      return { ...s, from: s.from === undefined ? undefined : each(s.from), until: each(s.until), body: body(s.body) }
  }
}
