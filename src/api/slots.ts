import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import { must } from '../base/internal-error.ts'
import type { Bound } from '../bind/bound.ts'
import { namesInWords } from '../bind/names.ts'
import { openedRows, rowAxes } from '../compile/partitions/open-rows.ts'
import { volumeOver } from '../ir/layout.ts'
import { madeSizes } from '../middle/derived-sizes.ts'
import { defaults, type OptionsOf } from '../middle/options.ts'
import * as ports from '../middle/ports.ts'
import { NEW, type RandomAxis } from '../middle/random-axis.ts'
import type { Loaded } from './load.ts'

/** A model whose random axes have room for elements, and those that were opened so. */
export interface WithSlots {
  readonly loaded: Loaded
  readonly bound: Bound
  readonly random: readonly RandomAxis[]
}

/**
 * Room along each random axis that rows share out the elements of: as many slots as there are rows, but no more than asked for. Those that
 * rows are given with come first, by their names.
 */
export function withSlots(
  loaded: Loaded,
  bound: Bound,
  { slots: most = defaults.slots, coclustering = false }: Pick<OptionsOf<'sample'>, 'slots' | 'coclustering'>,
): Checked<WithSlots> {
  const random = rowAxes(loaded.energy)
  const shared = random.map((axis) => {
    const rows = axis.pickers.map((name) => must(loaded.energy.variables.find((v) => v.name === name), name).axes) // biome-ignore format: one thought
    return { axis, things: rows.reduce((sum, axes) => sum + volumeOver(axes, bound.sizes), 0) }
  })
  const diagnostics = [
    ...random.flatMap((axis) => [...notGiven(axis, bound), ...namesNobodyHas(axis, bound)]),
    ...shared.flatMap(({ axis, things }) => (coclustering && things > PAIRED ? [tooManyPairs(axis, things)] : [])),
  ]
  if (diagnostics.length > 0) return unmade(diagnostics)
  const slots = shared.map(({ axis: { axis }, things }) => ({ axis, size: Math.max(1, bound.sizes[axis] ?? 0, Math.min(most, things)) }))
  const energy = openedRows(loaded.energy)
  const sizes = madeSizes(energy.axes, { ...bound.sizes, ...Object.fromEntries(slots.map(({ axis, size }) => [axis, size])) })
  const labels = slots.flatMap(({ axis, size }) => {
    const names = bound.labels[axis]
    return names === undefined ? [] : [[axis, withNewNames(names, size)] as const]
  })
  return checked(
    { loaded: { ...loaded, energy }, bound: { ...bound, sizes, labels: { ...bound.labels, ...Object.fromEntries(labels) } }, random },
    [],
  )
}

/** Each two of so many rows at most are compared. */
const PAIRED = 5000

function tooManyPairs({ axis, span }: RandomAxis, things: number): Diagnostic {
  return diagnostic('AMP510', `How often each two of ${things} rows share an element of "${axis}" would be ${things * things} numbers.`, {
    span,
    expected: `at most ${PAIRED} rows for --coclustering`,
    hint: 'Leave --coclustering out: the draws have the element of each row (--out).',
  })
}

/** Elements that no row is given with: "new 1", "new 2", ... */
function withNewNames(names: readonly string[], size: number): readonly string[] {
  const all = [...names]
  for (let k = 1; all.length < size; k += 1) if (!names.includes(`${NEW} ${k}`)) all.push(`${NEW} ${k}`)
  return all
}

/** What elements have, or how likely they are, is drawn beside the rows; and chains start from partitions of their own. */
function notGiven({ axis, slots, pickers, span }: RandomAxis, { observed, cues }: Bound): readonly Diagnostic[] {
  const cued = pickers.find((name) => cues[name] !== undefined)
  if (cued !== undefined) {
    const hint = `If rows are known to have these elements, give them as observed: --observed ${cued}=...`
    return [diagnostic('AMP601', `Chains start from partitions that are drawn, so "${cued}" has no start.`, { span, hint })]
  }
  const names = [...slots, ports.weight(axis)].filter((name) => observed[name] !== undefined || cues[name] !== undefined)
  return names.map((name) =>
    diagnostic('AMP601', `"${name}" is given, and the elements of "${axis}" are made by a process as rows need them.`, {
      span,
      hint: `Leave it out, or give the axis a size. Rows may be given with the elements that they have: --observed ${pickers[0]}=...`,
    }),
  )
}

function namesNobodyHas({ axis, pickers, span }: RandomAxis, { labels, observed }: Bound): readonly Diagnostic[] {
  const had = new Set(pickers.flatMap((name) => [...(observed[name]?.data ?? [])]))
  const names = (labels[axis] ?? []).filter((_, element) => !had.has(element))
  if (names.length === 0) return []
  const which = names.length === 1 ? 'an element' : 'elements'
  return [
    diagnostic(
      'AMP601',
      `No row is given with ${namesInWords(names)}, which ${names.length === 1 ? 'is' : 'are'} listed as ${which} of "${axis}".`,
      {
        span,
        expected: `names that occur in ${pickers.map((p) => `"${p}"`).join(' or ')}: a process makes elements as rows need them`,
        hint: `List those that occur, or give the axis a size.`,
      },
    ),
  ]
}
