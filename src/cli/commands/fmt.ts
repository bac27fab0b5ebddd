import { format } from '../../dsl/format.ts'
import { readSource } from '../files/source.ts'
import { writeWhole } from '../files/write.ts'
import { print, report } from '../terminal.ts'

/** Formats files in place (standard input to standard output); a file with errors is left alone. */
export function fmt(files: readonly string[], options: { readonly check?: boolean }): number {
  return Math.max(0, ...files.map((file) => formatOne(file, options.check === true)))
}

function formatOne(file: string, checkOnly: boolean): number {
  const source = readSource(file)
  if (source.value === undefined) return report(source.diagnostics, { name: file, text: '' })
  const formatted = format(source.value)
  if (formatted.value === undefined) return report(formatted.diagnostics, source.value)
  if (file === '-' && !checkOnly) {
    process.stdout.write(formatted.value)
    return 0
  }
  if (formatted.value === source.value.text) return 0
  if (checkOnly) {
    print(`${file}: not formatted`)
    return 1
  }
  const trouble = writeWhole(file, formatted.value)
  if (trouble.length > 0) return report(trouble, source.value)
  print(`${file}: formatted`)
  return 0
}
