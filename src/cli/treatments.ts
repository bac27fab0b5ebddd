import { situationIn } from '../api/observed.ts'
import type { SourceFile } from '../base/source.ts'
import type { Bound } from '../bind/bound.ts'
import { type DiscreteTreatment, treatmentsOf } from '../compile/treatments.ts'
import type { Energy } from '../middle/energy.ts'
import { type Asked, situationOf } from '../middle/situation.ts'
import type { ExactlyDrawn } from '../run/samplers.ts'

/** What becomes of each discrete state, with the statements that are to blame where one is not summed out. */
export function treatmentLines(treatments: readonly DiscreteTreatment[], source: SourceFile): readonly string[] {
  return treatments.flatMap(({ name, axes, words, because }) => [
    `state ${name}${axes.length === 0 ? '' : `[${axes.join(', ')}]`}: ${words}`,
    ...because.map(({ span }) => `  line ${lineOf(source, span.start)}: ${excerpt(source, span.start, span.end)}`),
  ])
}

/** Of a run's discrete states those that were not summed out, and why. */
export function keptLines(energy: Energy, bound: Bound, asked: Asked, source: SourceFile): readonly string[] {
  const treatments = treatmentsOf(energy, situationIn(energy, situationOf(energy, asked), bound))
  return treatmentLines(
    treatments.filter((f) => !f.summedOut),
    source,
  )
}

/** What a run drew from its density given everything else, or `alone`, where that is all there is. */
export function exactLines({ variables }: Energy, exact: readonly ExactlyDrawn[], alone: boolean): readonly string[] {
  const written = (name: string): string => {
    const axes = variables.find((v) => v.name === name)?.axes ?? []
    return axes.length === 0 ? name : `${name}[${axes.join(', ')}]`
  }
  return exact.map(({ variables: names, density }) => {
    const together = names.length > 1 ? ' together' : ''
    const how = alone ? 'independent draws' : `drawn${together} given everything else`
    return `${names.map(written).join(', ')}: ${how} (${density})`
  })
}

function lineOf({ text }: SourceFile, at: number): number {
  return text.slice(0, at).split('\n').length
}

/** The first line of a statement, cut where it is long. */
function excerpt({ text }: SourceFile, start: number, end: number): string {
  const line = text.slice(start, end).split('\n', 1)[0] ?? ''
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
