import type { SweepResult, SweepRow } from '../api/sweep.ts'

type Cells = readonly (readonly [name: string, value: number])[]

/** All that a row says, by name; what has no value there is NaN. */
export function sweepCells(row: SweepRow): Cells {
  const estimate = (name: string, { value, error }: SweepRow['energy']): Cells => [
    [name, value],
    [`mcse_${name}`, error],
  ]
  return [
    ['temperature', row.temperature],
    ...estimate('energy', row.energy),
    ...estimate('heat_capacity', row.heatCapacity),
    ...row.quantities.flatMap((q) => [
      ...estimate(q.name, q.mean),
      ...estimate(`abs_${q.name}`, q.absolute),
      ...estimate(`chi_${q.name}`, q.susceptibility),
      ...estimate(`chi_abs_${q.name}`, q.absoluteSusceptibility),
    ]),
    ...row.overlaps.flatMap((o) => estimate(`overlap_${o.state}_${o.memory}`, o.overlap)),
    ['acceptance', row.acceptance],
    ['moved', row.moved],
    ['swap_rate', row.swapRate],
  ]
}

/** What is printed, without what holds of no row. */
export function sweepTable({ rows }: SweepResult): { readonly header: readonly string[]; readonly rows: readonly (readonly number[])[] } {
  const cells = rows.map((row) => sweepCells(row).filter(([name]) => !/^(mcse_)?chi_/.test(name)))
  const places = (cells[0] ?? []).map((_, i) => i).filter((i) => cells.some((row) => !Number.isNaN(row[i]?.[1])))
  return {
    header: places.map((i) => cells[0]?.[i]?.[0] ?? ''),
    rows: cells.map((row) => places.map((i) => row[i]?.[1] ?? Number.NaN)),
  }
}
