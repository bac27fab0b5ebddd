import { type Checked, checked, type Diagnostic, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import { fold, type Key, keyFromSeed, Stream } from '../../base/random.ts'
import { wilson } from '../../base/wilson.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import type { Given } from '../../bind/given.ts'
import { defaults } from '../../middle/options.ts'
import { type KeptRetrievals, keptRetrievals } from '../kept-retrievals.ts'
import type { Loaded } from '../load.ts'
import { retrieveAmong } from '../retrieve.ts'
import { type AskedCapacity, type CapacityOptions, DEFAULT_SUCCESS } from './asked.ts'
import { type Corruption, corruptionOf } from './corruption.ts'
import type { LoadPoint, MeasuredLoad } from './search.ts'
import { sized } from './sized.ts'
import { type Held, type openContents, rowsAlong } from './stored.ts'
import { type Fit, fitOf } from './success.ts'

export interface Setting extends AskedCapacity {
  readonly loaded: Loaded
  readonly given: GivenByRole
  readonly options: CapacityOptions
  readonly contents: NonNullable<ReturnType<typeof openContents>['value']>
}

/** All memories of one load. */
export async function measureLoad(
  setting: Setting,
  sizes: Readonly<Record<string, number>>,
  count: number,
): Promise<Checked<MeasuredLoad>> {
  const { loaded, options } = setting
  const { along, memories = 10, seed = defaults.seed, progress } = options
  const model = sized(loaded, { ...sizes, [along]: count })
  const kept = keptRetrievals()
  const named = Object.entries(sizes).map(([axis, size]) => `${axis} = ${size}`)
  const key = fold(keyFromSeed(seed), [...named, `load ${count}`].join())
  const clusters: MeasuredLoad['clusters'][number][] = []
  const fits: Fit[] = []
  const diagnostics: Diagnostic[] = []
  try {
    for (let m = 0; m < memories; m += 1) {
      progress?.([...named, `${count} along ${along}: memory ${m + 1} of ${memories}`].join(', '))
      const result = await recallOnce(setting, model, count, fold(key, m), kept)
      diagnostics.push(...result.diagnostics)
      if (result.value === undefined) return unmade(diagnostics)
      fits.push(...result.value)
      clusters.push({ count, tried: result.value.length, succeeded: result.value.filter(setting.success).length })
    }
  } finally {
    kept.dispose()
  }
  const mean = (of: (fit: Fit) => number): number => fits.reduce((sum, fit) => sum + of(fit), 0) / fits.length
  const succeeded = clusters.reduce((sum, c) => sum + c.succeeded, 0)
  const point: LoadPoint = {
    count,
    tried: fits.length,
    success: succeeded / fits.length,
    interval: wilson(succeeded, fits.length),
    overlap: mean((f) => f.overlap),
    errors: mean((f) => f.errors),
    distance: mean((f) => f.distance),
  }
  return checked({ point, clusters }, diagnostics)
}

/** One memory: how well each of its first patterns is recalled. */
async function recallOnce(
  setting: Setting,
  model: Loaded,
  count: number,
  key: Key,
  kept: KeptRetrievals,
): Promise<Checked<readonly Fit[]>> {
  const { held, corruptions, given, options, contents } = setting
  const stream = new Stream(fold(key, 'patterns'))
  const seed = new Stream(fold(key, 'seed')).integer(2_147_483_648)
  const drawn = contents.draw(model, count, seed, stream)
  if (drawn.value === undefined) return unmade(drawn.diagnostics.map(sizeSaid))
  const stored = held.map(({ memory }) => {
    const { value } = must(
      drawn.value?.find((item) => item.name === memory.name),
      memory.name,
    )
    if (value.kind !== 'numbers') return []
    return rowsAlong(value.data, memory.axes, Object.fromEntries(memory.axes.map((a, i) => [a, value.shape[i] as number])), options.along)
  })
  const tried = Math.min(count, options.cues ?? 10)
  const shapes = held.map(({ state, memory }) => shapeOf(drawn.value ?? [], memory.name, memory.axes, state.axes))
  const noise = new Stream(fold(key, 'cues'))
  const shown = held.map((h, k) => {
    const levels = h.state.type.kind === 'element' ? levelsOf(model, h.state.type.axis, stored[k] ?? []) : 0
    const corruption = corruptionOf(corruptions.get(h.state.name) ?? 'none', h.state.type, levels) as Corruption
    const patterns = (stored[k] ?? []).slice(0, tried).map((row) => ordered(row, h, options.along, shapes[k] ?? []))
    return { corruption, patterns, cues: patterns.map((p) => onSphere(h, corruption.apply(p, noise))) }
  })
  const items = held.map((h, k): Given => {
    const data = new Float64Array(shown[k]?.cues.flatMap((c) => [...c]) ?? [])
    return { name: h.state.name, from: 'what is shown', value: { kind: 'numbers', shape: [tried, ...(shapes[k] ?? [])], data } }
  })
  const isKnown = (k: number): boolean => shown[k]?.corruption.known === true
  const all: GivenByRole = {
    ...given,
    fixed: [...given.fixed.filter((item) => !drawn.value?.some((d) => d.name === item.name)), ...drawn.value],
    observed: [...given.observed, ...items.filter((_, k) => isKnown(k))],
    cues: [...given.cues, ...items.filter((_, k) => !isKnown(k))],
  }
  const { value, diagnostics } = await retrieveAmong(kept, model, all, { ...options.retrieve, seed })
  if (value === undefined) return unmade(diagnostics.map(sizeSaid))
  const others = (own: number): (readonly Float64Array[])[] =>
    (stored[0] ?? []).flatMap((_, p) => (p === own ? [] : [held.map((h, k) => ordered((stored[k] as readonly Float64Array[])[p] as Float64Array, h, options.along, shapes[k] ?? []))])) // biome-ignore format: one thought
  const fits = value.retrievals.map((r, c) =>
    fitOf(
      held.map(({ state }, k) => ({
        type: state.type,
        found: must(r.states[state.name] ?? r.likeliest[state.name], state.name).data,
        stored: must(shown[k]?.patterns[c], state.name),
      })),
      isNearestAsked(options) ? others(c) : [],
    ),
  )
  return checked(fits, diagnostics)
}

/** Sizes come from elsewhere here than from values. */
function sizeSaid(d: Diagnostic): Diagnostic {
  return d.code === 'AMP504' ? { ...d, hint: 'Say it with --sizes AXIS=N, or fix it in the model: axis AXIS = 10.' } : d
}

const isNearestAsked = ({ success = DEFAULT_SUCCESS }: CapacityOptions): boolean => success.includes('nearest')

function levelsOf({ energy }: Loaded, axis: string, rows: readonly Float64Array[]): number {
  const size = energy.axes.find((a) => a.name === axis)?.size
  return size?.kind === 'fixed' ? size.size : rows.reduce((most, row) => row.reduce((m, v) => Math.max(m, v), most), 2)
}

function shapeOf(items: readonly Given[], memory: string, axes: readonly string[], wanted: readonly string[]): readonly number[] {
  const shape = items.find((item) => item.name === memory)?.value.shape ?? []
  return wanted.map((a) => shape[axes.indexOf(a)] as number)
}

/** A row of a memory in the order of the axes of its state. */
function ordered(row: Float64Array, { state, memory }: Held, along: string, shape: readonly number[]): Float64Array {
  const own = memory.axes.filter((a) => a !== along)
  if (own.join() === state.axes.join()) return row
  const strides = own.map((_, i) => own.slice(i + 1).reduce((n, a) => n * (shape[state.axes.indexOf(a)] as number), 1))
  return Float64Array.from(row, (_, flat) => {
    let rest = flat
    let place = 0
    for (let i = state.axes.length - 1; i >= 0; i -= 1) {
      const size = shape[i] as number
      place += (rest % size) * (strides[own.indexOf(state.axes[i] as string)] as number)
      rest = Math.floor(rest / size)
    }
    return row[place] as number
  })
}

/** Unit vectors that were shaken are vectors of length 1 again. */
function onSphere({ state }: Held, cue: Float64Array): Float64Array {
  if (state.type.kind !== 'unit' || state.axes.length !== 1) return cue
  const length = Math.sqrt(cue.reduce((sum, v) => sum + v * v, 0))
  return length > 0 ? cue.map((v) => v / length) : cue
}
