import { type Checked, type Diagnostic, diagnostic, hasErrors, made, unmade } from '../../base/diagnostic.ts'
import { must } from '../../base/internal-error.ts'
import type { Stream } from '../../base/random.ts'
import { bind } from '../../bind/bind.ts'
import type { GivenByRole } from '../../bind/bound.ts'
import type { Given } from '../../bind/given.ts'
import { askedOf } from '../../compile/infer.ts'
import { drawPrior } from '../../inference/draws/prior-draw.ts'
import type { Sizes } from '../../ir/graph.ts'
import { madeSizes } from '../../middle/derived-sizes.ts'
import type { Energy, EnergyVariable } from '../../middle/energy.ts'
import { statesOf, unknownsOf } from '../../middle/situation.ts'
import { complete } from '../../run/complete.ts'
import { loopsFor } from '../backend.ts'
import type { Loaded } from '../load.ts'
import { retrievalParts } from '../pipeline.ts'

/** A memory that holds what a state is to become, a row for each element of the axis that is filled. */
export interface Held {
  readonly state: EnergyVariable
  readonly memory: EnergyVariable
}

/** For each of these states (all that have one, where none is named) the memory with its axes and the one along which patterns are stored. */
export function heldStates({ variables }: Energy, along: string, named: readonly string[]): Checked<readonly Held[]> {
  const memories = variables.filter((v) => v.role === 'memory' && v.axes.includes(along))
  if (memories.length === 0) {
    const axes = [...new Set(variables.filter((v) => v.role === 'memory').flatMap((v) => v.axes))]
    const expected = axes.length === 0 ? 'a model with a memory' : `an axis of a memory: ${axes.join(', ')}`
    return unmade([diagnostic('AMP736', `No memory has the axis "${along}".`, { expected })])
  }
  const moving = statesOf({ variables })
  const states = variables.filter((v) => moving.has(v.name))
  const diagnostics: Diagnostic[] = []
  const held = states.flatMap((state) => {
    const isNamed = named.includes(state.name)
    if (named.length > 0 && !isNamed) return []
    const wanted = [along, ...state.axes].sort().join()
    const fitting = memories.filter((m) => m.type.kind === state.type.kind && [...m.axes].sort().join() === wanted)
    const [memory] = fitting
    if (fitting.length === 1 && memory !== undefined) return [{ state, memory }]
    if (fitting.length > 1 || isNamed) {
      const said = fitting.length === 0 ? 'no memory has' : `${fitting.map((m) => `"${m.name}"`).join(' and ')} have`
      const expected = `one memory over ${[along, ...state.axes].join(', ')}, of the type of "${state.name}"`
      diagnostics.push(diagnostic('AMP736', `Which patterns "${state.name}" recalls is not clear: ${said} its axes and "${along}".`, { span: state.span, expected })) // biome-ignore format: one thought
    }
    return []
  })
  if (held.length === 0 && !hasErrors(diagnostics)) {
    const shape = memories.map((m) => `"${m.name}" [${m.axes.join(', ')}]`).join(', ')
    diagnostics.push(
      diagnostic('AMP736', `No state is a pattern along "${along}".`, { expected: `a state with the other axes of ${shape}` }),
    )
  }
  return hasErrors(diagnostics) ? unmade(diagnostics) : made(held)
}

/** Rows along an axis, one after the other, of numbers laid out in the order of `axes`. */
export function rowsAlong(data: Float64Array, axes: readonly string[], sizes: Sizes, along: string): readonly Float64Array[] {
  const at = axes.indexOf(along)
  const count = must(sizes[along], along)
  const inner = axes.slice(at + 1).reduce((n, a) => n * must(sizes[a], a), 1)
  const outer = data.length / (count * inner)
  return Array.from({ length: count }, (_, k) => {
    const row = new Float64Array(outer * inner)
    for (let o = 0; o < outer; o += 1) row.set(data.subarray((o * count + k) * inner, (o * count + k + 1) * inner), o * inner)
    return row
  })
}

/** What is stored in one memory: values for all memories along the axis, elements numbered from 1. */
export type Contents = readonly Given[]

/** Draws what is stored: by what memories come `from`, or rows of what was given, without replacement. */
export function openContents(
  loaded: Loaded,
  given: GivenByRole,
  along: string,
): Checked<{ readonly most: number; readonly draw: (sizedTo: Loaded, count: number, seed: number, stream: Stream) => Checked<Contents> }> {
  const memories = loaded.energy.variables.filter((v) => v.role === 'memory' && v.axes.includes(along))
  const supplied = given.fixed.filter((item) => memories.some((m) => m.name === item.name))
  const rest: GivenByRole = { ...given, fixed: given.fixed.filter((item) => !supplied.includes(item)) }
  const drawn = memories.filter((m) => !supplied.some((item) => item.name === m.name))
  const { starts, statements } = loaded.energy
  const isSaid = (name: string): boolean =>
    starts.some((s) => s.variable === name) || statements.some((s) => 'variable' in s && s.variable === name)
  const silent = drawn.filter((m) => !isSaid(m.name))
  if (silent.length > 0) {
    return unmade(
      silent.map(({ name, axes, span }) =>
        diagnostic('AMP737', `Nothing says what the patterns of "${name}" are.`, {
          span,
          expected: 'patterns, or what they are drawn from',
          hint: `Say it in the model, as in memory ${name}[${axes.join(', ')}] : spin from uniform, or give patterns with --memory ${name}=FILE.`,
        }),
      ),
    )
  }
  const counts = supplied.map((item) => rowCount(item, memories, along))
  const most = Math.min(Number.POSITIVE_INFINITY, ...counts)
  return made({
    most,
    draw(sizedTo, count, seed, stream) {
      const chosen = supplied.length === 0 ? [] : choice(stream, count, most)
      const picked = supplied.map((item) => pickedRows(item, must(memories.find((m) => m.name === item.name), item.name), along, chosen)) // biome-ignore format: one thought
      if (drawn.length === 0) return made(picked)
      const made_ = drawnMemories(sizedTo, { ...rest, fixed: [...rest.fixed, ...picked] }, drawn, seed)
      return made_.value === undefined ? made_ : made([...picked, ...made_.value])
    },
  })
}

function rowCount({ value }: Given, memories: readonly EnergyVariable[], along: string): number {
  const memory = memories.find((m) => value.shape?.length === m.axes.length)
  return value.shape?.[memory?.axes.indexOf(along) ?? 0] ?? 0
}

function choice(stream: Stream, count: number, of: number): readonly number[] {
  const all = Array.from({ length: of }, (_, i) => i)
  for (let i = 0; i < count; i += 1) {
    const j = i + stream.integer(of - i)
    const [a, b] = [all[i] as number, all[j] as number]
    all[i] = b
    all[j] = a
  }
  return all.slice(0, count)
}

function pickedRows(item: Given, { axes }: EnergyVariable, along: string, rows: readonly number[]): Given {
  const { value } = item
  if (value.kind !== 'numbers') return item
  const at = axes.indexOf(along)
  const sizes = Object.fromEntries(axes.map((a, i) => [a, value.shape[i] as number]))
  const all = rowsAlong(value.data, axes, sizes, along)
  const shape = value.shape.map((n, i) => (i === at ? rows.length : n))
  const inner = shape.slice(at + 1).reduce((n, s) => n * s, 1)
  const data = new Float64Array(shape.reduce((n, s) => n * s, 1))
  for (const [k, r] of rows.entries()) {
    const row = all[r] as Float64Array
    for (let o = 0; o * inner < row.length; o += 1) data.set(row.subarray(o * inner, (o + 1) * inner), (o * rows.length + k) * inner)
  }
  return { ...item, value: { ...value, shape, data } }
}

/** By their `from`, under the seed. */
function drawnMemories(loaded: Loaded, given: GivenByRole, memories: readonly EnergyVariable[], seed: number): Checked<Contents> {
  const asked = askedOf(loaded.energy, 'retrieve', {})
  if (asked.value === undefined) return unmade(asked.diagnostics)
  const parts = retrievalParts(loaded.energy, asked.value)
  const bound = bind(loaded.energy, { ...given, cues: [], observed: given.observed }, unknownsOf(asked.value))
  if (parts.value === undefined || bound.value === undefined) return unmade([...bound.diagnostics, ...parts.diagnostics])
  const sizes = madeSizes(parts.value.program.axes, bound.value.sizes)
  const { value, diagnostics } = complete(memories, { ...parts.value, checks: [], startDraws: [] }, { ...bound.value, sizes }, loopsFor(sizes).target, { seed, draw: drawPrior }) // biome-ignore format: one thought
  if (value === undefined) return unmade(diagnostics)
  return made(
    memories.map(({ name, type, axes }) => {
      const data = must(value.inputs.get(name), name)
      const first = type.kind === 'element' ? 1 : 0
      return {
        name,
        from: 'its `from`',
        value: { kind: 'numbers', shape: axes.map((a) => must(sizes[a], a)), data: data.map((v) => v + first) },
      }
    }),
  )
}
