import type { Diagnostic } from '../base/diagnostic.ts'
import { type Model, parts, partsOf, type Typed } from '../middle/model.ts'

/**
 * What lowering warns of: of choices that leave elements out (AMP609), and of nothing else. The compiler is loaded only for
 * a model that chooses, so that most are checked without it.
 */
export async function loweringWarnings(model: Model): Promise<readonly Diagnostic[]> {
  if (!chooses(model)) return []
  const { lower } = await import('./lower.ts')
  return lower(model).diagnostics.filter(({ severity }) => severity === 'warning')
}

/** Whether there is a `where` in what a model adds to its energy. */
function chooses({ terms, lets, variables }: Model): boolean {
  const seen = new Set<Typed>()
  const waiting: Typed[] = [
    ...terms.flatMap((term) => (term.kind === 'energy' ? [term.value] : partsOf(term))),
    ...lets.map(({ value }) => value),
    ...variables.flatMap(({ lagrangian }) => lagrangian ?? []),
  ]
  for (let e = waiting.pop(); e !== undefined; e = waiting.pop()) {
    if (seen.has(e)) continue
    seen.add(e)
    if (e.kind === 'apply' && e.fn === 'where') return true
    waiting.push(...parts(e))
  }
  return false
}
