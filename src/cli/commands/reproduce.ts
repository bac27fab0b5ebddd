import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { counted } from '../../base/counted.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { boundInWords, estimateOf } from '../../experiment/judge.ts'
import { type Judged, type Reproduction, reproduce as run } from '../../experiment/reproduce.ts'
import { figureCsv } from '../../plot/csv.ts'
import { paramsText } from '../files/learned.ts'
import { readNumbers } from '../files/read.ts'
import { readSource } from '../files/source.ts'
import { unwritten, writeWhole } from '../files/write.ts'
import { progressLine } from '../progress-line.ts'
import { beside, findSystem, type System, systemNames } from '../systems.ts'
import { show as plain, table } from '../table.ts'
import { print, report } from '../terminal.ts'

export interface ReproduceCommandOptions {
  readonly all?: boolean
  readonly seed?: number
  readonly quick?: boolean
  readonly json?: boolean
  readonly out?: string
}

/** Runs experiments and holds what they find to their claims: exit code 2 on a miss. Without a name it lists them. */
export async function reproduce(asked: readonly string[], options: ReproduceCommandOptions): Promise<number> {
  const names = options.all === true ? [...new Set([...systemNames(), ...asked])] : asked
  if (names.length === 0) return list(options)
  const found = await Promise.all(names.map(findSystem))
  const code = report([...found.flatMap((f) => f.diagnostics), ...folderTrouble(options.out)], nowhere)
  if (code !== 0) return code
  const results: { readonly system: System; readonly result: Reproduction }[] = []
  let worst = 0
  for (const { value: system } of found) {
    if (system === undefined) continue
    const result = await reproduced(system, options)
    if (result === undefined) return 1
    results.push({ system, result })
    if (!options.json) print(`${asText(system, result)}\n`)
    if (report(await written(options.out, system, result), nowhere) !== 0) return 1
    if (result.claims.some((c) => c.verdict === 'misses')) worst = 2
  }
  if (options.json) print(JSON.stringify(results.map(asJson), null, 2))
  else if (results.length > 1) print(together(results))
  return worst
}

/** Four digits; 1e-12 rather than 1.00e-12. */
const show = (value: number): string => plain(value).replace(/\.?0+e/, 'e')

/** Where there is no model to show a place in. */
const nowhere = { name: '', text: '' }

async function list({ json }: ReproduceCommandOptions): Promise<number> {
  const found = await Promise.all(systemNames().map(findSystem))
  const systems = found.flatMap(({ value }) => (value === undefined ? [] : [value]))
  const code = report(
    found.flatMap((f) => f.diagnostics),
    nowhere,
  )
  if (json)
    print(
      JSON.stringify(
        systems.map(({ name, experiment }) => described(name, experiment)),
        null,
        2,
      ),
    )
  else {
    const rows = systems.map(({ name, experiment: e }) => [name, e.title, Object.keys(e.claims).length, `${e.seconds} s`])
    print(`${table(['system', 'what it is', 'claims', 'time'], rows)}\n\namp reproduce SYSTEM runs one and compares it with its source.`)
  }
  return code
}

async function reproduced({ name, folder, experiment }: System, options: ReproduceCommandOptions): Promise<Reproduction | undefined> {
  const line = progressLine(name, process.stderr)
  const read = (file: string) => readSource(beside(folder, file))
  const values = (file: string) => readNumbers(beside(folder, file))
  const { seed, quick = false } = options
  const result = await run(name, experiment, { read, values, quick, progress: line.show, ...(seed === undefined ? {} : { seed }) })
  line.clear()
  report(result.diagnostics, result.about ?? nowhere)
  return result.value
}

function asText({ name, experiment }: System, { claims, seed, quick }: Reproduction): string {
  const rows = claims.map(({ claim, measured, verdict }) => [
    claim.unit === undefined ? claim.what : `${claim.what}, ${claim.unit}`,
    claim.source === undefined ? '' : show(claim.source),
    boundInWords(claim.bound, show),
    here(measured),
    verdict,
  ])
  return [
    `${name}: ${experiment.title}`,
    `${experiment.source}; seed ${seed}${quick ? '; a quick run' : ''}`,
    '',
    table(['claim', 'source', 'bound', 'here', 'verdict'], rows),
    '',
    verdicts(claims),
  ].join('\n')
}

function here(measured: Judged['measured']): string {
  if (measured === undefined) return ''
  const { value, error } = estimateOf(measured)
  return error === undefined ? show(value) : `${show(value)} ± ${show(Number(error.toPrecision(2)))}`
}

function verdicts(claims: readonly Judged[]): string {
  const count = (verdict: Judged['verdict']): number => claims.filter((c) => c.verdict === verdict).length
  const tried = claims.length - count('left out')
  const left = count('left out') === 0 ? '' : ` ${count('left out')} more left out, which a quick run does not test.`
  return `${count('holds')} of ${counted(tried, 'claim')} ${tried === 1 ? 'holds' : 'hold'}.${left}`
}

/** Of several systems at once. */
function together(all: readonly { readonly system: System; readonly result: Reproduction }[]): string {
  const missing = all.flatMap(({ system, result }) => (result.claims.some((c) => c.verdict === 'misses') ? [system.name] : []))
  const said = `${counted(all.length, 'system')}: ${verdicts(all.flatMap(({ result }) => result.claims))}`
  return missing.length === 0 ? said : `${said} There are misses in ${missing.join(', ')}.`
}

function described(name: string, { title, source, seconds, claims }: System['experiment']): Record<string, unknown> {
  return { system: name, title, source, seconds, claims }
}

function asJson({ system: { name, experiment }, result }: { readonly system: System; readonly result: Reproduction }): unknown {
  const { title, source } = experiment
  const claims = result.claims.map(({ name: id, claim, measured, verdict }) => {
    const { value, ...error } = measured === undefined ? { value: null } : estimateOf(measured)
    return { claim: id, ...claim, here: value, ...error, verdict }
  })
  return { system: name, title, source, seed: result.seed, quick: result.quick, claims, figure: result.figure ?? null }
}

/** The folder of the results is made where it is not there, before anything runs. */
function folderTrouble(out: string | undefined): readonly Diagnostic[] {
  if (out === undefined) return []
  try {
    mkdirSync(out, { recursive: true })
    return []
  } catch (error) {
    return [unwritten(out, error)]
  }
}

/** The report, the figure and the points of the figure, and what was learned. */
async function written(out: string | undefined, system: System, result: Reproduction): Promise<readonly Diagnostic[]> {
  if (out === undefined) return []
  const name = basename(system.name).replace(/\.\w+$/, '')
  const files = new Map([['json', `${JSON.stringify(asJson({ system, result }), null, 2)}\n`]])
  if (result.figure !== undefined) {
    const { svgOf } = await import('../../plot/svg.ts')
    files.set('svg', svgOf(result.figure)).set('csv', figureCsv(result.figure))
  }
  if (result.learned !== undefined) files.set('params.json', paramsText({ params: result.learned }))
  return [...files].flatMap(([ending, text]) => writeWhole(join(out, `${name}.${ending}`), text))
}
