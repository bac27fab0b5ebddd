import { type Checked, checked, type Diagnostic, diagnostic, unmade } from '../base/diagnostic.ts'
import { fromNested, type Given, type GivenValue, numbers } from '../bind/given.ts'
import { allOf, type ByteSource, withSource } from './files/byte-source.ts'
import { parseJson } from './files/json.ts'
import { textOf } from './files/text.ts'
import { isRunFile, notARun, openRunFile } from './run-file.ts'
import { readOption } from './values.ts'

/**
 * Where chains start: `NAME=VALUE` as for a cue; a file of values by state, for all chains; a list of such objects, one a
 * chain; or a run that `amp sample --out run.json` wrote, whose chains are gone on from with other settings.
 */
export function readInits(options: readonly string[], unknown: ReadonlySet<string>): Checked<readonly Given[]> {
  const read = options.map((text) => readInit(text, unknown))
  return checked(
    read.flatMap((r) => r.value ?? []),
    read.flatMap((r) => r.diagnostics),
  )
}

function readInit(option: string, unknown: ReadonlySet<string>): Checked<readonly Given[]> {
  if (!/\.json$/i.test(option) || option.includes('=')) return readOption('init', option)
  return withSource(option, (source) => readJsonInit(source, option, unknown))
}

function readJsonInit(source: ByteSource, option: string, unknown: ReadonlySet<string>): Checked<readonly Given[]> {
  if (isRunFile(source)) return readRunInit(source, option, unknown)
  const text = textOf(allOf(source), option)
  if (text.value === undefined) return unmade(text.diagnostics)
  const parsed = parseJson(text.value, option)
  if (parsed.value === undefined) return unmade(parsed.diagnostics)
  const { root } = parsed.value
  if (isOldRun(root)) return readRunInit(source, option, unknown)
  if (Array.isArray(root) && root.length > 0 && root.every(isObject)) return chainByChain(root, option)
  return readOption('init', option)
}

function readRunInit(source: ByteSource, option: string, unknown: ReadonlySet<string>): Checked<readonly Given[]> {
  const run = openRunFile(source, option)
  return run.value === undefined ? unmade(run.diagnostics) : lastDraws(run.value.root, option, unknown, run.diagnostics)
}

/** Older runs do not say that they are one. */
function isOldRun(root: unknown): boolean {
  return (
    isObject(root) && isObject(root.draws) && Array.isArray(root.draws.chains) && isObject(root.resume) && Array.isArray(root.variables)
  )
}

type JsonObject = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One object a chain; what an object leaves out is drawn for its chain. */
function chainByChain(chains: readonly JsonObject[], file: string): Checked<readonly Given[]> {
  const diagnostics: Diagnostic[] = []
  const given = [...new Set(chains.flatMap((c) => Object.keys(c)))].flatMap((name): readonly Given[] => {
    const values = chains.map((chain, i): GivenValue | undefined => {
      if (!Object.hasOwn(chain, name)) return undefined
      const { value, diagnostics: found } = fromNested(chain[name], `${file}, chain ${i + 1}, key "${name}"`)
      diagnostics.push(...found)
      return value
    })
    const stacked = stack(values)
    if (stacked === undefined) diagnostics.push(uneven(name, file))
    return stacked === undefined ? [] : [{ name, from: `${file}, key "${name}"`, bundle: file, value: stacked }]
  })
  return checked(given, diagnostics)
}

/** Values of one shape, one after the other. */
function stack(values: readonly (GivenValue | undefined)[]): GivenValue | undefined {
  const known = values.filter((v) => v !== undefined && v.kind === 'numbers')
  const [first] = known
  if (first === undefined || known.length < values.filter((v) => v !== undefined).length) return undefined
  if (known.some((v) => v.shape.join() !== first.shape.join())) return undefined
  const size = first.data.length
  const data = new Float64Array(values.length * size).fill(Number.NaN)
  values.forEach((v, i) => {
    if (v?.kind === 'numbers') data.set(v.data, i * size)
  })
  return numbers([values.length, ...first.shape], data)
}

function uneven(name: string, file: string): Diagnostic {
  return diagnostic('AMP507', `${file} holds "${name}" in different shapes for different chains.`, {
    place: file,
    expected: 'numbers in one shape for every chain',
  })
}

function lastOf(values: unknown, width: number): readonly number[] {
  const isList = Array.isArray(values) || values instanceof Float64Array
  return isList && width > 0 ? Array.from(values.slice(-width), Number) : []
}

/** The last draw of every chain of a run, of what moves in this one, too. */
function lastDraws(
  run: JsonObject,
  file: string,
  unknown: ReadonlySet<string>,
  diagnostics: readonly Diagnostic[],
): Checked<readonly Given[]> {
  const chains = isObject(run.draws) && Array.isArray(run.draws.chains) ? run.draws.chains.filter(isObject) : []
  const drawn = (Array.isArray(run.variables) ? run.variables : []).filter(isObject).map(({ name, shape }) => {
    const sizes = Array.isArray(shape) ? shape.map(Number) : []
    return { name: String(name), shape: sizes, size: sizes.reduce((n, s) => n * s, 1) }
  })
  const width = drawn.reduce((n, v) => n + v.size, 0)
  const last = chains.filter((c) => Number(c.count) > 0).map((c) => lastOf(c.values, width))
  if (last.length === 0 || last.some((row) => row.length !== width)) return unmade([notARun(file, 'holds no draws')])
  let at = 0
  const value = drawn.flatMap(({ name, shape, size }) => {
    const from = at
    at += size
    if (!unknown.has(name)) return []
    const data = Float64Array.from(last.flatMap((row) => row.slice(from, from + size)))
    return [{ name, from: `${file}, its last draws of "${name}"`, bundle: file, value: numbers([last.length, ...shape], data) }]
  })
  return checked(value, diagnostics)
}
