import { createHash } from 'node:crypto'
import { type Checked, type Diagnostic, diagnostic, made, unmade } from '../base/diagnostic.ts'
import type { LearnState } from '../run/learn-state.ts'
import { readBytes } from './files/bytes.ts'
import { writeInTurns } from './files/write.ts'
import { exactly } from './saved-run.ts'

const FORMAT = 'amp learning 1'

/** Writes where a run of learning is, to the last bit, with a checksum. `basis`: a digest of what it depends on. */
export function writeLearnRun(
  path: string,
  { step, coordinates, memory, trace }: LearnState,
  basis: string,
): Promise<readonly Diagnostic[]> {
  const body = JSON.stringify({ step, coordinates: listed(coordinates), memory: listed(memory), trace: listed(trace) })
  return writeInTurns(path, [`${JSON.stringify({ format: FORMAT, basis, sha256: digest(body) })}\n`, `${body}\n`])
}

/** The same read back; AMP715 where it is of something else, or not whole. */
export function readLearnRun(path: string, basis: string): Checked<LearnState> {
  const bytes = readBytes(path)
  if (bytes.value === undefined) return unmade(bytes.diagnostics)
  const [head = '', body = ''] = new TextDecoder().decode(bytes.value).split('\n')
  try {
    const { format, basis: own, sha256 } = JSON.parse(head) as Readonly<Record<string, unknown>>
    if (format !== FORMAT) return unmade([not(path, 'is no run of amp learn')])
    if (sha256 !== digest(body)) return unmade([not(path, 'is not as amp wrote it: its contents do not match its checksum')])
    if (own !== basis) return unmade([not(path, 'is of another model, of other values or of other options than --steps and --epochs')])
    const { step, coordinates, memory, trace } = JSON.parse(body)
    const { loss, rate, slope } = numbersOf(trace)
    if (loss === undefined || rate === undefined || slope === undefined) return unmade([not(path, 'lacks a part')])
    return made({ step, coordinates: numbersOf(coordinates), memory: numbersOf(memory), trace: { loss, rate, slope } })
  } catch {
    return unmade([not(path, 'is no run of amp learn')])
  }
}

function not(path: string, why: string): Diagnostic {
  return diagnostic('AMP715', `${path} ${why}.`, { place: path, expected: 'a file that `amp learn --checkpoint FILE` wrote' })
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

type Buffers = Readonly<Record<string, Float64Array>>

function listed(buffers: Buffers | LearnState['trace']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(buffers).map(([name, data]) => [name, exactly(data)]))
}

function numbersOf(lists: Readonly<Record<string, readonly (number | string)[]>>): Buffers {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Float64Array.from(list, Number)]))
}
