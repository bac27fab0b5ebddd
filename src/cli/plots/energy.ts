import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Figure, Series } from '../../plot/figure.ts'
import type { PlotKind } from '../commands/plot.ts'
import { readBytes } from '../files/bytes.ts'
import { parseJson } from '../files/json.ts'
import { textOf } from '../files/text.ts'
import { table } from '../table.ts'
import { report } from '../terminal.ts'

interface TracedCue {
  /** The energy at the cue and after every step. */
  readonly trace: readonly number[]
  /** After every flip too, where that was asked for. */
  readonly path?: readonly { readonly energy: number }[]
}

/** More lines than this cannot be told apart. */
const MOST = 8

/** `amp plot energy FILE`: how the energy falls, of a result that `amp retrieve --out FILE.json` wrote. */
export const energyPlot: PlotKind = async ([file = '', ...more]) => {
  const source = { name: file, text: '' }
  const stop = (d: Diagnostic): number => report([d], source)
  if (more.length > 0)
    return stop(
      diagnostic('AMP636', `A figure of energies is of one result; ${more.join(', ')} ${more.length === 1 ? 'is one' : 'are'} more.`, {}),
    )
  const bytes = readBytes(file)
  const text = bytes.value && textOf(bytes.value, file)
  const parsed = text?.value === undefined ? undefined : parseJson(text.value, file)
  if (parsed?.value === undefined)
    return report([...bytes.diagnostics, ...(text?.diagnostics ?? []), ...(parsed?.diagnostics ?? [])], source)
  const cues = cuesOf(parsed.value.root)
  if (cues === undefined)
    return stop(diagnostic('AMP636', `${file} does not hold retrievals.`, { expected: 'a file that `amp retrieve --out FILE.json` wrote' }))
  const ways = cues.map(({ trace, path = [] }) => (path.length > 0 ? path.map((m) => m.energy) : trace))
  const series = ways
    .slice(0, MOST)
    .map((way, k): Series => ({ name: `cue ${k + 1}`, marks: 'line', points: way.map((y, x) => ({ x, y })) }))
  const left = cues.length - series.length
  const label = cues.some(({ path = [] }) => path.length > 0) ? 'moment: the cue, then steps and flips' : 'step'
  const figure: Figure = {
    title: 'Energy along retrieval',
    panels: [{ title: '', width: 560, height: 360, x: { label }, y: { label: 'energy, nats' }, series }],
    ...(left > 0 && { notes: [`The first ${MOST} of ${cues.length} cues.`] }),
  }
  const rows = ways.slice(0, MOST).map((way, k) => [`cue ${k + 1}`, way[0] ?? Number.NaN, way.at(-1) ?? Number.NaN, way.length - 1])
  return { figure, said: table(['', 'energy at the cue', 'at the end', 'moments'], rows) }
}

function cuesOf(root: unknown): readonly TracedCue[] | undefined {
  const { cues } = (typeof root === 'object' && root !== null ? root : {}) as { readonly cues?: readonly Partial<TracedCue>[] }
  return Array.isArray(cues) && cues.length > 0 && cues.every((c) => Array.isArray(c?.trace)) ? (cues as readonly TracedCue[]) : undefined
}
