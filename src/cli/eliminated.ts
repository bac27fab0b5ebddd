import type { Tensor } from '../base/tensor.ts'
import { indices } from '../inference/draws/draws.ts'
import type { Eliminated } from '../middle/energy.ts'
import type { EliminatedValue } from '../run/eliminated.ts'
import { elementName, type Labels } from './labels.ts'
import { nested } from './nested.ts'
import { table } from './table.ts'

type EliminatedValues = Readonly<Record<string, EliminatedValue>>

/** So many elements of a variable are listed. */
const MOST_LISTED = 24

/** How it went: the title of a table and the words of a sentence. */
const words: Readonly<Record<Eliminated['how'], string>> = { integrate: 'integrated out', 'plug-in': 'plugged in', minimise: 'minimised' }

const kinds = Object.keys(words) as readonly Eliminated['how'][]

/** What is reported of small variables that were integrated out or minimised: a table of each kind; the rest is in the JSON. */
export function eliminatedTables(values: EliminatedValues, labels: Labels): readonly string[] {
  return kinds.flatMap((how) => {
    const own = Object.entries(values).filter(([, v]) => v.how === how)
    const rows = own.flatMap(([name, v]) => rowsOf(name, v, labels))
    const columns = how === 'integrate' ? ['mean', 'sd'] : ['value']
    return rows.length === 0 ? [] : ['', table([words[how], ...columns], rows)]
  })
}

function rowsOf(name: string, { mean, sd, value }: EliminatedValue, labels: Labels): readonly (readonly (string | number)[])[] {
  const first = mean ?? value
  if (first === undefined || first.data.length > MOST_LISTED) return []
  return indices(first.shape).map((at, i) => [
    elementName(name, first.axes, at, labels),
    first.data[i] as number,
    ...(mean === undefined ? [] : [sd?.data[i] ?? '']),
  ])
}

/** `Integrated out: w.` */
export function eliminatedSentences(gone: readonly Pick<Eliminated, 'name' | 'how'>[], after = '.'): readonly string[] {
  return kinds.flatMap((how) => {
    const names = gone.filter((e) => e.how === how).map((e) => e.name)
    return names.length === 0 ? [] : [sentenceOf(how, names, after)]
  })
}

function sentenceOf(how: Eliminated['how'], names: readonly string[], after = '.'): string {
  return `${words[how].charAt(0).toUpperCase()}${words[how].slice(1)}: ${names.join(', ')}${after}`
}

/** For JSON: `{ "w": { "how": "integrate", "mean": ..., "sd": ... } }`. */
export function eliminatedJson(values: EliminatedValues): unknown {
  return Object.fromEntries(
    Object.entries(values).map(([name, { how, ...told }]) => {
      const tensors = Object.entries(told) as [string, Tensor][]
      return [name, { how, ...Object.fromEntries(tensors.map(([what, t]) => [what, nested(t)])) }]
    }),
  )
}
