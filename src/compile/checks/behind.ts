import type { Model, Typed } from '../../middle/model.ts'

/** A variable of which an expression is all, or a part, with what its own axes are called in the expression. */
export interface Behind {
  readonly name: string
  /** From an axis of the expression to that of the variable; those that are not here have one name. */
  readonly called: ReadonlyMap<string, string>
}

/** The variable behind lets, picks, renamings and shifts. */
export function variableBehind(model: Model, value: Typed): Behind | undefined {
  const called = new Map<string, string>()
  let inner: Typed | undefined = value
  while (inner !== undefined && inner.kind !== 'variable') {
    if (inner.kind === 'rename') {
      const { from, to }: { from: string; to: string } = inner
      for (const [outer, own] of called) if (own === to) called.set(outer, from)
      if (!called.has(to)) called.set(to, from)
      inner = inner.target
    } else if (inner.kind === 'pick' || inner.kind === 'shift') inner = inner.target
    else if (inner.kind === 'let') inner = letOf(model, inner.name)
    else return undefined
  }
  return inner === undefined ? undefined : { name: inner.name, called }
}

function letOf(model: Model, name: string): Typed | undefined {
  return model.lets.find((l) => l.name === name)?.value
}
