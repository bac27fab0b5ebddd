import { basename } from 'node:path'
import { type EnergyLandscape, type LandscapeOptions, landscape } from '../../api/landscape/landscape.ts'
import { diagnostic, hasErrors } from '../../base/diagnostic.ts'
import type { PlotKind } from '../commands/plot.ts'
import { modelWithValues } from '../model-with-values.ts'
import { table } from '../table.ts'
import { report } from '../terminal.ts'
import { landscapeFigure } from './landscape-figure.ts'

/** `amp plot landscape FILE`: the energy, what is stored, retrieval and samples on one picture. */
export const landscapePlot: PlotKind = async ([file = '', ...more], options) => {
  if (more.length > 0) {
    const message = `A landscape is of one model; ${more.join(', ')} ${more.length === 1 ? 'is one' : 'are'} more.`
    return report([diagnostic('AMP636', message, {})], { name: file, text: '' })
  }
  const { out: _, ...values } = options
  const opened = await modelWithValues(file, values)
  if (typeof opened === 'number') return opened
  const { source, loaded, values: given, before } = opened
  const { along, starts, draws, seed, temperature, flow } = options
  const found = await landscape(loaded, given, {
    starts,
    draws,
    seed,
    ...(along !== undefined && { along }),
    ...(temperature !== undefined && { temperature }),
    ...(flow !== undefined && { flow: flow as NonNullable<LandscapeOptions['flow']> }),
  })
  const code = report([...before, ...found.diagnostics], source)
  if (found.value === undefined || hasErrors(found.diagnostics)) return code === 0 ? 1 : code
  return { figure: landscapeFigure(loaded.model.name ?? basename(file).replace(/\.\w+$/, ''), found.value), said: said(found.value) }
}

/** So many are printed. */
const MOST = 20

function said({ rests, plane, samples, paths, memories }: EnergyLandscape): string {
  const rows = rests.slice(0, MOST).map((r) => [...r.at, r.energy, r.kind ?? 'unknown', r.ends])
  const header = [...plane.labels, 'energy', 'kind', 'retrievals ended here']
  const more = rests.length > MOST ? [`... and ${rests.length - MOST} more (--out FILE.csv has them all)`] : []
  const counts = `${memories.length} stored patterns, ${paths.length} retrievals, ${samples.length} samples.`
  return [...(rows.length === 0 ? ['No point of rest was found.'] : [table(header, rows)]), ...more, '', counts].join('\n')
}
