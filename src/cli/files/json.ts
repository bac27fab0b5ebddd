import { type Checked, checked, type Diagnostic, diagnostic, made, unmade } from '../../base/diagnostic.ts'
import { describe, fromNested, type Given, type GivenValue } from '../../bind/given.ts'
import { jsonTrouble } from './json-trouble.ts'

/** A JSON object of variables in Stan's layout: arrays nest in the declared order of the axes; `null` is missing. */
export function readJsonObject(text: string, file: string): Checked<readonly Given[]> {
  const parsed = parseJson(text, file)
  if (parsed.value === undefined) return unmade(parsed.diagnostics)
  const { root } = parsed.value
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    return unmade([
      diagnostic('AMP705', `${file} holds ${describe(root)}, not an object of variables.`, {
        place: file,
        expected: 'an object such as {"y": [1, 2, 3]}',
        hint: isRecords(root)
          ? 'Rows of records become a list for each variable: {"x": [1, 2], "y": [3, 4]}.'
          : 'To give one variable, name it: --data y=FILE.',
      }),
    ])
  }
  const diagnostics: Diagnostic[] = []
  const given: Given[] = []
  // Of a key given twice JSON keeps the last; which one is meant cannot be known, so it counts as given twice here too.
  const again = keysGivenTwice(text)
  const entries = Object.entries(root)
  for (const [name, value] of [...entries, ...entries.filter(([name]) => again.has(name))]) {
    const from = `${file}, key "${name}"`
    const read = fromNested(value, from, 'marked')
    diagnostics.push(...read.diagnostics)
    if (read.value !== undefined) given.push({ name, from, bundle: file, value: read.value })
  }
  return checked(given, diagnostics)
}

function isRecords(root: unknown): boolean {
  return Array.isArray(root) && root.length > 0 && root.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
}

/** Of a text that is JSON. Keys of inner objects count too: those are no values anyway. */
function keysGivenTwice(text: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const again = new Set<string>()
  const colon = /\s*:/y
  // From quote to quote, since there are few of those among many numbers.
  for (let from = text.indexOf('"'); from >= 0; ) {
    const end = endOfString(text, from)
    colon.lastIndex = end
    if (colon.test(text)) {
      const name = String(JSON.parse(text.slice(from, end)))
      if (seen.has(name)) again.add(name)
      seen.add(name)
    }
    from = text.indexOf('"', end)
  }
  return again
}

/** Behind the closing quote of a string that opens here. */
function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from + 1)
  for (; isEscaped(text, at); at = text.indexOf('"', at + 1));
  return at + 1
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text[before - 1] === '\\') before -= 1
  return (at - before) % 2 === 1
}

/** A JSON file that holds one variable: a number, nested arrays, or an object with the single key `name`. */
export function readJsonValue(text: string, file: string, name: string): Checked<GivenValue> {
  const parsed = parseJson(text, file)
  if (parsed.value === undefined) return unmade(parsed.diagnostics)
  const { root } = parsed.value
  const own = typeof root === 'object' && root !== null && !Array.isArray(root) && Object.hasOwn(root, name)
  return fromNested(own ? (root as Record<string, unknown>)[name] : root, file, 'marked')
}

/** A boxed root, since `null` is a legal JSON text. A byte order mark is passed over. */
export function parseJson(text: string, file: string): Checked<{ readonly root: unknown }> {
  const bare = text.replace(/^\ufeff/, '')
  try {
    return made({ root: JSON.parse(bare) })
  } catch (error) {
    const trouble = jsonTrouble(bare)
    const why = trouble?.why ?? (error instanceof Error ? error.message : String(error))
    const place = trouble === undefined ? file : `${file}, line ${trouble.line}, column ${trouble.column}`
    return unmade([
      diagnostic('AMP704', `${file} is not JSON: ${why}.`, {
        place,
        hint: 'Stan\'s layout is one object: {"N": 3, "y": [1, 2, 3]}; missing values are null, not NaN.',
      }),
    ])
  }
}
