import { type Checked, type Diagnostic, hasErrors } from '../../base/diagnostic.ts'
import { toJson } from '../../base/render.ts'
import type { SourceFile } from '../../base/source.ts'
import { saidByLowering, whenLowered } from '../../compile/warnings.ts'
import { analyse } from '../../dsl/analyse.ts'
import type { Energy } from '../../middle/energy.ts'
import { readSource } from '../files/source.ts'
import { print, report } from '../terminal.ts'
import { treatmentLines } from '../treatments.ts'

/** Reads and checks each file; every error of every file is reported. */
export async function check(files: readonly string[], options: { readonly json?: boolean; readonly verbose?: boolean }): Promise<number> {
  const results = await Promise.all(files.map(checkFile))
  if (options.json) {
    print(
      JSON.stringify(
        results.map((r) => ({ file: r.source.name, ok: !hasErrors(r.diagnostics), diagnostics: toJson(r.diagnostics, r.source) })),
        null,
        2,
      ),
    )
    return results.some((r) => hasErrors(r.diagnostics)) ? 1 : 0
  }
  let worst = 0
  for (const { source, diagnostics, lowered } of results) {
    const code = report(diagnostics, source)
    if (code === 0) print(`${source.name}: no errors`)
    if (code === 0 && options.verbose && lowered !== undefined) for (const line of await fatesIn(lowered, source)) print(`  ${line}`)
    worst = Math.max(worst, code)
  }
  return worst
}

interface CheckedFile {
  readonly source: SourceFile
  readonly diagnostics: readonly Diagnostic[]
  readonly lowered?: () => Promise<Checked<Energy>>
}

async function checkFile(file: string): Promise<CheckedFile> {
  const source = readSource(file)
  if (!source.ok) return { source: { name: file, text: '' }, diagnostics: source.diagnostics }
  const { value: model, diagnostics } = analyse(source.value)
  if (model === undefined) return { source: source.value, diagnostics }
  const lowered = whenLowered(model)
  return { source: source.value, diagnostics: [...diagnostics, ...(await saidByLowering(model, lowered))], lowered }
}

/** What becomes of the discrete states when nothing is observed; the compiler is loaded only here. */
async function fatesIn(lowered: () => Promise<Checked<Energy>>, source: SourceFile): Promise<readonly string[]> {
  const { treatmentsOf } = await import('../../compile/treatments.ts')
  const energy = (await lowered()).value
  return energy === undefined ? [] : treatmentLines(treatmentsOf(energy), source)
}
