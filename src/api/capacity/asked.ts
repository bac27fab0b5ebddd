import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/suggest.ts'
import { statesOf } from '../../middle/situation.ts'
import type { Loaded } from '../load.ts'
import type { RetrieveOptions } from '../retrieve.ts'
import { corruptionOf, corruptionsInWords } from './corruption.ts'
import { type Held, heldStates } from './stored.ts'
import { type Success, successInWords, successOf } from './success.ts'

export interface CapacityOptions {
  /** The axis that is filled with patterns. */
  readonly along: string
  /** What is done to what is shown, by state: `flip(0.1)`, `mask(0.5)`, `erase(0.5, 0)`, `normal(0.2)` or `none`, which is the default. */
  readonly corrupt?: Readonly<Record<string, string>>
  /** When a cue counts as recalled: `overlap>0.5`, `errors<=0.01`, `distance<0.1`, `nearest` or `exact`. */
  readonly success?: string
  /** Sizes of axes that the model leaves open; of one of them several, each of which has a capacity of its own. */
  readonly sizes?: Readonly<Record<string, number | readonly number[]>>
  /** The share of cues that marks the capacity. Default 0.5. */
  readonly level?: number
  /** Memories made afresh at each load, and patterns cued of each. Default 10 and 10. */
  readonly memories?: number
  readonly cues?: number
  /** The first load and the largest. Default 1 and 100000. */
  readonly from?: number
  readonly to?: number
  /** The search ends where two loads on both sides are nearer than this factor. Default 1.1. */
  readonly ratio?: number
  /** Loads to measure, in the place of a search. */
  readonly loads?: readonly number[]
  /** How cues are relaxed. */
  readonly retrieve?: RetrieveOptions
  readonly seed?: number
  /** Called as memories are done: how many of how many at this load. */
  readonly progress?: (said: string) => void
}

export const DEFAULT_SUCCESS = 'overlap>0.5'
export const DEFAULT_LEVEL = 0.5

export interface AskedCapacity {
  readonly held: readonly Held[]
  readonly corruptions: ReadonlyMap<string, string>
  readonly success: Success
  readonly fixed: Readonly<Record<string, number>>
  readonly varied: string | undefined
  readonly sizes: readonly (number | undefined)[]
}

/** All that is wrong with what was asked, at once. */
export function read({ energy }: Loaded, options: CapacityOptions): Checked<AskedCapacity> {
  const { along, corrupt = {}, success = DEFAULT_SUCCESS, sizes = {} } = options
  const found: Diagnostic[] = []
  const axis = energy.axes.find((a) => a.name === along)
  if (axis === undefined) {
    const names = energy.axes.map((a) => a.name)
    found.push(
      diagnostic('AMP736', `The model has no axis "${along}".`, { hint: didYouMean(along, names) ?? `it has ${names.join(', ')}` }),
    )
  } else if (axis.size.kind !== 'open') {
    found.push(diagnostic('AMP738', `The axis "${along}" is not filled pattern by pattern: the model says its size.`, { ...(axis.span && { span: axis.span }), expected: 'an axis whose size the model leaves open' })) // biome-ignore format: one thought
  }
  const states = [...statesOf(energy)]
  for (const name of Object.keys(corrupt)) {
    if (!states.includes(name)) found.push(diagnostic('AMP736', `"${name}" is not a state of the model, so that it cannot be corrupted.`, { hint: didYouMean(name, states) ?? `it has ${states.join(', ')}` })) // biome-ignore format: one thought
  }
  const held =
    axis === undefined
      ? undefined
      : heldStates(
          energy,
          along,
          Object.keys(corrupt).filter((name) => states.includes(name)),
        )
  found.push(...(held?.diagnostics ?? []))
  for (const { state } of held?.value ?? []) {
    const text = corrupt[state.name]
    const trouble = text === undefined ? undefined : corruptionOf(text, state.type, 2)
    if (typeof trouble === 'string') found.push(diagnostic('AMP739', `"${state.name}" is not corrupted so: ${trouble}.`, { place: text ?? '', expected: corruptionsInWords.join(', ') })) // biome-ignore format: one thought
  }
  const judged = successOf(success)
  if (judged === undefined)
    found.push(diagnostic('AMP739', `"${success}" does not say when a pattern is recalled.`, { expected: successInWords.join(', ') }))
  const several = Object.entries(sizes).filter(([, s]) => typeof s !== 'number')
  if (several.length > 1) found.push(diagnostic('AMP738', `Several sizes are given for ${several.map(([name]) => `"${name}"`).join(' and ')}.`, { expected: 'several sizes of one axis, and one of each other' })) // biome-ignore format: one thought
  for (const [name, size] of Object.entries(sizes)) {
    const own = energy.axes.find((a) => a.name === name)
    if (own?.size.kind !== 'open' || name === along) found.push(sizeTrouble(name, along, own !== undefined, energy.axes.flatMap((a) => (a.size.kind === 'open' && a.name !== along ? [a.name] : [])))) // biome-ignore format: one thought
    const wrong = [size].flat().find((n) => !Number.isInteger(n) || n < 1)
    if (wrong !== undefined)
      found.push(diagnostic('AMP738', `The size ${wrong} of "${name}" is none.`, { expected: 'whole numbers from 1 up' }))
  }
  if (held?.value === undefined || judged === undefined || hasErrors(found)) return unmade(found)
  const [varied, list] = several[0] ?? []
  const fixed = Object.fromEntries(Object.entries(sizes).filter((e): e is [string, number] => typeof e[1] === 'number'))
  return checked(
    {
      held: held.value,
      corruptions: new Map(Object.entries(corrupt)),
      success: judged,
      fixed,
      varied,
      sizes: (list as readonly number[] | undefined) ?? [undefined],
    },
    found,
  )
}

function sizeTrouble(name: string, along: string, exists: boolean, open: readonly string[]): Diagnostic {
  const message =
    name === along
      ? `The size of "${name}" is the load, which is found.`
      : exists
        ? `The model says the size of "${name}".`
        : `The model has no axis "${name}".`
  return diagnostic('AMP738', message, {
    hint: didYouMean(name, open) ?? (open.length === 0 ? 'no other axis is open' : `axes that are open: ${open.join(', ')}`),
  })
}

export function limitTroubles(
  { from = 1, to, loads, level = DEFAULT_LEVEL, memories = 1, cues = 1, ratio = 2 }: CapacityOptions,
  most: number,
): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const say = (message: string, expected: string): void => void found.push(diagnostic('AMP738', message, { expected }))
  const isCount = (n: number): boolean => Number.isInteger(n) && n >= 1
  if (!isCount(from)) say(`A load of ${from} is none.`, 'a whole number of patterns, from 1 up')
  if (to !== undefined && !(isCount(to) && to >= from))
    say(`The largest load is ${to}, and the first ${from}.`, 'a whole number that is no less than the first load')
  if (!(level > 0 && level < 1)) say(`A share of ${level} marks nothing.`, 'a share between 0 and 1')
  if (!isCount(memories) || !isCount(cues)) say('There is nothing to try.', 'memories and cues from 1 up')
  if (!(ratio > 1)) say(`Two loads cannot be nearer than a factor of ${ratio}.`, 'a factor above 1')
  const wrong = loads?.find((n) => !isCount(n))
  if (wrong !== undefined) say(`A load of ${wrong} is none.`, 'whole numbers of patterns, from 1 up')
  const largest = Math.max(from, ...(loads ?? []))
  if (most < largest) say(`Of ${most} patterns that were given ${largest} cannot be stored.`, 'more patterns, or smaller loads')
  return found
}
