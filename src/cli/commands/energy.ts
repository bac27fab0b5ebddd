import { type Energies, energies } from '../../api/energy.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { unusedSentence } from '../../compile/unused.ts'
import type { Energy } from '../../middle/energy.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import { drawnParams } from '../drawn.ts'
import { eliminatedSentences, eliminatedTables } from '../eliminated.ts'
import { columnsOf, energiesJson, slopesOf, type Wanted } from '../energies.ts'
import { cellOf } from '../files/cells.ts'
import { writeNpy } from '../files/npy.ts'
import { endingOf, endless, isStandardOutput } from '../files/out.ts'
import { writeInTurns } from '../files/write.ts'
import type { FileContents } from '../files/writing.ts'
import { interruptible } from '../interrupts.ts'
import { modelWithValues } from '../model-with-values.ts'
import { table } from '../table.ts'
import { temperatureSentence } from '../temperature.ts'
import { print, printAside, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface EnergyCommandOptions extends ValueOptions, FlaggedOptions<'energy'>, Wanted {
  readonly json?: boolean
  readonly out?: string
}

/** Evaluates the energy at what is given; exit code 2 where it is not finite. */
export async function energy(file: string, options: EnergyCommandOptions): Promise<number> {
  const opened = await modelWithValues(file, options)
  if (typeof opened === 'number') return opened
  const { source, loaded, values, before } = opened
  const result = interruptible('evaluating the energy')(() => energies(loaded, values, flagged('energy', options)))
  const code = report([...before, ...result.diagnostics], source)
  if (result.value === undefined) return code
  const unwritten = report(await write(options.out, result.value, options), source)
  const say = isStandardOutput(options.out) ? printAside : print
  say(options.json ? jsonOf(result.value, options) : asText(result.value, loaded.energy, options))
  if (unwritten !== 0) return unwritten
  return result.value.points.every((p) => p.trouble === undefined) ? code : 2
}

function jsonOf(result: Energies, options: EnergyCommandOptions): string {
  return JSON.stringify(energiesJson(result, options), null, 2)
}

/** So many points are listed, and so many slopes of a single one. */
const MOST = 40

function asText(result: Energies, model: Energy, options: EnergyCommandOptions): string {
  const { points, bound, drawn } = result
  const { names, rows } = columnsOf(result, { terms: options.terms === true })
  const largest = options.gradient === true && points.length > 1
  const header = ['cue', ...names, ...(largest ? ['largest slope'] : [])]
  const body = points.slice(0, MOST).map((point, i) => {
    const slopes = largest ? [Math.max(0, ...Object.values(point.gradient).flatMap((t) => Array.from(t.data, Math.abs)))] : []
    return [i + 1, ...(rows[i] ?? []), ...slopes]
  })
  const more = points.length > MOST ? [`... and ${points.length - MOST} more (--json or --out has them all)`] : []
  const troubles = points.flatMap(({ trouble }, i) =>
    trouble === undefined ? [] : [points.length === 1 ? trouble : `Cue ${i + 1}: ${trouble}`],
  )
  return [
    table(header, body),
    ...more,
    ...(options.gradient === true && points.length === 1 ? slopeTable(result) : []),
    ...(points.length === 1 ? eliminatedTables(points[0]?.eliminated ?? {}, bound.labels) : []),
    '',
    ...aside(result),
    ...temperatureSentence(result.temperature, model, options.temperature),
    ...drawnParams(drawn, bound.labels, options.seed),
    ...troubles.slice(0, MOST),
  ]
    .join('\n')
    .trimEnd()
}

function slopeTable({ points, bound }: Energies): readonly string[] {
  const slopes = points.flatMap((p) => slopesOf(p, bound.labels))
  if (slopes.length === 0) return ['', 'No state is continuous, so there is no gradient.']
  const rest = slopes.length > MOST ? [`... and ${slopes.length - MOST} more (--json or --out has them all)`] : []
  return ['', table(['state', 'slope'], slopes.slice(0, MOST)), ...rest]
}

/** What the energy is of. */
function aside({ points, summedOut, defaulted, unused }: Energies): readonly string[] {
  const gone = summedOut.join(', ')
  const eliminated = Object.entries(points[0]?.eliminated ?? {}).map(([name, { how }]) => ({ name, how }))
  return [
    ...(summedOut.length === 0 ? [] : [`Summed out: ${gone}. The energy is that of the other states.`]),
    ...eliminatedSentences(eliminated, '. The energy is that of the rest.'),
    ...(defaulted.length === 0 ? [] : [`Not given, so at the default: ${defaulted.join(', ')}.`]),
    ...unusedSentence('energy', unused),
  ]
}

async function write(path: string | undefined, result: Energies, options: EnergyCommandOptions): Promise<readonly Diagnostic[]> {
  if (path === undefined) return []
  const kind = endingOf(path)
  return kind === undefined ? [endless(path)] : writeInTurns(path, contentsOf(kind, result, options))
}

/** All as JSON; as a table with a header; or as one array: of the energies, or a row a point where more is wanted. */
function contentsOf(kind: NonNullable<ReturnType<typeof endingOf>>, result: Energies, options: EnergyCommandOptions): FileContents {
  if (kind === '.json') return `${jsonOf(result, options)}\n`
  const { names, rows } = columnsOf(result, options)
  if (kind === '.csv') return `${[names.map(cellOf).join(','), ...rows.map((r) => r.join(','))].join('\n')}\n`
  const shape = names.length === 1 ? [rows.length] : [rows.length, names.length]
  return writeNpy(shape, Float64Array.from(rows.flatMap((r) => [...r])))
}
