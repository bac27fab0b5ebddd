import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { parse } from '../../dsl/parse.ts'
import { printAst } from '../../dsl/print-ast.ts'
import type { StoreAbout } from '../../memory/store/shelf.ts'
import type { Loaded } from '../load.ts'

/** AMP802 where a model says something else than the one that a store was begun with; comments and layout do not count. */
export function changedText(before: StoreAbout['model'], { source }: Loaded): readonly Diagnostic[] {
  if (before.text === source.text) return []
  const [old, now] = [statementsOf(before.text), statementsOf(source.text)]
  const gone = old.filter((s) => !now.some((n) => n.form === s.form))
  const come = now.filter((n) => !old.some((s) => s.form === n.form))
  if (gone.length + come.length === 0) return []
  const [first] = come
  const words = [...gone.slice(0, MOST).map((s) => `- ${s.text}`), ...come.slice(0, MOST).map((s) => `+ ${s.text}`)]
  return [
    diagnostic('AMP802', `The store was written with another text of the model ${before.name}: ${words.join('; ')}.`, {
      ...(first === undefined ? {} : { span: first.span }),
      expected: 'the model that the store was begun with',
      hint: 'amp store STORE --print-model prints that model. A new model needs a new store.',
    }),
  ]
}

/** So many statements that are gone, and that have come, are told. */
const MOST = 3

/** A statement as it is understood, and as it is written. */
function statementsOf(text: string) {
  const { statements } = parse({ name: '', text }).program
  return statements.map((s) => ({
    form: printAst({ statements: [s], broken: [], comments: [], span: s.span }),
    span: s.span,
    text: text.slice(s.span.start, s.span.end).replace(/\s+/g, ' '),
  }))
}
