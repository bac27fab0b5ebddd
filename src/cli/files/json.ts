import { type Checked, type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { describe, fromNested, type Given, type GivenValue } from '../../compile/given.ts'
import { jsonTrouble } from './json-trouble.ts'

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
    const read = fromNested(value, from)
    diagnostics.push(...read.diagnostics)
    if (read.value !== undefined) given.push({ name, from, bundle: file, value: read.value })
  }
  return { value: given, diagnostics }
}

/** A JSON file that holds one variable: a number, nested arrays, or an object with the single key `name`. */
export function readJsonValue(text: string, file: string, name: string): Checked<GivenValue> {
  const parsed = parseJson(text, file)
  if (parsed.value === undefined) return { diagnostics: parsed.diagnostics }
  const { root } = parsed.value
  const own = typeof root === 'object' && root !== null && !Array.isArray(root) && Object.hasOwn(root, name)
  return fromNested(own ? (root as Record<string, unknown>)[name] : root, file)
}

/** A boxed root, since `null` is a legal JSON text. A byte order mark is passed over. */
function parseJson(text: string, file: string): Checked<{ readonly root: unknown }> {
  const bare = text.replace(/^\ufeff/, '')
  try {
    return { value: { root: JSON.parse(bare) }, diagnostics: [] }
  } catch (error) {
    const trouble = jsonTrouble(bare)
    const why = trouble?.why ?? (error instanceof Error ? error.message : String(error))
    const place = trouble === undefined ? file : `${file}, line ${trouble.line}, column ${trouble.column}`
    return {
      diagnostics: [
        diagnostic('AMP704', `${file} is not JSON: ${why}.`, {
          place,
          hint: 'Stan\'s layout is one object: {"N": 3, "y": [1, 2, 3]}; missing values are null, not NaN.',
        }),
      ],
    }
  }
}
