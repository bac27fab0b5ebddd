import { type Checked, type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Given, GivenValue } from '../../compile/given.ts'

/** A JSON object of variables in Stan's layout: arrays nest in the declared order of the axes; `null` is missing. */
export function readJsonObject(text: string, file: string): Checked<readonly Given[]> {
  const parsed = parseJson(text, file)
  if (parsed.value === undefined) return { diagnostics: parsed.diagnostics }
  const { root } = parsed.value
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    return {
      diagnostics: [
        diagnostic('AMP705', `${file} holds ${describe(root)}, not an object of variables.`, {
          place: file,
          expected: 'an object such as {"y": [1, 2, 3]}',
          hint: 'To give one variable, name it: --data y=FILE.',
        }),
      ],
    }
  }
  const diagnostics: Diagnostic[] = []
  const given: Given[] = []
  for (const [name, value] of Object.entries(root)) {
    const from = `${file}, key "${name}"`
    const read = toValue(value, from)
    diagnostics.push(...read.diagnostics)
    if (read.value !== undefined) given.push({ name, from, value: read.value })
  }
  return { value: given, diagnostics }
}

/** A JSON file that holds one variable: a number, nested arrays, or an object with the single key `name`. */
export function readJsonValue(text: string, file: string, name: string): Checked<GivenValue> {
  const parsed = parseJson(text, file)
  if (parsed.value === undefined) return { diagnostics: parsed.diagnostics }
  const { root } = parsed.value
  const own = typeof root === 'object' && root !== null && !Array.isArray(root) && Object.hasOwn(root, name)
  return toValue(own ? (root as Record<string, unknown>)[name] : root, file)
}

/** A boxed root, since `null` is a legal JSON text. */
function parseJson(text: string, file: string): Checked<{ readonly root: unknown }> {
  try {
    return { value: { root: JSON.parse(text) }, diagnostics: [] }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      diagnostics: [
        diagnostic('AMP704', `${file} is not JSON: ${why}.`, {
          place: file,
          hint: 'Stan\'s layout is one object: {"N": 3, "y": [1, 2, 3]}; missing values are null, not NaN.',
        }),
      ],
    }
  }
}

/** Nested arrays to one row-major array; ragged nesting and foreign values are told with their path. */
function toValue(value: unknown, from: string): Checked<GivenValue> {
  if (Array.isArray(value) && value.length > 0 && value.every((v) => typeof v === 'string')) {
    return { value: { kind: 'labels', labels: value }, diagnostics: [] }
  }
  const shape: number[] = []
  for (let at: unknown = value; Array.isArray(at); at = at[0]) {
    shape.push(at.length)
    if (at.length === 0) break
  }
  const flat: number[] = []
  const trouble = flatten(value, shape, from, flat)
  if (trouble !== undefined) return { diagnostics: [trouble] }
  return { value: { kind: 'numbers', shape, data: Float64Array.from(flat) }, diagnostics: [] }
}

/** Depth of nesting is bounded by the shape, which follows the first elements, so the recursion is too. */
function flatten(value: unknown, shape: readonly number[], path: string, out: number[]): Diagnostic | undefined {
  const [size, ...rest] = shape
  if (size === undefined) {
    if (typeof value === 'number') out.push(value)
    else if (value === null) out.push(Number.NaN)
    else if (typeof value === 'boolean') out.push(value ? 1 : 0)
    else
      return diagnostic('AMP506', `${path} is ${describe(value)}, where a number is wanted.`, {
        place: path,
        expected: 'a number, or null for a missing value',
      })
    return undefined
  }
  if (!Array.isArray(value)) {
    return diagnostic('AMP507', `${path} is ${describe(value)}, where a list of ${size} is wanted.`, {
      place: path,
      expected: `a list of ${size}, like the elements before it`,
    })
  }
  if (value.length !== size) {
    return diagnostic('AMP507', `${path} has ${value.length} elements, the lists before it have ${size}.`, {
      place: path,
      expected: `a list of ${size}`,
    })
  }
  for (let i = 0; i < value.length; i += 1) {
    const trouble = flatten(value[i], rest, `${path}[${i + 1}]`, out)
    if (trouble !== undefined) return trouble
  }
  return undefined
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 30 ? `${value.slice(0, 30)}…` : value)}`
  if (typeof value === 'object') return 'an object'
  return String(value)
}
