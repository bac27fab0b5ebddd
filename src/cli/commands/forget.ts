import type { ForgetOptions } from '../../api/store/forget.ts'
import { counted } from '../../base/counted.ts'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { openFolder } from '../open-store.ts'
import { numbersInWords } from '../store-words.ts'
import { print, report } from '../terminal.ts'
import { readValues, type ValueOptions } from '../values.ts'

export interface ForgetCommandOptions extends ValueOptions {
  readonly model?: string
  readonly label?: string
  readonly keepLast?: number
  readonly decay?: number
  readonly discount?: number
  readonly json?: boolean
}

/** Takes patterns out of a store: those of a number or label, or those that are shown, by the model's rules. */
export async function forget(path: string, options: ForgetCommandOptions): Promise<number> {
  const { model } = options
  const asked = ways.filter((way) => (way === 'observed' ? options.observed.length > 0 : options[way] !== undefined))
  if (asked.length !== 1) return report([notOneWay(asked)], { name: path, text: '' })
  const given = readValues(options)
  if (!given.ok) return report(given.diagnostics, { name: path, text: '' })
  const opened = await openFolder(path, { write: true, model })
  if (typeof opened === 'number') return opened
  const { source, store, before, close } = opened
  const done = store.forget(given.value, { time: new Date().toISOString(), ...chosen(options) })
  const code = report([...before, ...done.diagnostics], source)
  const { patterns } = store.contents()
  close()
  if (!done.ok) return code
  const which = done.value.patterns.length === 0 ? '' : `, ${numbersInWords(done.value.patterns)}`
  const text = fadedInWords(options, path) ?? `Forgot ${counted(done.value.count, 'pattern')}${which}. ${path} holds ${patterns} now.`
  print(options.json === true ? JSON.stringify({ ...done.value, left: patterns }, null, 2) : text)
  return code
}

/** What says which patterns to forget, or how much of all of them. */
const ways = ['label', 'keepLast', 'decay', 'discount', 'observed'] as const
type WayToForget = (typeof ways)[number]

const flags: Readonly<Record<WayToForget, string>> = {
  label: '--label',
  keepLast: '--keep-last',
  decay: '--decay',
  discount: '--discount',
  observed: '--observed',
}

function notOneWay(asked: readonly WayToForget[]): Diagnostic {
  const all = asked.map((way) => flags[way]).join(' and ')
  const message = asked.length === 0 ? 'Nothing says which patterns to forget.' : `${all} both say what to forget.`
  const expected = '--label NUMBER or NAME, --keep-last N, --decay B, --discount B, or --observed NAME=FILE'
  return diagnostic('AMP703', message, { expected })
}

function chosen({ label, keepLast, decay, discount }: ForgetCommandOptions): Omit<ForgetOptions, 'time'> {
  return {
    ...(label === undefined ? {} : { label }),
    ...(keepLast === undefined ? {} : { keepLast }),
    ...(decay === undefined ? {} : { decay }),
    ...(discount === undefined ? {} : { discount }),
  }
}

function fadedInWords({ decay, discount }: ForgetCommandOptions, path: string): string | undefined {
  if (decay !== undefined) return `The posteriors of ${path} decayed by ${decay} toward their priors.`
  return discount === undefined ? undefined : `The posteriors of ${path} count what they were told ${1 - discount} times as much.`
}
