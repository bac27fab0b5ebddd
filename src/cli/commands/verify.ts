import { load } from '../../api/load.ts'
import { verify as run, type Verification } from '../../api/verify.ts'
import { counted } from '../../base/counted.ts'
import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts'
import { toJson } from '../../base/render.ts'
import type { SourceFile } from '../../base/source.ts'
import { unusedJson, unusedSentence } from '../../compile/unused.ts'
import { readSource } from '../files/source.ts'
import { interruptible } from '../interrupts.ts'
import { print, report } from '../terminal.ts'

export interface VerifyCommandOptions {
  readonly runs: number
  readonly seed: number
  readonly sbc?: number
  readonly json?: boolean
}

interface Verified {
  readonly source: SourceFile
  readonly diagnostics: readonly Diagnostic[]
  readonly verification?: Verification
}

/** Tests the laws on each model; exit code 2 when one fails, 1 when a model has errors. */
export async function verify(files: readonly string[], options: VerifyCommandOptions): Promise<number> {
  const results: Verified[] = []
  for (const file of files) {
    const result = await verifyFile(file, options)
    results.push(result)
    if (!options.json) tell(result)
  }
  if (options.json) print(JSON.stringify(results.map(asJson), null, 2))
  const failed = results.some((r) => r.verification?.laws.some((l) => l.status === 'fails'))
  return failed ? 2 : results.some((r) => r.verification === undefined) ? 1 : 0
}

async function verifyFile(file: string, options: VerifyCommandOptions): Promise<Verified> {
  const source = interruptible(`reading ${file}`)(() => readSource(file))
  if (source.value === undefined) return { source: { name: file, text: '' }, diagnostics: source.diagnostics }
  const { value: model } = source
  const loaded = interruptible(`reading ${file}`)(() => load(model))
  if (loaded.value === undefined || hasErrors(loaded.diagnostics)) return { source: source.value, diagnostics: loaded.diagnostics }
  const verified = await run(loaded.value, { ...options, busy: interruptible(`the laws were tested on ${file}`) })
  const diagnostics = [...loaded.diagnostics, ...verified.diagnostics]
  return { source: source.value, diagnostics, ...(verified.value === undefined ? {} : { verification: verified.value }) }
}

function tell({ source, diagnostics, verification }: Verified): void {
  report(diagnostics, source)
  if (verification !== undefined) print(`${asText(source.name, verification)}\n`)
}

function asText(name: string, { laws, missing, notes, untested, unused }: Verification): string {
  const absent = missing.map(({ reading, why }) => `  This model has no ${reading}: ${why}`)
  const inOrder = [
    ...laws.map((law) => ({ number: law.number, lines: lawText(law) })),
    ...untested.map((law) => ({ number: law.number, lines: [untestedText(law)] })),
  ].sort((a, b) => a.number - b.number)
  return [
    name,
    ...absent,
    ...[...notes, ...unusedSentence('verify', unused)].map((n) => `  ${n}`),
    ...inOrder.flatMap(({ lines }) => lines),
  ].join('\n')
}

function untestedText({ number, name, why }: Verification['untested'][number]): string {
  return `${title(number, name)} not tested: ${why}`
}

function title(number: number, name: string): string {
  return `  law ${number} ${name}`.padEnd(20)
}

function lawText(law: Verification['laws'][number]): readonly string[] {
  const head = title(law.number, law.name)
  if (law.status === 'not applicable') return [`${head} not applicable, because ${law.why ?? ''}`]
  const left = law.leftOut === 0 ? '' : ` (${law.leftOut} more left out, where E is infinite)`
  const lines = law.checks.map(
    (c) => `      ${c.name}: ${c.status === 'not applicable' ? `not applicable, because ${c.why}` : `${c.cases}`}`,
  )
  if (law.counterexample === undefined) return [`${head} holds in ${counted(law.cases, 'case')}${left}`, ...lines]
  const { check, what, expected, found, shrinks } = law.counterexample
  return [
    `${head} FAILS: ${check}`,
    `      ${what}`,
    `        expected ${expected}`,
    `        found    ${found}`,
    `      in this case (made smaller ${counted(shrinks, 'time')}):`,
    ...(law.shown ?? []).map((line) => `        ${line}`),
  ]
}

function asJson({ source, diagnostics, verification }: Verified): unknown {
  return {
    file: source.name,
    diagnostics: toJson(diagnostics, source),
    ...(verification === undefined
      ? {}
      : { ...verification, laws: verification.laws.map(lawJson), unused: unusedJson(verification.unused) }),
  }
}

function lawJson({ counterexample, shown: _shown, ...law }: Verification['laws'][number]): unknown {
  if (counterexample === undefined) return law
  const { example, ...rest } = counterexample
  const values = Object.fromEntries(Object.entries(example.values).map(([name, data]) => [name, [...data]]))
  return { ...law, counterexample: { ...rest, example: { ...example, values } } }
}
