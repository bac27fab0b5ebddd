import type { Broken, Expr } from '../ast.ts'
import type { Scope, Unknown, What } from './scope.ts'
import { within } from './walk.ts'

export const nothingUnknown: Unknown = { names: new Set(), axes: new Set(), lost: new Set(), joined: [] }

/** What each word declares; those of the roles are values. Other words declare nothing that is used by its name. */
const declares: ReadonlyMap<string, What> = new Map<string, What>([
  ['axis', 'axis'],
  ['let', 'value'],
  ['def', 'function'],
  ...['data', 'memory', 'param', 'state', 'input'].map((role): [string, What] => [role, 'value']),
])

/** `isDeclared` tells of the names that other statements declare: what one of them only mentions is not in doubt. */
export function unknownOf(broken: readonly Broken[], isDeclared: (name: string) => boolean): Unknown {
  const [names, axes, lost] = [new Set<string>(), new Set<string>(), new Set<What>()]
  const joined: string[] = []
  for (const { keyword, name, words, axes: own } of broken) {
    const what = keyword === undefined ? undefined : declares.get(keyword)
    if (keyword !== undefined && what === undefined) continue
    if (name === undefined && what !== undefined) lost.add(what)
    if (own === 'cut' || own === 'open') lost.add('axis')
    if (own === 'cut' || (name === undefined && what === 'axis')) lost.add('type')
    if (own === 'joined' && name !== undefined) joined.push(name.text)
    if (name !== undefined) names.add(name.text)
    if (name !== undefined && (what === 'axis' || what === undefined)) axes.add(name.text)
    for (const word of words) if (!isDeclared(word.text)) names.add(word.text)
  }
  return { names, axes, lost, joined }
}

/** Whether a name that means nothing else may be declared by a statement that could not be read. */
export function mayBe(scope: Scope, name: string, what: What): boolean {
  const { names, lost, joined } = scope.unknown
  return names.has(name) || lost.has(what) || joined.some((word) => word.startsWith(name) || word.endsWith(name))
}

/** Whether an expression, as written, mentions what is not known. */
export function mentionsUnknown(scope: Scope, e: Expr): boolean {
  for (const part of within(e)) {
    if (part.kind === 'name' && mayBe(scope, part.name.text, 'value') && !isKnown(scope, part.name.text)) return true
    if (part.kind === 'name' && scope.unknown.axes.has(part.name.text)) return true
  }
  return false
}

function isKnown(scope: Scope, name: string): boolean {
  return scope.axes.has(name) || scope.variables.has(name) || scope.lets.has(name) || scope.defs.has(name)
}
