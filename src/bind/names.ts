/** Whether a text says a number. */
export function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text))
}

/** Every text once, and none for what is missing; in the one order that depends on nothing but the texts. */
export function sortedNames(texts: Iterable<string>): readonly string[] {
  const names = [...new Set(texts)].filter((text) => text !== '')
  return names.every(isNumber) ? names.sort((a, b) => Number(a) - Number(b) || byUnits(a, b)) : names.sort(byName)
}

/** By letters without regard to capitals, and numbers in them by size: a2, a10, B1. The same on every machine. */
export function byName(a: string, b: string): number {
  const [x, y] = [pieces(a), pieces(b)]
  for (let i = 0; i < Math.min(x.length, y.length); i += 1) {
    const [p, q] = [x[i] as string, y[i] as string]
    const order = isDigits(p) && isDigits(q) ? Number(p) - Number(q) : byUnits(p, q)
    if (order !== 0) return order
  }
  return x.length - y.length || byUnits(a, b)
}

function pieces(text: string): readonly string[] {
  return text.toLowerCase().match(/\d+|\D+/g) ?? []
}

function isDigits(piece: string): boolean {
  return /^\d/.test(piece)
}

/** Not by locale: machines differ in theirs. */
function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** From what an element is called to its number from 1. A number finds the name that says it, however that is written. */
export function numbering(names: readonly string[]): (text: string) => number | undefined {
  const places = new Map(names.map((name, i) => [name, i + 1]))
  const byValue = new Map<number, number | undefined>()
  for (const [i, name] of names.entries()) {
    const value = Number(name)
    if (isNumber(name) && Math.abs(value) < Number.MAX_SAFE_INTEGER) byValue.set(value, byValue.has(value) ? undefined : i + 1)
  }
  return (text) => places.get(text) ?? (isNumber(text) ? byValue.get(Number(text)) : undefined)
}

/** `"low", "mid", "high" and 4 more` */
export function namesInWords(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name))
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ')
}
