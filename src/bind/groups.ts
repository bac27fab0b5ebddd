import type { Bindable } from './bound.ts'

/** Each axis with all those that have its elements, by `axis other = size(axis)`; itself among them. */
export function groupsOf({ axes }: Pick<Bindable, 'axes'>): ReadonlyMap<string, readonly string[]> {
  const size = new Map(axes.map((a) => [a.name, a.size]))
  const rootOf = (axis: string): string => {
    let at = axis
    for (let s = size.get(at), steps = 0; s?.kind === 'same' && steps <= axes.length; s = size.get(at), steps += 1) at = s.as
    return at
  }
  const members = new Map<string, string[]>()
  for (const { name } of axes) {
    const root = rootOf(name)
    members.set(root, [...(members.get(root) ?? []), name])
  }
  return new Map(axes.map(({ name }) => [name, members.get(rootOf(name)) ?? [name]]))
}
