import { type Checked, hasErrors, made, unmade } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import type { Comment, Program, Statement } from './ast.ts'
import { at, type ColumnCell, columnWidths, padding, widestOf } from './columns.ts'
import { Comments, isOnOwnLine, shown } from './comments.ts'
import { type Doc, group, hardline, join, layout } from './layout.ts'
import { parse } from './parse.ts'
import { type PrintedStatement, printStatement } from './print.ts'

/** Lines longer than this many characters are broken where the language allows it. */
export const widest = 100

/**
 * The program in its one canonical layout, or what is wrong with its syntax. Formatting again changes nothing. Adjacent
 * lines are a block (a blank line or the end of the file ends it), and a block is lined up: its keywords take the width
 * of the widest; `=` stands in one column in a run of `let`s, named energies or other rules of one kind, and so does
 * `with` in a run of neurons; comments behind adjacent statements stand in one column.
 */
export function format(source: SourceFile): Checked<string> {
  const { program, diagnostics } = parse(source)
  return hasErrors(diagnostics) ? unmade(diagnostics) : made(formatProgram(program, source.text), diagnostics)
}

/** `text` is where the program's spans point: it tells where blank lines and whose line comments are. */
export function formatProgram(program: Program, text: string): string {
  const blocks = blocksOf(itemsOf(program, text), text)
  const lines = blocks.map(formatBlock).join('\n\n')
  return lines === '' ? '' : `${lines}\n`
}

/** A statement with its comments, or (without one) a comment on its own line. */
interface FormatItem {
  readonly start: number
  readonly end: number
  readonly printed?: PrintedStatement
  readonly kind?: Statement['kind']
  /** Comments on their own lines: the item itself, or those inside the statement that it had no place for. */
  readonly above: readonly Comment[]
  readonly behind?: Comment
}

function itemsOf(program: Program, text: string): FormatItem[] {
  const { statements, comments } = program
  const items: FormatItem[] = []
  let next = 0
  const takeUntil = (offset: number): readonly Comment[] => {
    const first = next
    while ((comments[next]?.span.start ?? offset) < offset) next += 1
    return comments.slice(first, next)
  }
  for (const statement of statements) {
    for (const comment of takeUntil(statement.span.start)) items.push(alone(comment))
    const { start, end } = statement.span
    const item = { start, end, kind: statement.kind, ...printWith(takeUntil(end), statement, text) }
    const behind = comments[next]
    if (behind && isBehind(statement, behind, text)) {
      next += 1
      items.push({ ...item, end: behind.span.end, behind })
    } else items.push(item)
  }
  for (const comment of comments.slice(next)) items.push(alone(comment))
  return items
}

/** With its comments inside, or all of them above it where one stands in a place that has no line end. */
function printWith(
  comments: readonly Comment[],
  statement: Statement,
  text: string,
): Pick<FormatItem, 'above'> & { printed: PrintedStatement } {
  const inside = new Comments(comments, text)
  const printed = printStatement(statement, inside)
  if (inside.areTaken()) return { printed, above: [] }
  return { printed: printStatement(statement, new Comments([], text)), above: comments }
}

function alone(comment: Comment): FormatItem {
  return { start: comment.span.start, end: comment.span.end, above: [comment] }
}

function isBehind(statement: Statement, comment: Comment, text: string): boolean {
  return !isOnOwnLine(comment, text) && newlines(text.slice(statement.span.end, comment.span.start)) === 0
}

function newlines(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}

function blocksOf(items: readonly FormatItem[], text: string): FormatItem[][] {
  const blocks: FormatItem[][] = []
  items.forEach((item, i) => {
    const before = items[i - 1]
    const block = blocks.at(-1)
    if (block && before && newlines(text.slice(before.end, item.start)) < 2) block.push(item)
    else blocks.push([item])
  })
  return blocks
}

function formatBlock(items: readonly FormatItem[]): string {
  const keyword = widestOf(items.map(({ printed }) => printed?.keyword.length ?? 0))
  const subjects = columnWidths(items.map(subjectCell))
  const texts = items.map((item, i) => textOf(item, keyword, at(subjects, i)))
  const comments = columnWidths(items.map((item, i) => commentCell(item, at(texts, i), i)))
  return items.map((item, i) => withComment(item, at(texts, i), at(comments, i))).join('\n')
}

function textOf({ printed, above }: FormatItem, keywordWidth: number, subjectWidth: number): string {
  const comments: Doc[] = above.map(shown)
  if (!printed) return layout(join(hardline, comments), widest)
  const { keyword, subject, rest } = printed
  const start = keyword === '' ? '' : `${keyword.padEnd(keywordWidth)} `
  const space = subjectWidth > 0 ? padding(flatWidth(subject) ?? 0, subjectWidth) : ''
  return layout(join(hardline, [...comments, group([start, subject, space, rest])]), widest)
}

function withComment({ behind }: FormatItem, text: string, column: number): string {
  return behind ? `${text}${padding(lastLine(text).length, column)}  ${shown(behind)}` : text
}

const aligned: ReadonlySet<string> = new Set<Statement['kind']>([
  'let',
  'energy',
  'objective',
  'flow',
  'step',
  'jump',
  'write',
  'forget',
  'declaration',
])

/** Subjects wider than this are not lined up with. */
const widestSubject = 40

function subjectCell({ printed, kind }: FormatItem): ColumnCell {
  if (!printed || !kind) return 'pass'
  if (!aligned.has(kind) || printed.rest === '') return 'none'
  const width = flatWidth(printed.subject)
  return width !== undefined && width <= widestSubject ? { run: kind, width } : 'none'
}

/** Comments behind what takes several lines are not lined up with others. */
function commentCell({ behind }: FormatItem, text: string, i: number): ColumnCell {
  if (!behind) return 'none'
  return { run: text.includes('\n') ? `line ${i}` : 'one line', width: lastLine(text).length }
}

/** The width on one line, if it can be on one. */
function flatWidth(doc: Doc): number | undefined {
  const text = layout(group(doc), Number.POSITIVE_INFINITY)
  return text.includes('\n') ? undefined : text.length
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1)
}
