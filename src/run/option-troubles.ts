import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/suggest.ts'
import { expectedOf, mayBe } from '../middle/option-values.ts'
import { type OptionRow, optionsOf, type ReadingName, type When } from '../middle/options.ts'

/**
 * Options that do not exist there, and values that make no sense, which would otherwise come out as numbers that make none.
 * `when`: what may be said where they were given; anything.
 */
export function optionTroubles(reading: ReadingName, options: object, when?: readonly When[]): readonly Diagnostic[] {
  const rows = new Map<string, OptionRow>(optionsOf(reading, when))
  return Object.entries(options).flatMap(([name, value]) => {
    const row = rows.get(name)
    if (row === undefined) return [unknown(name, [...rows.keys()])]
    return value === undefined || mayBe(row, value) ? [] : [wrong(name, row, value)]
  })
}

function unknown(name: string, names: readonly string[]): Diagnostic {
  const hint = didYouMean(name, names)
  return diagnostic('AMP717', `There is no option "${name}".`, hint === undefined ? { expected: names.join(', ') } : { hint })
}

function wrong(name: string, row: OptionRow, value: unknown): Diagnostic {
  const hint = typeof value === 'string' && row.kind === 'word' ? didYouMean(value, Object.keys(row.words)) : undefined
  const said = typeof value === 'string' ? `"${value}"` : String(value)
  return diagnostic('AMP717', `The option ${nameOf(name, row)} is ${said}.`, {
    expected: expectedOf(row),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** With its flag where that has another name. */
export function nameOf(name: string, row: OptionRow): string {
  const [flag = name] = 'flag' in row ? row.flag.split(' ') : []
  return flag === `--${name}` || flag === name || flag.replaceAll('-', '') === name.toLowerCase() ? name : `${name} (${flag})`
}
