/** Where a text stops being JSON, and why. */
export interface JsonTrouble {
  readonly line: number
  readonly column: number
  readonly why: string
}

/** The first thing in `text` that is not JSON, if any; JSON.parse tells where in some of its messages only. */
export function jsonTrouble(text: string): JsonTrouble | undefined {
  return new JsonReader(text).read()
}

type WantedJson = 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'comma' | 'end'

interface Open {
  readonly kind: 'list' | 'object'
  readonly at: number
}

class JsonReader {
  readonly #text: string
  readonly #open: Open[] = []
  #at = 0
  #wanted: WantedJson = 'value'

  constructor(text: string) {
    this.#text = text
  }

  read(): JsonTrouble | undefined {
    for (;;) {
      while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at += 1
      if (this.#sign === undefined && this.#wanted === 'end') return undefined
      const why = this.#sign === undefined ? this.#cutOff() : this.#steps[this.#wanted]()
      if (why !== undefined) return { ...placeOf(this.#text, this.#at), why }
    }
  }

  get #sign(): string | undefined {
    return this.#text[this.#at]
  }

  /** Each goes past what is wanted, or says why it is not there. */
  readonly #steps: Readonly<Record<WantedJson, () => string | undefined>> = {
    value: () => this.#commaBeforeClose() ?? this.#value(),
    'first value': () => (this.#sign === ']' ? this.#close() : this.#value()),
    name: () => this.#commaBeforeClose() ?? this.#name(),
    'first name': () => (this.#sign === '}' ? this.#close() : this.#name()),
    colon: () => (this.#sign === ':' ? this.#past(1, 'value') : `${this.#shown()} stands where a colon is expected`),
    comma: () => this.#comma(),
    end: () => `${this.#shown()} follows after the end`,
  }

  #past(length: number, wanted: WantedJson): undefined {
    this.#at += length
    this.#wanted = wanted
  }

  #value(): string | undefined {
    if (this.#sign === '[' || this.#sign === '{') {
      const kind = this.#sign === '[' ? 'list' : 'object'
      this.#open.push({ kind, at: this.#at })
      return this.#past(1, kind === 'list' ? 'first value' : 'first name')
    }
    const length = this.#sign === '"' ? quoted(this.#text, this.#at) : scalar(this.#text, this.#at)
    return length === undefined ? this.#noValue() : this.#past(length, this.#open.length === 0 ? 'end' : 'comma')
  }

  #name(): string | undefined {
    if (this.#sign !== '"') return `${this.#shown()} stands where a name in double quotes is expected`
    const length = quoted(this.#text, this.#at)
    return length === undefined ? notClosed : this.#past(length, 'colon')
  }

  #comma(): string | undefined {
    if (this.#sign === ']' || this.#sign === '}') return this.#close()
    if (this.#sign !== ',') return `a comma is missing before ${this.#shown()}`
    return this.#past(1, this.#open.at(-1)?.kind === 'object' ? 'name' : 'value')
  }

  #close(): string | undefined {
    const open = this.#open.at(-1)
    const closes = open?.kind === 'list' ? ']' : '}'
    if (this.#sign !== closes) return `${this.#sign} stands where ${closes} is expected, for the ${this.#opened(open)}`
    this.#open.pop()
    return this.#past(1, this.#open.length === 0 ? 'end' : 'comma')
  }

  #commaBeforeClose(): string | undefined {
    const closing = this.#sign === ']' || this.#sign === '}'
    return closing && this.#open.length > 0 ? `there is a comma but nothing after it before ${this.#sign}` : undefined
  }

  #cutOff(): string {
    const open = this.#open.at(-1)
    return open === undefined ? 'there is nothing in it' : `it ends inside the ${this.#opened(open)}`
  }

  #opened(open: Open | undefined): string {
    return `${open?.kind} that begins on line ${placeOf(this.#text, open?.at ?? 0).line}`
  }

  #noValue(): string {
    const word = wordAt(this.#text, this.#at)
    if (this.#sign === '"') return notClosed
    if (/^[-+]?(nan|na|inf|infinity|none)$/i.test(word)) return `${word} is no number of JSON; a missing number is null`
    if (this.#sign === "'") return 'texts stand in double quotes'
    if (this.#sign === '/' || this.#sign === '#') return 'JSON has no comments'
    return `${this.#shown()} is not a value`
  }

  #shown(): string {
    return JSON.stringify(wordAt(this.#text, this.#at) || String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0))
  }
}

const notClosed = 'the text in quotes is not closed, or holds a sign that must be written with a backslash'

function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

/** The length of a text in quotes at `at`. */
function quoted(text: string, at: number): number | undefined {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '"') return i + 1 - at
    if (text.charCodeAt(i) < 0x20) return undefined
    if (text[i] === '\\') {
      if (!/^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(text.slice(i, i + 6))) return undefined
      i += 1
    }
  }
  return undefined
}

const scalars = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)(?![\w.])/y

function scalar(text: string, at: number): number | undefined {
  scalars.lastIndex = at
  return scalars.test(text) ? scalars.lastIndex - at : undefined
}

function wordAt(text: string, at: number): string {
  return /^[-+\w.]+/.exec(text.slice(at, at + 40))?.[0] ?? ''
}
