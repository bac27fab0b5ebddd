import { indices } from '../inference/draws/draws.ts'
import type { DrawnParams } from '../run/complete.ts'
import { elementName, type Labels } from './labels.ts'
import { type Nested, nested } from './nested.ts'

/** So many numbers are read in a line; the rest is in the JSON. */
const MOST = 12

/** Says what was drawn since it was not given, and what came out, so that the run can be repeated with other seeds. */
export function drawnParams(drawn: DrawnParams, labels: Labels, seed: number): readonly string[] {
  const values = Object.entries(drawn).flatMap(([name, t]) =>
    indices(t.shape).map((at, i) => `${elementName(name, t.axes, at, labels)} = ${t.data[i]}`),
  )
  if (values.length === 0) return []
  const more = values.length > MOST ? ` and ${values.length - MOST} more (--json has them all)` : ''
  return [`Not given, so drawn with seed ${seed}: ${values.slice(0, MOST).join(', ')}${more}.`]
}

/** In the form that `--param FILE.json` takes; nothing where nothing was drawn. */
export function drawnJson(drawn: DrawnParams): { readonly drawn?: Readonly<Record<string, Nested>> } {
  const entries = Object.entries(drawn).map(([name, t]) => [name, nested(t)] as const)
  return entries.length === 0 ? {} : { drawn: Object.fromEntries(entries) }
}

/** Says which states start from draws. */
export function startedSentence(started: readonly string[], seed: number): readonly string[] {
  return started.length === 0 ? [] : [`Started from draws with seed ${seed}: ${started.join(', ')}.`]
}
