import { catalogue, type DiagnosticCode } from '../../base/codes.ts'
import { suggest } from '../../base/suggest.ts'
import { print } from '../terminal.ts'

/** What a diagnostic code means, with an example and its fix. */
export function explain(code: string | undefined): number {
  const codes = Object.keys(catalogue) as DiagnosticCode[]
  if (code === undefined) {
    print(codes.map((c) => `${c}  ${catalogue[c].title}`).join('\n'))
    return 0
  }
  const wanted = codes.find((c) => c === code.toUpperCase() || c === `AMP${code}`)
  if (wanted === undefined) {
    const near = suggest(code.toUpperCase(), codes)
    process.stderr.write(`There is no code ${code}.${near === undefined ? '' : ` Did you mean ${near}?`} amp explain lists them all.\n`)
    return 1
  }
  const entry = catalogue[wanted]
  const parts = [`${wanted} (${entry.severity}): ${entry.title}`, entry.explanation]
  if ('example' in entry && entry.example !== undefined) parts.push(`For example:\n\n${indent(entry.example)}`)
  if ('fix' in entry && entry.fix !== undefined) parts.push(`Fix:\n\n${indent(entry.fix)}`)
  print(parts.join('\n\n'))
  return 0
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}
