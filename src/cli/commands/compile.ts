import type { EmitOptions, ModuleTarget, Reading } from '../../api/emit/options.ts'
import { emit } from '../../api/emit.ts'
import { load } from '../../api/load.ts'
import { diagnostic, hasErrors } from '../../base/diagnostic.ts'
import { unusedSentence } from '../../compile/unused.ts'
import type { FlaggedOptions } from '../../middle/options.ts'
import { readSource } from '../files/source.ts'
import { writeWhole } from '../files/write.ts'
import { interruptible } from '../interrupts.ts'
import { print, report } from '../terminal.ts'

export interface CompileOptions extends Required<Omit<FlaggedOptions<'sample', 'compiled'>, 'prior'>> {
  readonly to: Reading
  readonly target: ModuleTarget
  readonly observed: readonly string[]
  readonly prior?: boolean
  readonly sampler?: NonNullable<EmitOptions['sampler']>
  readonly out: string
}

/** Writes a module and its declarations. */
export async function compile(file: string, options: CompileOptions): Promise<number> {
  const source = interruptible('reading the model')(() => readSource(file))
  if (source.value === undefined) return report(source.diagnostics, { name: file, text: '' })
  if (!/\.m?js$/.test(options.out)) {
    const trouble = diagnostic('AMP708', `${options.out} is not the name of a JavaScript module.`, {
      expected: 'a file ending in .mjs or .js',
    })
    return report([trouble], source.value)
  }
  const { value: model } = source
  const loaded = interruptible('reading the model')(() => load(model))
  if (loaded.value === undefined || hasErrors(loaded.diagnostics)) return report(loaded.diagnostics, source.value)
  const { value: known } = loaded
  const emitting = interruptible('the module was made; nothing was written')(() => {
    return emit(known, options.to, { ...options, observed: new Set(options.observed) })
  })
  const emitted = await emitting
  const code = report([...loaded.diagnostics, ...emitted.diagnostics], source.value)
  if (emitted.value === undefined) return Math.max(code, 1)
  const types = options.out.replace(/\.(m?)js$/, '.d.$1ts')
  const trouble = [...writeWhole(options.out, emitted.value.module), ...writeWhole(types, emitted.value.declarations)]
  if (trouble.length > 0) return report(trouble, source.value)
  for (const sentence of unusedSentence(options.to, emitted.value.unused)) print(sentence)
  print(`${options.out}: ${options.to} as an ES module${needs[options.target]}; declarations in ${types}`)
  return code
}

const needs: Readonly<Record<ModuleTarget, string>> = { kernel: '', tfjs: ' that imports TensorFlow.js' }
