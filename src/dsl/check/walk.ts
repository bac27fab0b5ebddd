import type { Argument, Expr, FamilyCall, Name, RuleStatement, StartSyntax, Statement, Subscript } from '../ast.ts'

/** Every sub-expression of `root`, itself first. An explicit stack, since a sum of many terms is a deep tree. */
export function* within(root: Expr): Generator<Expr> {
  const stack = [root]
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    yield e
    for (const child of children(e)) stack.push(child)
  }
}

type Binary = Extract<Expr, { kind: 'binary' }>

/** What becomes of `a + b + c + ...`, a tree as deep as it is long: of its first term, then with each link. */
export function alongLeftEdge<T>(last: Binary, first: (e: Expr) => T, next: (left: T, link: Binary) => T): T {
  const links: Binary[] = []
  let e: Expr = last
  for (; e.kind === 'binary'; e = e.left) links.push(e)
  return links.reduceRight(next, first(e))
}

function children(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'number':
    case 'text':
    case 'name':
      return []
    case 'unary':
      return [e.operand]
    case 'binary':
      return [e.left, e.right]
    case 'call':
      return values(e.args)
    case 'index':
      return [e.target, ...e.subscripts.flatMap(indicesOf)]
    case 'group':
      return [e.inner]
  }
}

function indicesOf(s: Subscript): readonly Expr[] {
  if (s.kind === 'rename') return []
  return s.kind === 'at' && s.fill ? [s.index, s.fill] : [s.index]
}

function values(args: readonly Argument[]): readonly Expr[] {
  return args.map((a) => a.value)
}

function familyParts(family: FamilyCall | undefined): readonly Expr[] {
  if (family === undefined) return []
  return [
    ...values(family.args),
    ...[family.range, family.censored].flatMap((ends) => (ends === undefined ? [] : [ends.lower, ends.upper])),
  ]
}

function startParts(start: StartSyntax | undefined): readonly Expr[] {
  return start === undefined ? [] : [start.value, ...present(start.range?.lower, start.range?.upper)]
}

function present(...list: readonly (Expr | undefined)[]): readonly Expr[] {
  return list.filter((e) => e !== undefined)
}

/** The outermost expressions of a statement. */
export function expressionsOf(s: Statement): readonly Expr[] {
  switch (s.kind) {
    case 'model':
      return []
    case 'axis':
      return [...present(s.size), ...familyParts(s.prior)]
    case 'declaration':
      return [
        ...values(s.type?.args ?? []),
        ...present(s.default),
        ...familyParts(s.prior),
        ...startParts(s.start),
        ...present(s.lagrangian, s.tau),
      ]
    case 'def':
      return [s.body]
    case 'density':
      return [s.left, ...familyParts(s.right)]
    case 'flow':
    case 'step':
    case 'jump':
    case 'write':
    case 'forget':
      return [...s.subscripts.filter((one) => !isNew(one)).flatMap(indicesOf), s.value, ...present(s.noise, s.when)]
    default:
      return [s.value]
  }
}

/** `[pattern = new]` in the target of a rule: an element that is not there yet. */
export function isNew(s: Subscript): boolean {
  return s.kind === 'at' && s.fill === undefined && s.index.kind === 'name' && s.index.name.text === 'new'
}

/** Names that stand where only an axis can stand, and names in subscripts, which may be axes too. */
export function axisMentions(s: Statement): readonly Name[] {
  const names: Name[] = []
  if (s.kind === 'axis') names.push(s.name, ...(s.prior?.axes ?? []))
  if (s.kind === 'declaration') {
    names.push(...s.axes, ...(s.prior?.axes ?? []))
    if (s.type !== undefined) names.push(s.type.name, ...s.type.axes)
  }
  if (s.kind === 'density') names.push(...s.right.axes)
  if (isRule(s)) names.push(...s.subscripts.flatMap(axesIn))
  for (const root of expressionsOf(s)) for (const e of within(root)) names.push(...axisNamesAt(e))
  return names
}

function axisNamesAt(e: Expr): readonly Name[] {
  if (e.kind === 'call') return [...e.axes, ...(axisArguments.has(e.callee.text) ? e.args.flatMap((a) => nameOf(a.value)) : [])]
  return e.kind === 'index' ? e.subscripts.flatMap(axesIn) : []
}

function axesIn(s: Subscript): readonly Name[] {
  if (s.kind === 'rename') return [s.from, s.to]
  return s.kind === 'at' ? [s.axis] : nameOf(s.index)
}

function isRule(s: Statement): s is RuleStatement {
  return 'target' in s
}

/** Calls whose argument is the name of an axis. */
export const axisArguments: ReadonlySet<string> = new Set(['size', 'index', 'weight'])

function nameOf(e: Expr): readonly Name[] {
  return e.kind === 'name' ? [e.name] : []
}

/** Without the parentheses around it. */
export function bare(e: Expr): Expr {
  let inner = e
  while (inner.kind === 'group') inner = inner.inner
  return inner
}
