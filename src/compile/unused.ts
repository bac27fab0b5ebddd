import type { Span } from '../base/source.ts'
import type { Model, Rule } from '../middle/model.ts'

/** Statements that add no term to E: what they are for is up to each command. */
export type StatementKind = Rule['kind'] | 'objective'

/** A statement that a command has no use for, which its output says. */
export interface Unused {
  readonly kind: StatementKind
  /** What it is about: the target of a rule, the name of an objective. */
  readonly name: string
  readonly span: Span
}

/** The statements of a model that none of these readings uses, in the order of the text. */
export function unusedBy(
  readings: readonly { readonly uses: readonly StatementKind[] }[],
  { rules, objectives }: Model,
): readonly Unused[] {
  const used = new Set(readings.flatMap((r) => r.uses))
  const all: readonly Unused[] = [
    ...rules.map(({ kind, target, span }) => ({ kind, name: target, span })),
    ...objectives.map(({ name, span }) => ({ kind: 'objective' as const, name, span })),
  ]
  return all.filter(({ kind }) => !used.has(kind)).sort((a, b) => a.span.start - b.span.start)
}

/** One sentence, or none: ``The rule `write xi` is not used by sample.`` */
export function unusedSentence(command: string, unused: readonly Unused[]): readonly string[] {
  const names = [
    ...new Set(unused.map(({ kind, name }) => `${kind === 'objective' ? `objective \`${name}\`` : `rule \`${kind} ${name}\``}`)),
  ]
  const [only, ...more] = names
  if (only === undefined) return []
  return [more.length === 0 ? `The ${only} is not used by ${command}.` : `Not used by ${command}: the ${names.join(', the ')}.`]
}

/** As JSON: what each is and what it is about. */
export function unusedJson(unused: readonly Unused[]): readonly Pick<Unused, 'kind' | 'name'>[] {
  return unused.map(({ kind, name }) => ({ kind, name }))
}
