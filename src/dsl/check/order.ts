import type { DefStatement, Expr, LetStatement } from '../ast.ts'
import type { Report } from './report.ts'
import { tell } from './report.ts'
import type { Scope } from './scope.ts'
import { within } from './walk.ts'
import { quote } from './words.ts'

type Definition = LetStatement | DefStatement

/**
 * The `let`s in an order in which each uses only earlier ones. Circles through `let`s and `def`s are reported by
 * naming their members, and remembered in `scope.circular`.
 */
export function orderLets(report: Report, scope: Scope): readonly LetStatement[] {
  const ordered: LetStatement[] = []
  const done = new Set<string>()
  for (const start of [...scope.lets.keys(), ...scope.defs.keys()]) visit(report, scope, start, done, ordered)
  return ordered
}

interface Frame {
  readonly name: string
  readonly uses: readonly string[]
  next: number
}

function frame(scope: Scope, name: string): Frame {
  return { name, uses: usesOf(scope, name), next: 0 }
}

/** Depth first with an explicit stack: a thousand lets in a row are no deeper for us than one. */
function visit(report: Report, scope: Scope, start: string, done: Set<string>, ordered: LetStatement[]): void {
  if (done.has(start)) return
  const path: Frame[] = [frame(scope, start)]
  const onPath = new Set([start])
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const used = top.uses[top.next]
    top.next += 1
    if (used === undefined) {
      path.pop()
      onPath.delete(top.name)
      done.add(top.name)
      const statement = scope.lets.get(top.name)
      if (statement !== undefined) ordered.push(statement)
    } else if (onPath.has(used)) {
      circle(report, scope, path.map((f) => f.name).slice(path.findIndex((f) => f.name === used)))
    } else if (!done.has(used)) {
      path.push(frame(scope, used))
      onPath.add(used)
    }
  }
}

function nodeOf(scope: Scope, name: string): Definition | undefined {
  return scope.lets.get(name) ?? scope.defs.get(name)
}

/** The lets and defs that the value of one mentions. */
function usesOf(scope: Scope, name: string): readonly string[] {
  const node = nodeOf(scope, name)
  if (node === undefined) return []
  const hidden = node.kind === 'def' ? node.parameters.map((p) => p.text) : []
  const body: Expr = node.kind === 'def' ? node.body : node.value
  const found = new Set<string>()
  for (const e of within(body)) {
    if (e.kind === 'name' && scope.lets.has(e.name.text) && !hidden.includes(e.name.text)) found.add(e.name.text)
    if (e.kind === 'call' && scope.defs.has(e.callee.text)) found.add(e.callee.text)
  }
  return [...found]
}

function circle(report: Report, scope: Scope, members: readonly string[]): void {
  for (const m of members) scope.circular.add(m)
  const nodes = members.flatMap((m) => nodeOf(scope, m) ?? [])
  const first = nodes.reduce((a, b) => (b.name.span.start < a.name.span.start ? b : a))
  const at = members.indexOf(first.name.text)
  const round = [...members.slice(at), ...members.slice(0, at), first.name.text].map(quote).join(' uses ')
  const related = nodes.filter((n) => n !== first).map((n) => ({ span: n.name.span, message: `${quote(n.name.text)} is here` }))
  if (nodes.every((n) => n.kind === 'def')) {
    tell(report, 'AMP208', `a def cannot call itself: ${round}`, {
      span: first.name.span,
      hint: 'recursion along an axis is written scan[t](first = ..., next = ...)',
      related,
    })
    return
  }
  tell(report, 'AMP207', `these definitions are circular: ${round}`, {
    span: first.name.span,
    hint: 'one of them must be given without the others',
    related,
  })
}
