import { type Checked, type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { GivenByRole } from '../compile/bind.ts'
import type { Given } from '../compile/given.ts'
import { readNamed, readOne } from './files/read.ts'

/** The options of `retrieve` and `sample` that give values. */
export interface ValueOptions {
  readonly data: readonly string[]
  readonly memory: readonly string[]
  readonly param: readonly string[]
  readonly observed: readonly string[]
  readonly cue: readonly string[]
}

/** Reads every file and number that the options name. All troubles are told together. */
export function readValues(options: ValueOptions): Checked<GivenByRole> {
  const diagnostics: Diagnostic[] = []
  const read = (option: keyof ValueOptions): readonly Given[] =>
    options[option].flatMap((text) => {
      const found = readOption(option, text)
      diagnostics.push(...found.diagnostics)
      return found.value ?? []
    })
  const value = { fixed: [...read('data'), ...read('memory'), ...read('param')], observed: read('observed'), cues: read('cue') }
  return { value, diagnostics }
}

/** `NAME=FILE`, `NAME=NUMBER`, or for data (and anything whose file has names) just `FILE`. */
export function readOption(option: keyof ValueOptions | 'init', text: string): Checked<readonly Given[]> {
  const named = /^([\p{L}_][\p{L}\p{N}_]*(?:\([\p{L}\p{N}_]*\))?)=(.*)$/su.exec(text)
  if (named !== null) {
    const one = readOne(named[1] as string, named[2] as string, option)
    return one.value === undefined ? { diagnostics: one.diagnostics } : { value: [one.value], diagnostics: one.diagnostics }
  }
  if (option === 'data' || /\.(json|csv|npy)$/i.test(text)) return readNamed(text)
  return {
    diagnostics: [
      diagnostic('AMP703', `--${option} ${text} does not say what to set.`, {
        expected: 'NAME=NUMBER or NAME=FILE',
        hint: `For example --${option} ${option === 'param' ? 'beta=8' : 'x=values.csv'}.`,
      }),
    ],
  }
}
