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

export const plotKinds: Readonly<Record<string, () => Promise<PlotKind>>> = {
  landscape: async () => (await import('../plots/landscape.ts')).landscapePlot,
  energy: async () => (await import('../plots/energy.ts')).energyPlot,
  trace: async () => (await import('../plots/draws.ts')).drawsPlot('trace'),
  rank: async () => (await import('../plots/draws.ts')).drawsPlot('rank'),
  forest: async () => (await import('../plots/draws.ts')).drawsPlot('forest'),
  pair: async () => (await import('../plots/draws.ts')).drawsPlot('pair'),
  density: async () => (await import('../plots/draws.ts')).drawsPlot('density'),
}

/** Draws a figure to each file of `--out`, by its ending; without one the SVG goes to standard output. */
export async function plot(kind: string, files: readonly string[], options: PlotOptions): Promise<number> {
  const wrong = options.out.flatMap(outTroubles)
  if (hasErrors(wrong)) return report(wrong, { name: files[0] ?? '', text: '' })
  const draw = await plotKinds[kind]?.()
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
