/**
 * Text with places where it may be broken, and the choice of where to break it (Wadler's prettier printer, in Oppen's
 * linear form): a group is set on one line if it fits, else every line of it that is not in an inner group is broken.
 */
export type Doc = string | readonly Doc[] | GroupDoc | Indent | LineDoc

interface GroupDoc {
  readonly kind: 'group'
  readonly of: Doc
  readonly broken: boolean
}
interface Indent {
  readonly kind: 'indent'
  readonly of: Doc
}
interface LineDoc {
  readonly kind: 'line'
  /** What stands there where the line is not broken; absent for a line that always is. */
  readonly flat?: string
}

export const line: LineDoc = { kind: 'line', flat: ' ' }
export const softline: LineDoc = { kind: 'line', flat: '' }
/** Breaks every group that it lies in. */
export const hardline: LineDoc = { kind: 'line' }

export function group(of: Doc): GroupDoc {
  return { kind: 'group', of, broken: mustBreak(of) }
}

export function indent(of: Doc): Indent {
  return { kind: 'indent', of }
}

export function join(separator: Doc, items: readonly Doc[]): Doc {
  return items.flatMap((item, i) => (i === 0 ? [item] : [separator, item]))
}

/** Whether a line in it is always broken; groups know it of themselves, so this does not look into them. */
export function mustBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return false
  if (!('kind' in doc)) return doc.some(mustBreak)
  if (doc.kind === 'line') return doc.flat === undefined
  return doc.kind === 'group' ? doc.broken : mustBreak(doc.of)
}

interface LayoutPiece {
  readonly doc: Doc
  readonly depth: number
  readonly flat: boolean
}

const step = 2

/** `doc` as text, in lines of at most `width` characters where its breaks allow that. */
export function layout(doc: Doc, width: number): string {
  const lines: string[] = []
  let current = ''
  const waiting: LayoutPiece[] = [{ doc, depth: 0, flat: false }]
  for (let piece = waiting.pop(); piece; piece = waiting.pop()) {
    const here = piece.doc
    if (typeof here === 'string') {
      current += here
    } else if (!('kind' in here)) pushAll(waiting, here, piece)
    else if (here.kind === 'indent') waiting.push({ ...piece, doc: here.of, depth: piece.depth + step })
    else if (here.kind === 'group') {
      const whole: LayoutPiece = { doc: here.of, depth: piece.depth, flat: true }
      waiting.push(!here.broken && (piece.flat || fits(whole, waiting, width - current.length)) ? whole : { ...whole, flat: false })
    } else if (piece.flat && here.flat !== undefined) {
      current += here.flat
    } else {
      lines.push(current.trimEnd())
      current = ' '.repeat(piece.depth)
    }
  }
  return [...lines, current].join('\n')
}

function pushAll(waiting: LayoutPiece[], docs: readonly Doc[], like: LayoutPiece): void {
  for (let i = docs.length - 1; i >= 0; i -= 1) waiting.push({ ...like, doc: docs[i] as Doc })
}

/** Whether `first`, set flat, and what follows it up to the next possible break stay within `room`. */
function fits(first: LayoutPiece, rest: readonly LayoutPiece[], room: number): boolean {
  const waiting: LayoutPiece[] = [first]
  let left = room
  for (let next = rest.length; left >= 0; ) {
    const piece = waiting.pop() ?? rest[--next]
    if (!piece) return true
    const here = piece.doc
    if (typeof here === 'string') left -= here.length
    else if (!('kind' in here)) pushAll(waiting, here, piece)
    else if (here.kind === 'line') {
      if (!piece.flat) return true
      left -= here.flat?.length ?? 0
    } else waiting.push({ ...piece, doc: here.of, flat: here.kind === 'group' ? piece.flat && !here.broken : piece.flat })
  }
  return false
}
