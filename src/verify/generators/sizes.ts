import fc from 'fast-check'
import { groupsOf } from '../../bind/groups.ts'
import type { Sizes } from '../../ir/graph.ts'
import type { Energy, EnergyAxis } from '../../middle/energy.ts'

/** Open axes get this many elements at most: laws that fail do so on small models already. */
const MOST = 4

/** Random sizes for every axis of a model: fixed ones as they are, tied ones tied, the others from 1 to 4. */
export function sizesOf(energy: Energy): fc.Arbitrary<Sizes> {
  const ties = tiesOf(energy)
  const open = energy.axes.filter((a) => (a.size.kind === 'open' || a.size.kind === 'unbounded') && !ties.has(a.name))
  return fc
    .record(
      Object.fromEntries(
        open.map((a) => [a.name, fc.integer({ min: fewest(energy, a.name), max: Math.max(MOST, fewest(energy, a.name)) })]),
      ),
    )
    .map((chosen) => withTies(energy.axes, chosen, ties))
}

/** Those elements that the model names are there. */
function fewest({ variables, axes }: Energy, axis: string): number {
  const group = groupsOf({ axes }).get(axis) ?? [axis]
  // So many that no axis that has fewer is empty.
  const less = Math.max(0, ...axes.map(({ size }) => (size.kind === 'less' && group.includes(size.than) ? size.by : 0)))
  const named = variables.filter(({ label, type }) => label !== undefined && type.kind === 'element' && group.includes(type.axis))
  return Math.max(1 + less, new Set(named.map((v) => v.label)).size)
}

/** Axes whose size follows from another's: the levels of `ordered_logistic` are one more than its cutpoints. */
function tiesOf({ relations }: Energy): ReadonlyMap<string, { readonly than: string; readonly by: number }> {
  return new Map(relations.filter((r) => r.by > 0).map(({ axis, than, by }) => [than, { than: axis, by }]))
}

function withTies(axes: readonly EnergyAxis[], chosen: Sizes, ties: ReturnType<typeof tiesOf>): Sizes {
  const sizes: Record<string, number> = Object.assign(Object.create(null), chosen)
  for (const { name, size } of axes) if (size.kind === 'fixed') sizes[name] = size.size
  for (let changed = true; changed; ) {
    changed = false
    for (const { name, size } of axes) {
      const tie = ties.get(name)
      const known =
        tie !== undefined
          ? plus(sizes[tie.than], tie.by)
          : size.kind === 'same'
            ? sizes[size.as]
            : size.kind === 'less'
              ? plus(sizes[size.than], -size.by)
              : undefined
      if (sizes[name] !== undefined || known === undefined) continue
      sizes[name] = known
      changed = true
    }
  }
  return sizes
}

function plus(size: number | undefined, by: number): number | undefined {
  return size === undefined ? undefined : size + by
}
