import { decimalIn } from './decimal.ts'

/*
 * JSON whose text may be longer than a string: long lists of numbers go straight from bytes into arrays of numbers, and what
 * is left, names and settings, is parsed as usual, with a marked text in the place of each such list.
 */

/** Lists of so many numbers become a `Float64Array`; shorter ones stay lists. */
const LONG = 256

/** What is parsed in the place of a long list. JSON that amp writes has no such text. */
const MARK = '\u0001numbers:'

/**
 * The value of a JSON text in UTF-8, given in pieces that may end anywhere. In lists of numbers, words for what JSON has no
 * number for ("NaN", "-0", "Infinity") count as numbers. Throws a SyntaxError for what is not JSON, as `JSON.parse` does.
 */
export function parseLongJson(pieces: Iterable<Uint8Array>): unknown {
  const skeleton: Uint8Array[] = []
  const lists: Float64Array[] = []
  let rest: Uint8Array = new Uint8Array(0)
  let place: JsonPlace = 'between'
  let open: NumberList | undefined
  for (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let at = 0
    // Where the bytes begin that are not yet in the skeleton.
    let kept = 0
    while (at < bytes.length) {
      if (open !== undefined) {
        const end = open.take(bytes, at)
        if (end.kind === 'more') {
          at = end.at
          break
        }
        skeleton.push(end.kind === 'list' && open.isLong() ? marked(lists, open) : open.text())
        at = end.at
        kept = at
        open = undefined
        continue
      }
      const byte = bytes[at] as number
      at += 1
      if (place === 'escaped') place = 'text'
      else if (place === 'text') place = byte === BACKSLASH ? 'escaped' : byte === QUOTE ? 'between' : 'text'
      else if (byte === QUOTE) place = 'text'
      else if (byte === OPENING) {
        skeleton.push(copied(bytes, kept, at - 1))
        kept = at
        open = new NumberList()
      }
    }
    if (open === undefined) skeleton.push(copied(bytes, kept, at))
    rest = open === undefined ? new Uint8Array(0) : copied(bytes, at, bytes.length)
  }
  if (open !== undefined) throw new SyntaxError('a list is not closed')
  const text = Buffer.concat(skeleton).toString('utf8')
  return JSON.parse(text, (_, value) =>
    typeof value === 'string' && value.startsWith(MARK) ? lists[Number(value.slice(MARK.length))] : value,
  )
}

type JsonPlace = 'between' | 'text' | 'escaped'

const [QUOTE, BACKSLASH, OPENING, CLOSING, COMMA] = [0x22, 0x5c, 0x5b, 0x5d, 0x2c]

/** So that a few bytes do not hold the whole piece that they came in. */
function copied(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return Uint8Array.from(bytes.subarray(from, to))
}

function marked(lists: Float64Array[], list: NumberList): Uint8Array {
  lists.push(list.numbers())
  return Buffer.from(JSON.stringify(`${MARK}${lists.length - 1}`))
}

/** Where a list that may be one of numbers ends: as one, as something else, or in a later piece. */
interface ListEnd {
  readonly kind: 'list' | 'other' | 'more'
  readonly at: number
}

const words: ReadonlyMap<string, number> = new Map([
  ['"NaN"', Number.NaN],
  ['"Infinity"', Number.POSITIVE_INFINITY],
  ['"-Infinity"', Number.NEGATIVE_INFINITY],
  ['"-0"', -0],
])
/** No number and no word that is written for one has more signs. */
const LONGEST = 32

/** So many numbers are put aside at once. */
const BLOCK = 1 << 16

/** The numbers of a list from its opening bracket on. */
class NumberList {
  private readonly blocks: Float64Array[] = []
  private block: Float64Array = new Float64Array(LONG)
  private count = 0
  private filled = 0
  private closed = false
  /** Whether a number was read to which no comma has come yet. */
  private pending = false

  isLong(): boolean {
    return this.count >= LONG
  }

  /** Reads on; `at` is where it stopped. What is a beginning of a number at the end of a piece is left for the next. */
  take(bytes: Uint8Array, from: number): ListEnd {
    let at = from
    while (at < bytes.length) {
      const byte = bytes[at] as number
      if (isSpace(byte)) at += 1
      else if (byte === COMMA && this.pending) {
        this.pending = false
        at += 1
      } else if (byte === CLOSING && (this.pending || this.count === 0)) {
        this.closed = true
        return { kind: 'list', at: at + 1 }
      } else {
        if (this.pending || !mayBegin(byte)) return { kind: 'other', at }
        let end = at + 1
        while (end < bytes.length && !isEnd(bytes[end] as number)) end += 1
        if (end === bytes.length && end - at < LONGEST) return { kind: 'more', at }
        const number = numberAt(bytes, at, end)
        if (number === undefined) return { kind: 'other', at }
        this.add(number)
        this.pending = true
        at = end
      }
    }
    return { kind: 'more', at }
  }

  numbers(): Float64Array {
    const all = new Float64Array(this.count)
    let at = 0
    for (const block of [...this.blocks, this.block.subarray(0, this.filled)]) {
      all.set(block, at)
      at += block.length
    }
    return all
  }

  /** What was read, as JSON: an equal text, if not the same. */
  text(): Uint8Array {
    const written = Array.from(this.numbers(), (x) => (Object.is(x, -0) ? '"-0"' : Number.isFinite(x) ? String(x) : `"${x}"`)).join()
    return Buffer.from(`[${written}${!this.pending && this.count > 0 ? ',' : ''}${this.closed ? ']' : ' '}`)
  }

  private add(number: number): void {
    if (this.filled === this.block.length) {
      this.blocks.push(this.block)
      this.block = new Float64Array(BLOCK)
      this.filled = 0
    }
    this.block[this.filled] = number
    this.filled += 1
    this.count += 1
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function isEnd(byte: number): boolean {
  return byte === COMMA || byte === CLOSING || isSpace(byte)
}

function mayBegin(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === QUOTE
}

function numberAt(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (to - from > LONGEST) return undefined
  const first = bytes[from] as number
  const known = first === QUOTE ? undefined : decimalIn(bytes, from, to)
  if (known !== undefined) return known
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  if (first === QUOTE) return words.get(text)
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined
}
