import { counted } from '../../base/counted.ts'
import { diagnostic } from '../../base/diagnostic.ts'
import { openFolder } from '../open-store.ts'
import { numbersInWords } from '../store-words.ts'
import { print, report } from '../terminal.ts'
import { readValues, type ValueOptions } from '../values.ts'

export interface ForgetCommandOptions extends ValueOptions {
  readonly model?: string
  readonly label?: string
  readonly json?: boolean
}

/** Takes patterns out of a store: those of a number or label, or those that are shown, by the model's rules. */
export async function forget(path: string, options: ForgetCommandOptions): Promise<number> {
  const { model, label, observed } = options
  if ((label === undefined) === (observed.length === 0)) {
    const both =
      label === undefined ? 'Nothing says which patterns to forget.' : '--label and --observed both say which patterns to forget.'
    return report([diagnostic('AMP703', both, { expected: '--label NUMBER or NAME, or --observed NAME=FILE' })], { name: path, text: '' })
  }
  const given = readValues(options)
  if (!given.ok) return report(given.diagnostics, { name: path, text: '' })
  const opened = await openFolder(path, { write: true, model })
  if (typeof opened === 'number') return opened
  const { source, store, before, close } = opened
  const done = store.forget(given.value, { time: new Date().toISOString(), ...(label === undefined ? {} : { label }) })
  const code = report([...before, ...done.diagnostics], source)
  const { patterns } = store.contents()
  close()
  if (!done.ok) return code
  const which = done.value.patterns.length === 0 ? '' : `, ${numbersInWords(done.value.patterns)}`
  const text = `Forgot ${counted(done.value.count, 'pattern')}${which}. ${path} holds ${patterns} now.`
  print(options.json === true ? JSON.stringify({ ...done.value, left: patterns }, null, 2) : text)
  return code
}
