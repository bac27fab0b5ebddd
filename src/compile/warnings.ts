import type { Checked, Diagnostic } from '../base/diagnostic.ts'
import type { Energy } from '../middle/energy.ts'
import { type Model, parts, partsOf, type Typed } from '../middle/model.ts'

/** A model lowered when that is asked for, once; the compiler is loaded only then. */
export function whenLowered(model: Model): () => Promise<Checked<Energy>> {
  let lowered: Promise<Checked<Energy>> | undefined
  return () => {
    lowered ??= import('./lower.ts').then(({ lower }) => lower(model))
    return lowered
  }
}

/**
 * What lowering says of elements that have no value: of choices that leave them out (AMP609), and of scans that need them
 * (AMP610). Only a model with one of these is lowered, so that most are checked without the compiler.
 */
export async function saidByLowering(model: Model, lowered: () => Promise<Checked<Energy>>): Promise<readonly Diagnostic[]> {
  if (!mayLackElements(model)) return []
  return (await lowered()).diagnostics.filter(({ severity, code }) => severity === 'warning' || code === 'AMP610')
}

/** Whether there is a `where`, or a scan with a `from`, in what a model adds to its energy. */
function mayLackElements({ terms, lets, variables }: Model): boolean {
  const seen = new Set<Typed>()
  const waiting: Typed[] = [
    ...terms.flatMap((term) => (term.kind === 'energy' ? [term.value] : partsOf(term))),
    ...lets.map(({ value }) => value),
    ...variables.flatMap(({ lagrangian }) => lagrangian ?? []),
  ]
  for (let e = waiting.pop(); e !== undefined; e = waiting.pop()) {
    if (seen.has(e)) continue
    seen.add(e)
    if ((e.kind === 'apply' && e.fn === 'where') || (e.kind === 'scan' && e.form !== 'first')) return true
    waiting.push(...parts(e))
  }
  return false
}
