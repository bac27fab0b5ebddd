import type { Loaded } from '../../api/load.ts'
import { simulate as run, type SimulateResult } from '../../api/simulate.ts'
import { counted } from '../../base/counted.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { hasErrors } from '../../base/diagnostic.ts'
import { unusedJson, unusedSentence } from '../../compile/unused.ts'
import { indices } from '../../inference/draws/draws.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import type { StepKind } from '../../run/simulation/in-time.ts'
import { shown } from '../../run/simulation/outcome.ts'
import type { Trace } from '../../run/simulation/recorder.ts'
import { drawnParams } from '../drawn.ts'
import { cellOf } from '../files/cells.ts'
import { writeNpy } from '../files/npy.ts'
import { endingOf, endless, isStandardOutput } from '../files/out.ts'
import { writeInTurns } from '../files/write.ts'
import type { FileContents } from '../files/writing.ts'
import { interruptible } from '../interrupts.ts'
import { elementName, type Labels } from '../labels.ts'
import { modelWithValues } from '../model-with-values.ts'
import { readInputs } from '../signals.ts'
import { table } from '../table.ts'
import { print, printAside, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface SimulateCommandOptions extends ValueOptions, FlaggedOptions<'simulate'> {
  readonly input: readonly string[]
  readonly json?: boolean
  readonly out?: string
}

/** Runs a model forward in time; exit code 2 where it does not come to its end, or a value is none of its type. */
export async function simulate(file: string, options: SimulateCommandOptions): Promise<number> {
  const inputs = interruptible('reading what is given')(() => readInputs(options.input))
  const opened = await modelWithValues(file, options)
  if (typeof opened === 'number') return opened
  const { source, loaded, before } = opened
  if (inputs.value === undefined) return report([...before, ...inputs.diagnostics], source)
  const values = {
    ...opened.values,
    fixed: [...opened.values.fixed, ...inputs.value.fixed],
    ...(inputs.value.signals && { signals: inputs.value.signals }),
  }
  const { report: names, ...asked } = flagged('simulate', options)
  const result = interruptible('simulating')(() =>
    run(loaded, values, { ...asked, ...(names === undefined || names.length === 0 ? {} : { report: names }) }),
  )
  const code = report([...before, ...inputs.diagnostics, ...result.diagnostics], source)
  if (result.value === undefined) return code
  const unwritten = report(await write(options.out, result.value), source)
  const say = isStandardOutput(options.out) ? printAside : print
  say(options.json ? JSON.stringify(simulatedJson(result.value), null, 2) : asText(result.value, loaded, options))
  if (unwritten !== 0) return unwritten
  return result.value.trajectories.every((t) => t.outcome.kind === 'ended') && !hasErrors(result.diagnostics) ? code : 2
}

/** Names of the columns of a trajectory after its time, and how many of the numbers of each trace they are. */
function columnsOf(traces: readonly Trace[], labels: Labels, sizes: Readonly<Record<string, number>>): readonly string[] {
  return traces.flatMap(({ name, axes }) => {
    const places = indices(axes.map((a) => sizes[a] ?? 1))
    return axes.length === 0 ? [name] : places.map((at) => elementName(name, axes, at, labels))
  })
}

/** So many rows and columns are printed. */
const [ROWS, COLUMNS] = [40, 10]

function asText(result: SimulateResult, { model }: Loaded, options: SimulateCommandOptions): string {
  const { trajectories, program, bound, drawn, unused } = result
  const [first] = trajectories
  if (first === undefined) return 'There is nothing to start from.'
  const many = trajectories.length > 1
  const shownOnes = trajectories.slice(0, 1)
  return [
    ...shownOnes.flatMap((t) => trajectoryTable(result, t)),
    '',
    ...(many ? [`This is the first of ${trajectories.length} trajectories (--json or --out has them all).`] : []),
    ...outcomes(result),
    ...(program.clock === 'time' ? [howSentence(first.by)] : []),
    ...jumpSentence(result, model.rules),
    ...riseSentence(result),
    ...drawnParams(drawn, bound.labels, options.seed),
    ...unusedSentence('simulate', unused),
  ]
    .join('\n')
    .trimEnd()
}

function trajectoryTable({ bound, program }: SimulateResult, { recording }: SimulateResult['trajectories'][number]): readonly string[] {
  const { time, traces, energy } = recording
  const names = columnsOf(traces, bound.labels, bound.sizes)
  const width = Math.min(names.length, COLUMNS)
  const rows = everyFew(time.length)
  const at = (r: number): readonly number[] => traces.flatMap((t) => [...t.values.subarray(r * t.width, (r + 1) * t.width)]).slice(0, width)
  const isStill = program.clock === 'still' && time.length === 1
  const header = [
    ...(isStill ? [] : [program.clock === 'steps' ? 'step' : 'time']),
    ...names.slice(0, width),
    ...(energy === undefined ? [] : ['energy']),
  ]
  const body = rows.map((r) => [...(isStill ? [] : [time[r] as number]), ...at(r), ...(energy === undefined ? [] : [energy[r] as number])])
  const more = [
    ...(rows.length < time.length ? [`${rows.length} of ${time.length} rows (--json or --out has them all)`] : []),
    ...(width < names.length ? [`and ${names.length - width} more columns (--report NAME chooses)`] : []),
  ]
  return [table(header, body), ...more]
}

/** The first row, the last one, and some between. */
function everyFew(count: number): readonly number[] {
  if (count <= ROWS) return Array.from({ length: count }, (_, r) => r)
  return [...new Set(Array.from({ length: ROWS }, (_, k) => Math.round((k * (count - 1)) / (ROWS - 1))))]
}

function outcomes({ trajectories, program }: SimulateResult): readonly string[] {
  if (program.clock === 'still') return ['Nothing moves: the model reports its lets.']
  const kinds = new Map<string, { sentence: string; count: number }>()
  for (const { outcome } of trajectories) {
    const known = kinds.get(outcome.kind)
    kinds.set(outcome.kind, { sentence: known?.sentence ?? outcome.sentence, count: (known?.count ?? 0) + 1 })
  }
  return [...kinds.values()].map(({ sentence, count }) =>
    trajectories.length === 1 ? sentence : `${sentence} (${count === 1 ? 'one trajectory' : `${count} trajectories`})`,
  )
}

const ways: Readonly<Record<StepKind, string>> = {
  exact: 'exactly',
  explicit: 'by explicit steps',
  implicit: 'by implicit steps',
  random: 'by random steps',
}

function howSentence(by: ReadonlySet<StepKind>): string {
  const said = [...by].map((k) => ways[k])
  return said.length === 0 ? 'Nothing had to be integrated.' : `Integrated ${said.join(', and ')}.`
}

function jumpSentence({ trajectories, program }: SimulateResult, rules: Loaded['model']['rules']): readonly string[] {
  const { jumps } = program
  if (jumps.length === 0) return []
  const names = rules.flatMap((r) => (r.kind === 'jump' ? [r.target] : []))
  const counts = new Map<number, number>()
  for (const { condition } of trajectories[0]?.events ?? []) counts.set(condition, (counts.get(condition) ?? 0) + 1)
  const said = [...new Set(jumps.map((j) => j.condition))].map((c) => {
    const targets = names.filter((_, i) => jumps[i]?.condition === c)
    return `${targets.map((t) => `"${t}"`).join(' and ')} ${counted(counts.get(c) ?? 0, 'time')}`
  })
  return [`Jumps: ${said.join('; ')}.`]
}

function riseSentence({ trajectories }: SimulateResult): readonly string[] {
  const rises = trajectories.flatMap((t) => t.rise ?? [])
  const worst = rises.reduce<(typeof rises)[number] | undefined>((a, b) => (a !== undefined && a.by >= b.by ? a : b), undefined)
  if (worst === undefined) return []
  if (worst.by === 0) return ['The energy never rises while inputs stay as they are.']
  return [
    `The energy rises by ${shown(worst.by)} nats from t = ${shown(worst.from)} to ${shown(worst.to)} while inputs stay as they are: the flow does not descend it.`,
  ]
}

function simulatedJson({ trajectories, program, unused, bound }: SimulateResult): Readonly<Record<string, unknown>> {
  return {
    clock: program.clock,
    trajectories: trajectories.map(({ recording, outcome, events, rise, by, start, path }) => ({
      start: start + 1,
      path: path + 1,
      time: [...recording.time],
      ...Object.fromEntries(recording.traces.map((t) => [t.name, nested(t, recording.time.length, bound.sizes)])),
      ...(recording.energy === undefined ? {} : { energy__: [...recording.energy] }),
      outcome,
      integrated: [...by],
      ...(program.jumps.length === 0
        ? {}
        : { jumps: events.map((e) => ({ time: e.time, condition: e.condition + 1, element: e.element + 1 })) }),
      ...(rise === undefined ? {} : { energyRises: rise }),
    })),
    unused: unusedJson(unused),
  }
}

/** Values as nested arrays, a row a time. */
function nested({ axes, width, values }: Trace, rows: number, sizes: Readonly<Record<string, number>>): unknown {
  const shape = axes.map((a) => sizes[a] ?? 1)
  const part = (from: number, dims: readonly number[]): unknown => {
    const [n, ...rest] = dims
    if (n === undefined) return values[from]
    const inner = rest.reduce((a, b) => a * b, 1)
    return Array.from({ length: n }, (_, i) => part(from + i * inner, rest))
  }
  return Array.from({ length: rows }, (_, r) => part(r * width, shape))
}

async function write(path: string | undefined, result: SimulateResult): Promise<readonly Diagnostic[]> {
  if (path === undefined) return []
  const kind = endingOf(path)
  return kind === undefined ? [endless(path)] : writeInTurns(path, contentsOf(kind, result))
}

/** All as JSON; as a table with a header, with the start and the path in front where there are several; or its numbers as one array. */
function contentsOf(kind: NonNullable<ReturnType<typeof endingOf>>, result: SimulateResult): FileContents {
  if (kind === '.json') return `${JSON.stringify(simulatedJson(result))}\n`
  const { trajectories, bound } = result
  const [first] = trajectories
  if (first === undefined) return ''
  const { traces, energy } = first.recording
  const [starts, paths] = [trajectories.some((t) => t.start > 0), trajectories.some((t) => t.path > 0)]
  const names = [
    ...(starts ? ['start'] : []),
    ...(paths ? ['path'] : []),
    'time',
    ...columnsOf(traces, bound.labels, bound.sizes),
    ...(energy === undefined ? [] : ['energy__']),
  ]
  function* rows(): Generator<readonly number[]> {
    for (const { recording, start, path } of trajectories)
      for (let r = 0; r < recording.time.length; r += 1)
        yield [
          ...(starts ? [start + 1] : []),
          ...(paths ? [path + 1] : []),
          recording.time[r] as number,
          ...recording.traces.flatMap((t) => [...t.values.subarray(r * t.width, (r + 1) * t.width)]),
          ...(recording.energy === undefined ? [] : [recording.energy[r] as number]),
        ]
  }
  if (kind === '.npy') {
    const all = [...rows()]
    return writeNpy([all.length, names.length], Float64Array.from(all.flat()))
  }
  return (function* () {
    yield `${names.map(cellOf).join(',')}\n`
    for (const row of rows()) yield `${row.join(',')}\n`
  })()
}
