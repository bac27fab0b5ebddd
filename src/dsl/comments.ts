import type { Comment } from './ast.ts'
import { type Doc, hardline } from './layout.ts'

/** The comments inside one statement, handed out in order to the places where the printed statement may break. */
export class Comments {
  readonly #all: readonly Comment[]
  readonly #text: string
  #next = 0

  /** `text` is the whole file, for telling a comment on its own line from one behind something. */
  constructor(all: readonly Comment[], text: string) {
    this.#all = all
    this.#text = text
  }

  /** `otherwise`, or the comments that stand before `offset`, each with the end of its line. */
  breakAt(offset: number, otherwise: Doc): Doc {
    const found = this.before(offset)
    return found.length === 0 ? otherwise : [found, hardline]
  }

  /** The comments that stand before `offset`; what follows them must start a line. */
  before(offset: number): readonly Doc[] {
    const found: Comment[] = []
    for (let comment = this.#all[this.#next]; comment && comment.span.start < offset; comment = this.#all[this.#next]) {
      found.push(comment)
      this.#next += 1
    }
    return found.map((comment, i) => [i > 0 || isOnOwnLine(comment, this.#text) ? hardline : '  ', shown(comment)])
  }

  areTaken(): boolean {
    return this.#next === this.#all.length
  }
}

export function isOnOwnLine(comment: Comment, text: string): boolean {
  let at = comment.span.start - 1
  while (at >= 0 && /[^\S\r\n]/.test(text.charAt(at))) at -= 1
  return at < 0 || text[at] === '\n' || text[at] === '\r'
}

export function shown(comment: Comment): string {
  return comment.text.trimEnd()
}
