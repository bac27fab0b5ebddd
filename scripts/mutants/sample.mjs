import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { commonTokens } from '@stryker-mutator/api/plugin'
import { createInstrumenter } from '@stryker-mutator/instrumenter'
import { createInjector } from 'typed-inject'

/** `count` mutants of all files under `path`, drawn without replacement; each has a `key`. */
export async function drawn(path, count, seed) {
  const files = statSync(path).isDirectory() ? filesUnder(path) : [path]
  const all = await mutantsOf(files.filter((f) => f.endsWith('.ts')))
  const ranked = all.map((m) => ({ ...m, key: keyOf(m) })).map((m) => ({ m, rank: digest(`${seed} ${m.key}`) }))
  return ranked
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ m }) => m)
}

/** The same for the same change at the same place. Lines and columns count from 0. */
export function keyOf({ fileName, location, mutatorName, replacement }) {
  const { start, end } = location
  return digest([fileName, start.line, start.column, end.line, end.column, mutatorName, replacement].join('\n'))
}

async function mutantsOf(names) {
  const silent = new Proxy({}, { get: (_, level) => (String(level).startsWith('is') ? () => false : () => undefined) })
  const injector = createInjector()
    .provideValue(commonTokens.getLogger, () => silent)
    .provideValue(commonTokens.logger, silent)
  const instrumenter = injector.injectFunction(createInstrumenter)
  const files = names.map((name) => ({ name, content: readFileSync(name, 'utf8'), mutate: true }))
  const { mutants } = await instrumenter.instrument(files, { ignorers: [], excludedMutations: [], plugins: null })
  return mutants
}

function digest(text) {
  return createHash('sha256').update(text).digest('hex')
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => `${f.parentPath}/${f.name}`)
    .sort()
}
