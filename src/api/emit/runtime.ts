import { must } from '../../base/internal-error.ts'
import type { Needs } from './needs.ts'

/** What makes the functions that modules export: files `run/NAME-module.ts`. */
export type RuntimeEntry = 'retrieve' | 'sample' | 'energy' | 'density' | 'retrieve-tfjs' | 'prior' | 'draws'

/**
 * What drives a module, as a script that defines `amp_runtime`: the sources that run in process (scripts/runtime-texts.mjs), so
 * that it gives the same bits, of which those are left out that this model does not need.
 */
export async function runtimeText(entries: readonly RuntimeEntry[], needs: Needs): Promise<string> {
  const { default: runtime } = await import('amp:runtime')
  const numberOf = (kind: Readonly<Record<string, number>>, name: string): number => must(kind[name], `part ${name} of the runtime`)
  const exported = entries.map((name) => numberOf(runtime.entries, name))
  const files = needs.files.map((name) => [name, numberOf(runtime.optional, name)] as const)
  const tables = Object.entries(needs.rows).map(([table, rows]) => {
    const kind = must(runtime.tables[table], `table ${table} of the runtime`)
    return [table, rows.map((name) => [name, numberOf(kind, name)] as const)] as const
  })
  const needed = new Set<number>()
  const need = (part: number): void => {
    if (needed.has(part)) return
    needed.add(part)
    must(runtime.parts[part], 'part').needs.forEach(need)
  }
  for (const part of [...exported, ...[...files, ...tables.flatMap(([, rows]) => rows)].map(([, part]) => part)]) need(part)
  const texts = [...needed].sort((a, b) => a - b).map((part) => must(runtime.parts[part], 'part').text)
  return [
    'const amp_runtime = (() => {',
    '// Tables and files of which only what this model needs is here.',
    `const amp_rows = { ${tables.map(([name]) => `${JSON.stringify(name)}: {}`).join(', ')} };`,
    ...texts,
    ...tables.flatMap(([table, rows]) => rows.map(([name, part]) => `amp_rows.${table}[${JSON.stringify(name)}] = P${part}.row;`)),
    ...files.map(([name, part]) => `amp_rows[${JSON.stringify(name)}] = P${part};`),
    `return { ${exported.map((part) => `...P${part}`).join(', ')} };`,
    '})();',
  ].join('\n')
}
