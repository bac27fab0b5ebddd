import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Bound } from '../bind/bound.ts'
import { typeTrouble } from '../bind/troubles.ts'
import type { Graph, Sizes } from '../ir/graph.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import type { Default, DrawnOnce, PriorDraw } from '../middle/parts.ts'

/** What was not given; or, where all was given, what depends on what a run does not know beforehand. */
export function troubles(
  missing: readonly EnergyVariable[],
  waiting: ReadonlyMap<string, Graph>,
  { priors, defaults }: MissingParts,
): readonly Diagnostic[] {
  const drawOf = (name: string): PriorDraw | undefined => priors.find((p) => p.name === name)
  const roots = missing.filter((v) => !waiting.has(v.name))
  if (roots.length > 0) return roots.map((v) => notGiven(v, drawOf(v.name)))
  return missing.map((v) => {
    const reads = (waiting.get(v.name)?.inputs ?? []).map((p) => p.name)
    const why = reads.every((name) => waiting.has(name)) ? 'in a circle' : 'which has no value before the run'
    const on = reads.filter((name) => name !== v.name && (why !== 'in a circle' || waiting.has(name))).map((name) => `"${name}"`)
    const draw = drawOf(v.name)
    const isFrom = draw?.from ?? defaults.find((d) => d.name === v.name)?.from
    const origin = isFrom === true ? '`from`' : draw === undefined ? 'default' : 'prior'
    return diagnostic('AMP501', `The ${v.role} "${v.name}" was not given, and its ${origin} depends on ${on.join(' and ')}, ${why}.`, {
      span: v.span,
      hint: `Give it with ${how[v.role](v.name)}.`,
    })
  })
}

interface MissingParts {
  readonly priors: readonly PriorDraw[]
  readonly defaults: readonly Default[]
}

/** Draws that came out as no number: parameters of the prior out of range, or a type that allows next to nothing of it. */
export function undrawn(item: DrawnOnce, value: Float64Array, fixed: readonly EnergyVariable[]): readonly Diagnostic[] {
  if (value.every(Number.isFinite)) return []
  const { name } = item
  const family = ('program' in item ? item.program.draws[0]?.family : undefined) ?? 'its family'
  const { role = 'param', span } = fixed.find((v) => v.name === name) ?? {}
  return [
    diagnostic(
      'AMP501',
      `The ${role} "${name}" was not given, and no finite value could be drawn from its ${item.from === true ? '`from`' : 'prior'}.`,
      {
        ...(span === undefined ? {} : { span }),
        expected: `parameters of ${family} in their range, and a type that allows a good part of its draws`,
        hint: `Give it with ${how[role](name)}.`,
      },
    ),
  ]
}

/** What an expression that a variable comes from gives, where that is no value of the variable's type. */
export function notOfType(
  { name, axes, type }: Default,
  value: Float64Array,
  sizes: Sizes,
  fixed: readonly EnergyVariable[],
): readonly Diagnostic[] {
  const trouble = type === undefined ? undefined : typeTrouble({ axes, type }, value, sizes)
  if (type === undefined || (trouble === undefined && value.every(Number.isFinite))) return []
  const { role = 'param', span } = fixed.find((v) => v.name === name) ?? {}
  const said = trouble?.said ?? 'is not a number'
  return [
    diagnostic('AMP501', `The ${role} "${name}" was not given, and its \`from\` ${said}.`, {
      ...(span === undefined ? {} : { span }),
      expected: trouble?.expected ?? 'numbers',
      hint: `Give it with ${how[role](name)}.`,
    }),
  ]
}

/** Starts of what moves that cannot be drawn, where nothing else says where it starts. */
export function notDrawn(draws: readonly PriorDraw[], { cues, observed }: Pick<Bound, 'cues' | 'observed'>): readonly Diagnostic[] {
  return draws.flatMap((d) =>
    'reason' in d && cues[d.name] === undefined && observed[d.name] === undefined
      ? [
          diagnostic('AMP501', `"${d.name}" cannot start from a draw of its \`from\`: ${d.reason}.`, {
            hint: `Say where it starts with --cue ${d.name}=FILE.`,
          }),
        ]
      : [],
  )
}

const how: Readonly<Record<EnergyVariable['role'], (name: string) => string>> = {
  data: (name) => `--data FILE (a key or column "${name}") or --data ${name}=FILE`,
  memory: (name) => `--memory ${name}=FILE`,
  param: (name) => `--param ${name}=VALUE, or a default in the model: param ${name} = 1`,
  state: (name) => `--observed ${name}=FILE`,
  input: (name) => `--data ${name}=FILE, in amp simulate --input ${name}=FILE`,
}

function notGiven({ name, role, axes, span }: EnergyVariable, prior: PriorDraw | undefined): Diagnostic {
  const shape = axes.length === 0 ? '' : `[${axes.join(', ')}]`
  const why =
    prior !== undefined && 'reason' in prior
      ? `, and it cannot be drawn from its ${prior.from === true ? '`from`' : 'prior'}: ${prior.reason}`
      : ''
  return diagnostic('AMP501', `The ${role} "${name}${shape}" was not given${why}.`, { span, hint: `Give it with ${how[role](name)}.` })
}
