import { hasErrors } from '../../base/diagnostic.ts'
import { toJson } from '../../base/render.ts'
import { analyse } from '../../dsl/analyse.ts'
import { readSource } from '../files/source.ts'
import { print, report } from '../terminal.ts'

/** Reads and checks each file; every error of every file is reported. */
export function check(files: readonly string[], options: { readonly json?: boolean }): number {
  const results = files.map((file) => {
    const source = readSource(file)
    if (source.value === undefined) return { source: { name: file, text: '' }, diagnostics: source.diagnostics }
    return { source: source.value, diagnostics: analyse(source.value).diagnostics }
  })
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
  const codes = results.map((r) => {
    const code = report(r.diagnostics, r.source)
    if (code === 0) print(`${r.source.name}: no errors`)
    return code
  })
  return Math.max(0, ...codes)
}
