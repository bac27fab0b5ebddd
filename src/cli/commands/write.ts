import type { Written } from '../../api/store/write.ts'
import { counted } from '../../base/counted.ts'
import { hasErrors } from '../../base/diagnostic.ts'
import { type FlaggedOptions, flagged } from '../../middle/options.ts'
import type { AssignBy } from '../../run/growing.ts'
import { openFolder } from '../open-store.ts'
import { patternStretches } from '../pattern-stretches.ts'
import { numbersInWords } from '../store-words.ts'
import { show } from '../table.ts'
import { print, report } from '../terminal.ts'
import { readValues, type ValueOptions } from '../values.ts'

export interface WriteCommandOptions extends ValueOptions, FlaggedOptions<'retrieve'> {
  readonly model?: string
  readonly label?: string
  readonly assign?: AssignBy
  readonly json?: boolean
}

/** Writes patterns to a store, which is begun where there is none; exit code 2 where one was written that was not at rest. */
export async function write(path: string, options: WriteCommandOptions): Promise<number> {
  const { model, label, assign } = options
  const fixed = readValues({ ...options, observed: [] })
  if (!fixed.ok) return report(fixed.diagnostics, { name: path, text: '' })
  const opened = await openFolder(path, { write: true, model, given: fixed.value, seed: options.seed })
  if (typeof opened === 'number') return opened
  const { source, store, before, close } = opened
  // What a store begins with is not given a second time.
  const given = { ...fixed.value, fixed: fixed.value.fixed.filter((item) => !isMemory(opened, item.name)) }
  const stretches = patternStretches(options.observed, given)
  const written = await store.write(stretches, {
    time: new Date().toISOString(),
    retrieve: flagged('retrieve', options),
    ...(label === undefined ? {} : { label }),
    ...(assign === undefined ? {} : { assign }),
  })
  const code = report([...before, ...written.diagnostics], source)
  const { patterns, memories, seed } = store.contents()
  close()
  if (!written.ok || hasErrors(written.diagnostics)) return code
  print(
    options.json === true ? JSON.stringify({ ...written.value, patterns, memories }, null, 2) : asText(written.value, path, patterns, seed),
  )
  return written.value.retrieved.notAtRest > 0 ? 2 : code
}

function isMemory(
  { loaded }: { readonly loaded: { readonly energy: { readonly declared: readonly { readonly name: string; readonly role: string }[] } } },
  name: string,
): boolean {
  return loaded.energy.declared.some((v) => v.name === name && v.role === 'memory')
}

function asText(
  { first, count, label, drawn, grown, logDensity, retrieved }: Written,
  path: string,
  patterns: number,
  seed: number,
): string {
  const called = label === undefined ? '' : `, called "${label}"`
  const { states, patterns: found } = retrieved
  return [
    `Wrote ${counted(count, 'pattern')} to ${path}: ${numbersInWords([{ first, count }])}${called}. It holds ${patterns} now.`,
    ...(drawn.length === 0 ? [] : [`Not given, so drawn with seed ${seed}, as at each later write: ${drawn.join(', ')}.`]),
    ...(logDensity === undefined ? [] : [`Their log density given what was written before is ${show(logDensity)} nats.`]),
    ...(grown === undefined ? [] : [grownLine(grown)]),
    ...(found === 0
      ? []
      : [
          `Retrieved first, with the memories as they were: ${states.join(', ')} of ${counted(found, 'pattern')}, since not all of it was observed.`,
        ]),
  ].join('\n')
}

function grownLine({ axis, elements, opened }: NonNullable<Written['grown']>): string {
  const how = opened === 0 ? 'none of them new' : `${opened} of them new`
  return `Along ${axis} it has ${counted(elements, 'element')} now, ${how}.`
}
