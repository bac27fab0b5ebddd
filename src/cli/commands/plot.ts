import { extname } from 'node:path'
import { type Diagnostic, diagnostic, hasErrors } from '../../base/diagnostic.ts'
import { figureCsv } from '../../plot/csv.ts'
import type { Figure } from '../../plot/figure.ts'
import type { Theme } from '../../plot/theme.ts'
import { placeTrouble } from '../files/out.ts'
import { writeWhole } from '../files/write.ts'
import { print, report } from '../terminal.ts'
import type { ValueOptions } from '../values.ts'

export interface PlotOptions extends ValueOptions {
  readonly out: readonly string[]
  readonly theme: Theme
  readonly title?: string
  readonly along?: readonly string[]
  readonly starts: number
  readonly draws: number
  readonly seed: number
  readonly temperature?: number
  readonly flow?: string
  readonly quantities: readonly string[]
}

/** A figure, and what is said beside it. */
export interface Plotted {
  readonly figure: Figure
  readonly said: string
}

/** Draws figures of one kind; exit code where there is none. */
export type PlotKind = (files: readonly string[], options: PlotOptions) => Promise<Plotted | number>

interface PlotRow {
  readonly open: () => Promise<PlotKind>
  /** The options that it looks at, besides those of every figure. */
  readonly uses: readonly (keyof PlotOptions)[]
}

const drawn = (kind: 'trace' | 'rank' | 'forest' | 'pair' | 'density'): PlotRow => ({
  open: async () => (await import('../plots/draws.ts')).drawsPlot(kind),
  uses: ['quantities'],
})

export const plotKinds: Readonly<Record<string, PlotRow>> = {
  landscape: {
    open: async () => (await import('../plots/landscape.ts')).landscapePlot,
    uses: ['data', 'memory', 'param', 'observed', 'cue', 'labels', 'along', 'starts', 'draws', 'seed', 'temperature', 'flow'],
  },
  energy: { open: async () => (await import('../plots/energy.ts')).energyPlot, uses: [] },
  trace: drawn('trace'),
  rank: drawn('rank'),
  forest: drawn('forest'),
  pair: drawn('pair'),
  density: drawn('density'),
}

/** Those of every figure. */
const always: readonly string[] = ['out', 'theme', 'title']

/** AMP727 for what was given and this kind of figure does not look at. */
function idle(kind: string, given: ReadonlySet<string>): readonly Diagnostic[] {
  const uses: readonly string[] = [...always, ...(plotKinds[kind]?.uses ?? [])]
  return [...given]
    .filter((name) => !uses.includes(name))
    .map((name) => diagnostic('AMP727', `The option --${name} has no effect: amp plot ${kind} does not look at it.`))
}

/** Draws a figure to each file of `--out`, by its ending; without one the SVG goes to standard output. */
export async function plot(
  kind: string,
  files: readonly string[],
  options: PlotOptions & { readonly explicit: ReadonlySet<string> },
): Promise<number> {
  const wrong = [...options.out.flatMap(outTroubles), ...idle(kind, options.explicit)]
  const code = report(wrong, { name: files[0] ?? '', text: '' })
  if (hasErrors(wrong)) return code
  const draw = await plotKinds[kind]?.open()
  const plotted = await draw?.(files, options)
  if (plotted === undefined || typeof plotted === 'number') return plotted ?? 1
  const figure = options.title === undefined ? plotted.figure : { ...plotted.figure, title: options.title }
  if (options.out.length === 0) {
    print((await svg(figure, options.theme)).trimEnd())
    return 0
  }
  print([plotted.said, ...(figure.notes ?? [])].join('\n').trimEnd())
  const unwritten: Diagnostic[] = []
  for (const path of options.out) unwritten.push(...writeWhole(path, await contentsOf(path, figure, options.theme)))
  return report(unwritten, { name: files[0] ?? '', text: '' })
}

const endings = ['.svg', '.csv', '.json']

function outTroubles(path: string): readonly Diagnostic[] {
  if (endings.includes(extname(path).toLowerCase())) return placeTrouble(path)
  const ending = extname(path)
  const why = ending === '' ? `${path} has no ending` : `${path} ends in "${ending}"`
  return [
    diagnostic('AMP708', `${why}, which does not say how to write a figure.`, {
      expected: 'a file ending in .svg (the drawing), .csv or .json (its data)',
    }),
  ]
}

async function contentsOf(path: string, figure: Figure, theme: Theme): Promise<string> {
  const ending = extname(path).toLowerCase()
  if (ending === '.csv') return figureCsv(figure)
  return ending === '.json' ? `${JSON.stringify(figure)}\n` : svg(figure, theme)
}

/** What draws is loaded only where something is drawn. */
async function svg(figure: Figure, theme: Theme): Promise<string> {
  return (await import('../../plot/svg.ts')).svgOf(figure, theme)
}
