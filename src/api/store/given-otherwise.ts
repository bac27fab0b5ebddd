import { counted } from '../../base/counted.ts'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import type { KeptGiven, Shelf } from '../../memory/store/shelf.ts'
import type { Loaded } from '../load.ts'
import { keptOf, optionOf } from './facts.ts'

/** Where what is given is not what the store keeps, of what its rules read (of all without `read`), or is a memory. */
export function unlike({ energy }: Loaded, shelf: Shelf, given: GivenByRole, read?: ReadonlySet<string>): readonly Diagnostic[] {
  const kept = must(shelf.head(), 'head of the store').about.given
  return keptOf(given.fixed).flatMap((item) => {
    const before = kept.find((k) => k.name === item.name)
    if (before === undefined || (read !== undefined && !read.has(item.name))) return []
    const same = JSON.stringify(before.texts) === JSON.stringify(item.texts) && sameNumbers(before.data, item.data)
    if (same) return []
    const variable = energy.declared.find((v) => v.name === item.name)
    const without = variable === undefined ? 'Leave it out' : `Leave out ${optionOf(variable)}`
    const hint = `${without}: the store keeps it. Other values need a store of their own.`
    return [diagnostic('AMP808', `${whatChanged(item, before)}.`, { hint })]
  })
}

function whatChanged({ name, shape, data }: KeptGiven, before: KeptGiven): string {
  if (data === undefined || before.data === undefined || shape.join() !== before.shape.join())
    return `"${name}" is not what the store was written with`
  if (data.length === 1) return `"${name}" is ${data[0]}, and the store was written with ${before.data[0]}`
  const others = data.filter((v, i) => !Object.is(v, before.data?.[i])).length
  return `${others} of ${counted(data.length, 'number')} of "${name}" ${others === 1 ? 'is' : 'are'} not what the store was written with`
}

function sameNumbers(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((v, i) => Object.is(v, b[i])))
}

/** Where a value is given of what comes from the store. */
export function fromStore({ energy }: Loaded, given: GivenByRole): readonly Diagnostic[] {
  return given.fixed.flatMap((item) => {
    if (energy.declared.find((v) => v.name === item.name)?.role !== 'memory') return []
    return [
      diagnostic('AMP808', `"${item.name}" comes from the store, and a value is given for it.`, {
        place: item.from,
        expected: 'one of the two',
        hint: `Leave out ${optionOf({ name: item.name, role: 'memory' })}.`,
      }),
    ]
  })
}
