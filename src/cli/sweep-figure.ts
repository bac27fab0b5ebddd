import type { SweepResult, SweepRow } from '../api/sweep.ts'
import type { Figure, FigurePoint, Panel } from '../plot/figure.ts'

const x = { label: 'T' }

/** Energy, heat capacity and, where there are some, order parameters and overlaps along the temperatures. */
export function sweepFigure({ rows }: SweepResult, title: string): Figure {
  const line = (name: string, of: (row: SweepRow) => SweepRow['energy'] | undefined) => ({
    name,
    marks: 'line and dots' as const,
    points: rows.flatMap((row) => pointOf(row.temperature, of(row))),
  })
  const [first] = rows
  const order = [
    ...(first?.quantities ?? []).map(({ name }, i) => line(`|${name}|`, (row) => row.quantities[i]?.absolute)),
    ...(first?.overlaps ?? []).map(({ state, memory }, i) => line(`overlap of ${state} with ${memory}`, (row) => row.overlaps[i]?.overlap)),
  ]
  const panels: readonly Panel[] = [
    { title: 'Mean energy', x, y: { label: 'E' }, series: [line('E', (row) => row.energy)] },
    { title: 'Heat capacity', x, y: { label: 'C' }, series: [line('C', (row) => row.heatCapacity)] },
    ...(order.length === 0 ? [] : [{ title: 'Order', x, y: { label: 'mean' }, series: order }]),
  ]
  return { title, panels }
}

function pointOf(temperature: number, estimate: SweepRow['energy'] | undefined): readonly FigurePoint[] {
  if (estimate === undefined || Number.isNaN(estimate.value)) return []
  const { value, error } = estimate
  return [{ x: temperature, y: value, ...(Number.isNaN(error) ? {} : { error }) }]
}
