import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { volumeOver } from '../../ir/layout.ts'
import type { Check } from '../../middle/check.ts'
import type { Executable, Target } from '../../middle/executable.ts'
import type { Batch, Bound, Origin } from '../bound.ts'
import type { Trouble } from '../troubles.ts'
import { element, placeIn } from '../values.ts'
import { type Compared, demandTrouble } from './trouble.ts'

/** What is known before a run: values of all that is fixed, and what is given of states. */
export interface KnownValues extends Pick<Bound, 'sizes' | 'observed' | 'cues' | 'origins'> {
  readonly values: ReadonlyMap<string, Float64Array>
}

/** Looks at everything that is given in the places where statements take it; what does not fit there is reported, each once. */
export function lookAt(checks: readonly Check[], known: KnownValues, target: Target): readonly Diagnostic[] {
  const said = new Set<string>()
  return checks.flatMap((check) => {
    const found = (check.graph === undefined ? plainly(check, known) : computed(check, known, target))[0]
    if (found === undefined || said.has(check.subject)) return []
    said.add(check.subject)
    return [found]
  })
}

/** A variable by itself. */
function plainly(check: Check, known: KnownValues): readonly Diagnostic[] {
  return sourcesOf(check, known).flatMap((batch) =>
    troubles(check, known, demandTrouble(check.demand, check.axes, batch.data, known.sizes, {}), batch.count),
  )
}

/** Where a variable has values: given, observed, or said to start there. */
function sourcesOf({ variable = '', demand }: Check, { values, observed, cues }: KnownValues): readonly Batch[] {
  const value = values.get(variable)
  const starts = demand.kind === 'within' ? cues[variable] : undefined
  return [...(value === undefined ? [] : [{ count: 1, data: value }]), ...[observed[variable], starts].flatMap((b) => b ?? [])]
}

/** An expression, once for each of many observations where it reads some. */
function computed(check: Check, known: KnownValues, target: Target): readonly Diagnostic[] {
  const { graph, axes, variable, demand } = check
  const read = must(graph, 'graph of a check').inputs.map((p) => ({ name: p.name, batch: inputOf(p.name, known) }))
  const batches = read.flatMap(({ batch }) => batch ?? [])
  if (batches.length < read.length) return []
  const sources = variable === undefined ? undefined : sourcesOf(check, known)
  if (sources?.length === 0) return []
  const executable = target(must(graph, 'graph of a check'), known.sizes)
  const size = volumeOver(axes, known.sizes)
  const found: Diagnostic[] = []
  const count = batches.reduce((most, b) => Math.max(most, b.count), 1)
  for (let i = 0; i < count && found.length === 0; i += 1) {
    for (const { name, batch } of read) executable.inputs.get(name)?.set(part(must(batch, name), i))
    executable.run()
    const beside = outputsOf(executable)
    const all = sources ?? [{ count: 1, data: must(beside.value, 'value') }]
    for (const batch of all) {
      const own = count > 1 && batch.count === count ? { count: 1, data: part(batch, i) } : batch
      found.push(...troubles(check, known, demandTrouble(demand, axes, own.data, known.sizes, { ...beside, size }), own.count))
    }
  }
  executable.dispose()
  return found
}

function outputsOf(executable: Executable): Compared & { readonly value?: Float64Array } {
  return Object.fromEntries([...executable.outputs].map(([name, data]) => [name, Float64Array.from(data)]))
}

/** The values of an input: all of them, or nothing. */
function inputOf(name: string, { values, observed }: KnownValues): Batch | undefined {
  const value = values.get(name)
  if (value !== undefined) return { count: 1, data: value }
  const batch = observed[name]
  return batch?.data.some(Number.isNaN) === false ? batch : undefined
}

function part({ count, data }: Batch, i: number): Float64Array {
  const size = data.length / count
  return count === 1 ? data : data.subarray(i * size, (i + 1) * size)
}

function troubles(
  { subject, asks, span, axes, variable, reads }: Check,
  known: KnownValues,
  trouble: Trouble | undefined,
  count: number,
): readonly Diagnostic[] {
  if (trouble === undefined) return []
  const { sizes, origins = {} } = known
  const where = element(axes, sizes, trouble.at, count > 1)
  const others = trouble.more === 0 ? '' : trouble.more === 1 ? ' One more is wrong, too.' : ` ${trouble.more} more are wrong, too.`
  const at = trouble.whole === true || where === '' ? '' : ` at ${where}`
  const place =
    variable === undefined ? placeOf(reads, origins) : origins[variable] && placeIn(origins[variable], axes, where, sizes, trouble.at)
  return [
    diagnostic('AMP518', `"${subject}" ${trouble.said}${at}.${others}`, {
      span,
      ...(place === undefined ? {} : { place }),
      expected: `${trouble.expected}, for ${asks}`,
      ...(trouble.hint === undefined ? {} : { hint: trouble.hint }),
    }),
  ]
}

/** Where what an expression is made of came from. */
function placeOf(reads: readonly string[], origins: Readonly<Record<string, Origin>>): string | undefined {
  const from = [...new Set(reads.flatMap((name) => origins[name]?.from ?? []))]
  return from.length === 0 || from.length > 2 ? undefined : from.join(' and ')
}
