import { type Checked, checked, type Diagnostic, diagnostic, hasErrors, unmade } from '../base/diagnostic.ts'
import type { GivenByRole, GivenSignal } from '../bind/bound.ts'
import { type Given, type GivenValue, strayTrouble } from '../bind/given.ts'
import { readNamed, readOne } from './files/read.ts'

/**
 * Inputs of a simulation. `u=2` is constant. `pulses.csv`, or `u=pulses.csv`, has a column `time` and one for each input, or for each
 * element of one: `u[1]`, `u[2]`. In JSON, `{"time": [...], "u": [...]}`.
 */
export function readInputs(texts: readonly string[]): Checked<Pick<GivenByRole, 'fixed' | 'signals'>> {
  const diagnostics: Diagnostic[] = []
  const fixed: Given[] = []
  const signals: GivenSignal[] = []
  for (const text of texts) {
    const [, name, value] = /^([\p{L}_][\p{L}\p{N}_]*)=(.*)$/su.exec(text) ?? []
    const path = value ?? text
    if (name !== undefined && value !== undefined && !/\.(csv|json)$/i.test(value)) {
      const one = readOne(name, value, 'input')
      diagnostics.push(...one.diagnostics)
      if (one.value !== undefined) fixed.push(one.value)
      continue
    }
    const read = readNamed(path)
    const found = read.value === undefined ? undefined : signalsOf(read.value, path, name)
    const strays = (read.value ?? []).flatMap(({ name, from, value }) =>
      value.kind === 'numbers' ? strayTrouble(name, value.strays ?? [], () => from) : [],
    )
    diagnostics.push(...read.diagnostics, ...strays, ...(found?.diagnostics ?? []))
    signals.push(...(found?.value ?? []))
  }
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked({ fixed, signals }, diagnostics)
}

/** The signals in the columns of a file; all of them, or one. */
function signalsOf(columns: readonly Given[], file: string, wanted: string | undefined): Checked<readonly GivenSignal[]> {
  const clock = columns.find((c) => c.name === 'time')
  if (clock?.value.kind !== 'numbers' || clock.value.shape.length !== 1) {
    const expected = 'a column "time": each value holds from its row on'
    return unmade([diagnostic('AMP735', `${file} has no times.`, { place: file, expected })])
  }
  const time = clock.value.data
  const groups = new Map<string, Given[]>()
  for (const column of columns) {
    if (column === clock) continue
    const name = column.name.replace(/\[.*\]$/, '')
    groups.set(name, [...(groups.get(name) ?? []), column])
  }
  const [only, ...more] = [...groups.values()]
  // The one column of a file is what the option names, whatever it is called.
  if (wanted !== undefined && !groups.has(wanted) && only !== undefined && more.length === 0) groups.set(wanted, only)
  const names = wanted === undefined ? [...groups.keys()] : [wanted]
  const diagnostics: Diagnostic[] = []
  const signals = names.flatMap((name): readonly GivenSignal[] => {
    const own = groups.get(name)
    if (own === undefined) {
      const expected = `a column "${name}", or columns "${name}[1]", "${name}[2]", ...`
      diagnostics.push(diagnostic('AMP735', `${file} does not say what "${name}" is.`, { place: file, expected }))
      return []
    }
    const value = joined(own, time.length)
    if (value === undefined) {
      diagnostics.push(diagnostic('AMP735', `"${name}" is not a number in every row of ${file}.`, { place: file, expected: 'numbers' }))
      return []
    }
    return [{ name, from: `${file}, "${name}"`, time, value }]
  })
  return hasErrors(diagnostics) ? unmade(diagnostics) : checked(signals, diagnostics)
}

/** Columns side by side, a row a time; undefined where one is no column of so many numbers. */
function joined(columns: readonly Given[], rows: number): GivenValue | undefined {
  const [first] = columns
  if (first === undefined) return undefined
  const values = columns.map((c) => c.value)
  if (columns.length === 1 && !/\]$/.test(first.name))
    return first.value.kind === 'numbers' && first.value.shape[0] === rows ? first.value : undefined
  const data = new Float64Array(rows * columns.length)
  for (const [c, value] of values.entries()) {
    if (value.kind !== 'numbers' || value.data.length !== rows) return undefined
    for (let r = 0; r < rows; r += 1) data[r * columns.length + c] = value.data[r] as number
  }
  const labels = columns.map((c) => c.name.slice(c.name.indexOf('[') + 1, -1))
  const areNames = labels.some((l) => !/^\d+$/.test(l))
  return { kind: 'numbers', shape: [rows, columns.length], data, ...(areNames ? { columns: labels } : {}) }
}
