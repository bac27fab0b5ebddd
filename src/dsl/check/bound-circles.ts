import { boundExpressions } from '../../middle/kinds.ts'
import type { Typed } from '../../middle/model.ts'
import { tell } from './report.ts'
import type { CheckContext } from './scope.ts'
import { nodesWithin } from './typed.ts'
import { quote } from './words.ts'

/** Bounds that depend on each other, or a bound on its own variable: no order of filling them in would do. */
export function checkBoundCircles(c: CheckContext): void {
  const uses = new Map([...c.scope.variables].map(([name, v]) => [name, namesIn(c, v.type === undefined ? [] : boundExpressions(v.type))]))
  const done = new Set<string>()
  for (const [name, { declaration }] of c.scope.variables) {
    if (done.has(name) || !reaches(uses, name)) continue
    for (const other of uses.keys()) if (reaches(uses, other)) done.add(other)
    tell(c.report, 'AMP411', `the bounds of ${quote(name)} depend on ${quote(name)} itself`, {
      span: declaration.type?.span ?? declaration.name.span,
      hint: 'for values in order, use ordered[axis]',
    })
  }
}

function namesIn(c: CheckContext, roots: readonly Typed[]): readonly string[] {
  return [...nodesWithin(roots, c.lets)].flatMap((n) => (n.kind === 'variable' ? [n.name] : []))
}

/** Whether following the uses from `start` leads back to it. */
function reaches(uses: ReadonlyMap<string, readonly string[]>, start: string): boolean {
  const seen = new Set<string>()
  const waiting = [...(uses.get(start) ?? [])]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === start) return true
    if (seen.has(name)) continue
    seen.add(name)
    waiting.push(...(uses.get(name) ?? []))
  }
  return false
}
