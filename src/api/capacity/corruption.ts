import type { Stream } from '../../base/random.ts'
import { levelsOf } from '../../middle/kinds.ts'
import type { ValueType } from '../../middle/model.ts'

/** What is done to a pattern before it is shown. */
export interface Corruption {
  readonly name: string
  /** What is unknown of the pattern is NaN, and the rest is given for good; otherwise it is where the state starts. */
  readonly known: boolean
  apply(pattern: Float64Array, stream: Stream): Float64Array
}

/** Another level than a value. */
type OtherLevel = (value: number, stream: Stream) => number

interface CorruptionRow {
  readonly arguments: readonly string[]
  readonly does: string
  /** Why it is none for values of a type. */
  refuses(type: ValueType): string | undefined
  make(args: readonly number[], other: OtherLevel): Pick<Corruption, 'known' | 'apply'>
}

const isShare = (x: number): boolean => x >= 0 && x <= 1
/** The corruptions, by name. */
const rows: Readonly<Record<string, CorruptionRow>> = {
  none: {
    arguments: [],
    does: 'shows the pattern as it is',
    refuses: () => undefined,
    make: () => ({ known: false, apply: (x) => x.slice() }),
  },
  flip: {
    arguments: ['share'],
    does: 'makes each spin, bit or element another with this probability',
    refuses: (type) =>
      levelsOf(type) !== undefined ? undefined : 'spins, bits and elements flip, and nothing else: normal(sd) shakes numbers',
    make: ([share = 0], other) => ({
      known: false,
      apply: (x, stream) => x.map((v) => (stream.uniform() < share ? other(v, stream) : v)),
    }),
  },
  mask: {
    arguments: ['share'],
    does: 'makes each number unknown with this probability; what is known stays as it is',
    refuses: () => undefined,
    make: ([share = 0]) => ({ known: true, apply: (x, stream) => x.map((v) => (stream.uniform() < share ? Number.NaN : v)) }),
  },
  erase: {
    arguments: ['share', 'value'],
    does: 'gives each number this value with this probability',
    refuses: (type) =>
      levelsOf(type) !== undefined && type.kind !== 'bit' ? 'numbers and bits are erased: flip(share) is for the others' : undefined,
    make: ([share = 0, value = 0]) => ({ known: false, apply: (x, stream) => x.map((v) => (stream.uniform() < share ? value : v)) }),
  },
  normal: {
    arguments: ['sd'],
    does: 'adds normal noise of this standard deviation to each number',
    refuses: (type) =>
      levelsOf(type) !== undefined ? 'noise is added to numbers: flip(share) is for spins, bits and elements' : undefined,
    make: ([sd = 0]) => ({ known: false, apply: (x, stream) => x.map((v) => v + sd * stream.normal()) }),
  },
}

/** Elements are numbered from 1. */
function otherOf({ kind }: ValueType, levels: number): OtherLevel {
  if (kind === 'spin') return (v) => -v
  if (kind === 'bit') return (v) => 1 - v
  return (v, stream) => {
    const other = 1 + stream.integer(levels - 1)
    return other < v ? other : other + 1
  }
}

export const corruptionsInWords: readonly string[] = Object.entries(rows).map(([name, r]) =>
  r.arguments.length === 0 ? name : `${name}(${r.arguments.join(', ')})`,
)

/** `flip(0.1)` for a state of this type, `levels` of an element; a sentence where it is none. */
export function corruptionOf(text: string, type: ValueType, levels: number): Corruption | string {
  const [, name = '', list] = /^\s*([a-z]+)\s*(?:\(([^()]*)\))?\s*$/.exec(text) ?? []
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined
  if (row === undefined) return `there is no corruption "${text}"`
  const args = list === undefined || list.trim() === '' ? [] : list.split(',').map((a) => (a.trim() === '' ? Number.NaN : Number(a)))
  if (args.length !== row.arguments.length)
    return `${name} takes ${row.arguments.length === 0 ? 'no argument' : row.arguments.join(' and ')}`
  const wrong = args.findIndex(
    (a, i) => !Number.isFinite(a) || (row.arguments[i] === 'share' && !isShare(a)) || (row.arguments[i] === 'sd' && a < 0),
  )
  if (wrong >= 0)
    return `the ${row.arguments[wrong]} of ${name} is ${row.arguments[wrong] === 'share' ? 'a number from 0 to 1' : 'a number'}${row.arguments[wrong] === 'sd' ? ' from 0 up' : ''}`
  const refused = row.refuses(type)
  if (refused !== undefined) return refused
  if (type.kind === 'bit' && name === 'erase' && args[1] !== 0 && args[1] !== 1) return 'a bit is 0 or 1'
  return { name, ...row.make(args, otherOf(type, levels)) }
}
