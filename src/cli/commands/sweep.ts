import { extname } from 'node:path'
import { sweep as run, type SweepResult } from '../../api/sweep.ts'
import { counted } from '../../base/counted.ts'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { unusedJson, unusedSentence } from '../../compile/unused.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import { drawnJson, drawnParams } from '../drawn.ts'
import { cellOf } from '../files/cells.ts'
import { placeTrouble } from '../files/out.ts'
import { writeInTurns } from '../files/write.ts'
import { interruptible } from '../interrupts.ts'
import { ladderSentence } from '../ladder-sentence.ts'
import { modelWithValues } from '../model-with-values.ts'
import { sweepCells, sweepTable } from '../sweep-columns.ts'
import { sweepFigure } from '../sweep-figure.ts'
import { table } from '../table.ts'
import { print, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface SweepCommandOptions extends ValueOptions, FlaggedOptions<'sweep'> {
  readonly json?: boolean
  readonly out?: string
}

/** What holds along temperatures; exit code 2 where a chain failed or replicas hardly travel. */
export async function sweep(file: string, { out, ...options }: SweepCommandOptions): Promise<number> {
  const opened = await modelWithValues(file, options)
  if (typeof opened === 'number') return opened
  const { source, loaded, values, before } = opened
  const troubles = out === undefined ? [] : outTrouble(out)
  if (troubles.length > 0) return report([...before, ...troubles], source)
  const result = await run(loaded, values, {
    ...flagged('sweep', options),
    treatments: options.treatments,
    busy: interruptible('sweeping'),
  })
  const code = report([...before, ...result.diagnostics], source)
  if (result.value === undefined) return code
  const unwritten = report(out === undefined ? [] : await write(out, result.value, loaded.model.name), source)
  print(options.json ? JSON.stringify(json(result.value), null, 2) : text(result.value, options))
  if (unwritten !== 0) return unwritten
  return result.value.warnings.length > 0 || result.value.outcomes.some((o) => o.kind !== 'finished') ? 2 : code
}

/** Numbers that JSON does not have are null there. */
function json({ bound, unused, drawn, ...result }: SweepResult): Readonly<Record<string, unknown>> {
  return { ...result, sizes: bound.sizes, labels: bound.labels, unused: unusedJson(unused), ...drawnJson(drawn) }
}

function text(result: SweepResult, { seed }: SweepCommandOptions): string {
  const { header, rows } = sweepTable(result)
  const troubles = result.outcomes.flatMap((o, i) => ('sentence' in o ? [`Chain ${i + 1}: ${o.sentence}`] : []))
  return [
    table(header, rows),
    '',
    `${counted(result.outcomes.length, 'chain')} by ${result.sampler}.`,
    ...ladderSentence(result.ladders.map((ladder) => ({ ladder }))),
    ...drawnParams(result.drawn, result.bound.labels, seed),
    ...unusedSentence('sweep', result.unused),
    ...troubles,
    ...result.warnings.map((w) => `Warning: ${w.sentence}`),
  ].join('\n')
}

type SweepWriter = (result: SweepResult, model: string) => Promise<string> | string

/** How a sweep is written, by the ending of the file. */
const writers: Readonly<Record<string, SweepWriter>> = {
  '.csv': ({ rows }) => {
    const names = rows.slice(0, 1).flatMap((row) => sweepCells(row).map(([name]) => cellOf(name)))
    const lines = rows.map((row) => sweepCells(row).map(([, value]) => (Number.isNaN(value) ? '' : String(value))))
    return [names, ...lines].map((cells) => `${cells.join(',')}\n`).join('')
  },
  '.json': (result) => `${JSON.stringify(json(result), null, 2)}\n`,
  '.svg': async (result, model) => {
    const { svgOf } = await import('../../plot/svg.ts')
    return svgOf(sweepFigure(result, `${model} along temperatures`))
  },
}

function outTrouble(out: string): readonly Diagnostic[] {
  const ending = extname(out).toLowerCase()
  if (Object.hasOwn(writers, ending)) return placeTrouble(out)
  const why = ending === '' ? 'has no ending' : `ends in "${ending}"`
  const message = `${out} ${why}, which does not say how to write it.`
  return [diagnostic('AMP708', message, { expected: 'a file ending in .csv, .json or .svg' })]
}

async function write(out: string, result: SweepResult, model: string): Promise<readonly Diagnostic[]> {
  const contents = await writers[extname(out).toLowerCase()]?.(result, model)
  return contents === undefined ? [] : writeInTurns(out, contents)
}
