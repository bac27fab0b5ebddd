import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import type { GivenByRole, GivenLabels } from '../bind/bound.ts'
import type { Given } from '../bind/given.ts'
import { cellsOf } from './files/cells.ts'
import { readNamed, readOne } from './files/read.ts'

/** The options of the readings that give values. */
export interface ValueOptions {
  readonly data: readonly string[]
  readonly memory: readonly string[]
  readonly param: readonly string[]
  readonly observed: readonly string[]
  readonly cue: readonly string[]
  readonly labels: readonly string[]
}

/** Those of the options that give values of variables. */
type ValueOption = Exclude<keyof ValueOptions, 'labels'>

/** Reads every file and number that the options name. All troubles are reported together. */
export function readValues(options: ValueOptions): Checked<GivenByRole> {
  const diagnostics: Diagnostic[] = []
  const read = (option: ValueOption): readonly Given[] =>
    options[option].flatMap((text) => {
      const found = readOption(option, text)
      diagnostics.push(...found.diagnostics)
      return found.value ?? []
    })
  const labels = options.labels.map(readLabels)
  const value = { fixed: [...read('data'), ...read('memory'), ...read('param')], observed: read('observed'), cues: read('cue'), labels }
  return checked(value, diagnostics)
}

/** `AXIS`, or `AXIS=low,mid,high` with the commas and quotes of CSV. */
function readLabels(text: string): GivenLabels {
  const at = text.indexOf('=')
  const from = `--labels ${text}`
  return at < 0 ? { axis: text.trim(), from } : { axis: text.slice(0, at).trim(), names: cellsOf(text.slice(at + 1)), from }
}

/** `NAME=FILE`, `NAME=NUMBER`, or for data (and anything whose file has names) just `FILE`. */
export function readOption(option: ValueOption | 'init', text: string): Checked<readonly Given[]> {
  const named = /^([\p{L}_][\p{L}\p{N}_]*(?:\([\p{L}\p{N}_]*\))?)=(.*)$/su.exec(text)
  if (named !== null) {
    const one = readOne(named[1] as string, named[2] as string, option)
    return one.value === undefined ? unmade(one.diagnostics) : checked([one.value], one.diagnostics)
  }
  if (option === 'data' || /\.(json|csv|npy)$/i.test(text)) return readNamed(text)
  return unmade([
    diagnostic('AMP703', `--${option} ${text} does not say what to set.`, {
      expected: 'NAME=NUMBER or NAME=FILE',
      hint: `For example --${option} ${option === 'param' ? 'beta=8' : 'x=values.csv'}.`,
    }),
  ])
}
