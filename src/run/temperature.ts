import { type Checked, diagnostic, made, unmade } from '../base/diagnostic.ts'
import { type OpenSetting, open } from '../middle/open.ts'
import type { StatedTemperature } from '../middle/parts.ts'
import * as ports from '../middle/ports.ts'

/** T as the model says it, given everything that it reads; it must be above 0. */
export function temperatureIn({ graph, span }: StatedTemperature, setting: OpenSetting): Checked<number> {
  const executable = open(setting, graph)
  executable.run()
  const [value = Number.NaN] = executable.outputs.get(ports.result) ?? []
  executable.dispose()
  if (value > 0 && Number.isFinite(value)) return made(value)
  const trouble = diagnostic('AMP518', `The temperature of the model is ${value}.`, {
    ...(span === undefined ? {} : { span }),
    expected: 'a number above 0',
    hint: 'It is computed from given values; --temperature takes its place.',
  })
  return unmade([trouble])
}
