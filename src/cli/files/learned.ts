import type { LearnResult } from '../../api/learn.ts'
import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { unusedJson } from '../../compile/unused.ts'
import { drawnJson } from '../drawn.ts'
import { type Nested, nested } from '../nested.ts'
import { writeNpy } from './npy.ts'
import { endingOf, endless } from './out.ts'
import { rescued } from './rescue.ts'
import { writeInTurns } from './write.ts'
import type { FileContents } from './writing.ts'

/** Writes what was learned as `--param FILE` reads it back: all params in a JSON object, or one of them alone as an array. */
export async function writeLearned(path: string | undefined, result: LearnResult): Promise<readonly Diagnostic[]> {
  if (path === undefined) return []
  const { value, diagnostics } = contentsOf(path, result)
  const troubles = value === undefined ? diagnostics : await writeInTurns(path, value)
  return rescued(troubles, 'The params', 'learned.json', () => paramsText(result))
}

/** A line for each step. */
export async function writeTrace(path: string, { trace }: LearnResult): Promise<readonly Diagnostic[]> {
  const { loss, rate, slope } = trace
  const lines = Array.from(loss, (value, i) => `${i + 1},${value},${rate[i]},${slope[i]}\n`)
  return writeInTurns(path, ['step,loss,rate,slope\n', ...lines])
}

export function learnedJson(result: LearnResult): Readonly<Record<string, unknown>> {
  const { by, params, outcome, steps, of, patterns, batch, stayed, statements, gone, temperature, trace, drawn, unused, bound, backend } =
    result
  return {
    ...{
      by,
      params: paramsJson({ params }),
      outcome,
      steps,
      of,
      patterns,
      batch,
      stayed,
      statements,
      gone,
      temperature,
      backend: backend.name,
    },
    trace: { loss: [...trace.loss], rate: [...trace.rate], slope: [...trace.slope] },
    ...{ sizes: bound.sizes, labels: bound.labels, unused: unusedJson(unused) },
    ...drawnJson(drawn),
  }
}

function paramsJson({ params }: Pick<LearnResult, 'params'>): Readonly<Record<string, Nested>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, nested(value)]))
}

/** As `--param FILE` reads them. */
export function paramsText(result: Pick<LearnResult, 'params'>): string {
  return `${JSON.stringify(paramsJson(result))}\n`
}

function contentsOf(path: string, result: LearnResult): Checked<FileContents> {
  const kind = endingOf(path)
  if (kind === undefined) return unmade([endless(path)])
  if (kind === '.json') return made(paramsText(result))
  const [only, ...others] = Object.values(result.params)
  if (only === undefined || others.length > 0) {
    const message = `${path} holds one array, but ${Object.keys(result.params).length} params were learned: ${Object.keys(result.params).join(', ')}.`
    return unmade([diagnostic('AMP703', message, { hint: 'Write .json.' })])
  }
  const { shape, data } = only
  if (kind === '.npy') return made(writeNpy(shape, data))
  const width = shape.length < 2 ? 1 : data.length / (shape[0] ?? 1)
  return made(Array.from({ length: data.length / width }, (_, i) => `${data.subarray(i * width, (i + 1) * width).join(',')}\n`))
}
