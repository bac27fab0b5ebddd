import { readdirSync, readFileSync } from 'node:fs'
import { fold, keyFromSeed, Stream } from '../../src/base/random.ts'
import { hostileNames, hugeCount, hugeText } from './hostile.ts'

/** One text to put through the compiler, and how it was made. */
export interface Input {
  readonly kind: string
  /** Bytes are those of a file, and need not be text at all. */
  readonly text: string | Uint8Array
}

const programs: readonly string[] = [
  ...readFolder('test/language'),
  ...readdirSync('models', { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? readFolder(`models/${f.name}`) : [])),
]
const lines: readonly string[] = programs.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '' && !line.startsWith('#'))
const words: readonly string[] = [...new Set(programs.flatMap(wordsOf))].filter((word) => word.trim() !== '' && !word.startsWith('#'))
const names = words.filter((word) => /^\p{L}/u.test(word))
const signs = [
  '+',
  '-',
  '*',
  '/',
  '^',
  '(',
  ')',
  '[',
  ']',
  ',',
  '~',
  '=',
  ':',
  '->',
  '<',
  '<=',
  '==',
  '!=',
  'and',
  'or',
  'not',
  '\n',
  ' ',
  '.',
  '1e',
  '#',
  ';',
]
const oddNumbers = [
  '0',
  '1',
  '-1',
  '0.5',
  '2',
  '3',
  '1e308',
  '1e-320',
  '1e999',
  '7919',
  '4294967296',
  '9007199254740993',
  '0.1',
  '1000000000',
  'inf',
  '-inf',
]
const calls = [
  'exp',
  'log',
  'sqrt',
  'abs',
  'softmax[k]',
  'sum[row]',
  'logsumexp[k]',
  'tanh',
  'lgamma',
  'step',
  'sign',
  'max[row]',
  'normalize[k]',
  'cumsum[t]',
  'erf',
]
const families = [
  'normal',
  'cauchy',
  'gamma',
  'beta',
  'bernoulli',
  'poisson',
  'categorical',
  'dirichlet',
  'multi_normal[d]',
  'uniform',
  'markov[t]',
  'student_t',
]
const types = [
  'positive',
  'spin',
  'bit',
  'count',
  'probability',
  'simplex[k]',
  'unit[d]',
  'ordered[k]',
  'k',
  'real(lower = 0, upper = 1)',
  'covariance[d, e]',
]
const oddCharacters = [
  '\0',
  '\ufeff',
  '\r\n',
  '\r',
  '\t',
  '\ud800',
  '\udfff',
  '\u2028',
  '\u2029',
  '\u00a0',
  '`',
  '${',
  '*/',
  '</script>',
  '"',
  "'",
  '\\',
  '😀',
  'é',
  '\u202e',
  '\x1b[31m',
]

/** The i-th input under a seed: always the same text, as long as the programs are. */
export function input(i: number, seed = 1): Input {
  const draw = new Draw(new Stream(fold(keyFromSeed(seed), i)))
  const kind = draw.weighted(kinds)
  return { kind, text: must(kinds[kind]).make(draw) }
}

interface Kind {
  readonly weight: number
  readonly make: (draw: Draw) => string | Uint8Array
}

const kinds: Readonly<Record<string, Kind>> = {
  'cut off': { weight: 8, make: (d) => cutOff(d, d.of(programs)) },
  'tokens deleted': { weight: 10, make: (d) => edited(d, () => []) },
  'tokens swapped': { weight: 10, make: swapped },
  'tokens replaced': { weight: 14, make: (d) => edited(d, () => [d.of(words)]) },
  'numbers, functions, families or types replaced': { weight: 16, make: alike },
  'lines shuffled, lost and doubled': { weight: 8, make: shuffledLines },
  'programs spliced': { weight: 10, make: (d) => cutOff(d, d.of(programs)) + d.of(programs).slice(d.below(400)) },
  'random tokens': { weight: 8, make: (d) => many(d, 60, () => d.of(d.below(2) === 0 ? signs : words)).join(d.of([' ', '', '\n'])) },
  'random lines': { weight: 6, make: (d) => many(d, 12, () => d.of(lines)).join('\n') },
  'bytes of a program changed': { weight: 4, make: bytesChanged },
  'random bytes': { weight: 3, make: (d) => Uint8Array.from(many(d, 200, () => d.below(256))) },
  'random signs': { weight: 2, make: (d) => many(d, 200, () => String.fromCharCode(d.below(256))).join('') },
  'random code units': { weight: 2, make: (d) => many(d, 100, () => String.fromCharCode(d.below(65536))).join('') },
  'odd characters': { weight: 6, make: oddlySpaced },
  'hostile names': { weight: 2, make: renamed },
  'deep nesting': { weight: 1, make: nestedDeep },
  huge: { weight: 0.005, make: (d) => hugeText(d.below(hugeCount), d.of(programs)) },
}

/** Random choices for one input. */
class Draw {
  readonly #stream: Stream

  constructor(stream: Stream) {
    this.#stream = stream
  }

  below(n: number): number {
    return this.#stream.integer(n)
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  weighted(choices: Readonly<Record<string, { readonly weight: number }>>): string {
    const entries = Object.entries(choices)
    let left = this.#stream.uniform() * entries.reduce((sum, [, { weight }]) => sum + weight, 0)
    for (const [name, { weight }] of entries) {
      left -= weight
      if (left < 0) return name
    }
    return must(entries[0])[0]
  }
}

function cutOff(d: Draw, text: string): string {
  return text.slice(0, d.below(text.length + 1))
}

/** One to three words of a program replaced by what `by` says. */
function edited(d: Draw, by: () => readonly string[]): string {
  const all = [...wordsOf(d.of(programs))]
  for (let edits = 1 + d.below(3); edits > 0; edits -= 1) all.splice(d.below(all.length), 1, ...by())
  return all.join('')
}

function swapped(d: Draw): string {
  const all = [...wordsOf(d.of(programs))]
  const [a, b] = [d.below(all.length), d.below(all.length)]
  ;[all[a], all[b]] = [all[b] as string, all[a] as string]
  return all.join('')
}

/** Changes that often leave a program that still means something, so that the later phases are reached. */
function alike(d: Draw): string {
  let text = d.of(programs)
  for (let edits = 1 + d.below(3); edits > 0; edits -= 1) {
    const [pattern, choices] = d.of(replacements)
    const found = [...text.matchAll(pattern)]
    if (found.length === 0) continue
    const { index, 0: old } = d.of(found)
    text = text.slice(0, index) + d.of(choices) + text.slice(index + old.length)
  }
  return text
}

const replacements: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\b\d+(\.\d+)?\b/g, oddNumbers],
  [/\b(exp|log|sqrt|abs|tanh|(sum|max|logsumexp|mean)\[\w+\])(?=\()/g, calls],
  [/(?<=~ )\w+(\[\w+\])?/g, families],
  [/(?<= : )\w+(\[[\w, ]+\])?/g, types],
  [/ [-+*/^] /g, [' + ', ' - ', ' * ', ' / ', ' ^ ', ' < ', ' == ', ' and ']],
  [/(?<=\[)\w+(?=[\],])/g, names],
  [/\b(data|memory|param|state|input)\b/g, ['data', 'memory', 'param', 'state', 'input']],
  [/\b\p{L}\w*\b/gu, names],
  [/\)(?= |\n|$)/gm, [')^2', ') in (0, inf)', ') * x', '))', '']],
]

function shuffledLines(d: Draw): string {
  const all = d.of(programs).split('\n')
  for (let edits = 1 + d.below(4); edits > 0; edits -= 1) {
    const at = d.below(all.length)
    const how = d.below(4)
    if (how === 0) all.splice(at, 1)
    else if (how === 1) all.splice(at, 0, all[at] ?? '')
    else if (how === 2) all.splice(at, 0, d.of(lines))
    else all.splice(d.below(all.length), 0, ...all.splice(at, 1))
  }
  return all.join('\n')
}

function oddlySpaced(d: Draw): string {
  let text = d.of(programs)
  if (d.below(4) === 0) text = text.replaceAll('\n', d.of(['\r\n', '\r', '\n\n', '\n\t']))
  for (let edits = 1 + d.below(4); edits > 0; edits -= 1) {
    const at = d.below(text.length + 1)
    text = text.slice(0, at) + d.of(oddCharacters) + text.slice(at)
  }
  return text
}

/** A file that some bytes went wrong in: often no longer UTF-8. */
function bytesChanged(d: Draw): Uint8Array {
  const bytes = new TextEncoder().encode(oddlySpaced(d))
  for (let edits = 1 + d.below(4); edits > 0; edits -= 1)
    bytes[d.below(bytes.length)] = d.of([d.below(128), d.below(256), 0xef, 0xc3, 0x0a])
  return d.below(4) === 0 ? bytes.subarray(d.below(bytes.length)) : bytes
}

/** A program that is still right, with some names of its own replaced everywhere. */
function renamed(d: Draw): string {
  let text = d.of(programs)
  const own = [...new Set([...text.matchAll(/\b(?:data|memory|param|state|let|axis|def) (\w+)|\[(\w+)/g)].map((m) => m[1] ?? m[2] ?? ''))]
  for (let edits = 1 + d.below(3); edits > 0 && own.length > 0; edits -= 1) {
    const name = d.of(hostileNames)
    text = text.replaceAll(new RegExp(`\\b${d.of(own)}\\b`, 'g'), () => name)
  }
  return text
}

function nestedDeep(d: Draw): string {
  const depth = d.of([50, 99, 101, 300, 499, 501, 2000, 20000])
  const [open, middle, close] = d.of(nestings)
  return `state x\nstate y[k]\n${d.of(['energy ', 'let a = ', 'x ~ normal(0, '])}${open.repeat(depth)}${middle}${d.below(4) === 0 ? '' : close.repeat(depth)}`
}

const nestings: readonly (readonly [string, string, string])[] = [
  ['(', 'x', ')'],
  ['exp(', 'x', ')'],
  ['- ', 'x', ''],
  ['not ', 'x', ''],
  ['x ^ ', 'x', ''],
  ['x + ', 'x', ''],
  ['x * x + ', 'x', ''],
  ['y[k = ', '1', ']'],
  ['sum[k](', 'y', ')'],
  ['scan[k](first = 0, next = prev + ', 'y', ')'],
  ['[', 'x', ']'],
  ['x < ', 'x', ''],
]

function many<T>(d: Draw, most: number, make: () => T): T[] {
  return Array.from({ length: d.below(most + 1) }, make)
}

function wordsOf(text: string): readonly string[] {
  return text.match(/#.*|\p{L}[\p{L}\p{N}_]*|\d+(?:\.\d+)?|\s+|./gu) ?? []
}

function readFolder(folder: string): readonly string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.amp'))
  return files.map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing to choose from')
  return value
}
