import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { Energy } from '../middle/energy.ts'

/** A model that is given by its motion alone has nothing to descend and no density. */
export function energyless({ terms, motions }: Pick<Energy, 'terms' | 'motions'>): readonly Diagnostic[] {
  const [first] = motions
  if (terms.length > 0) return []
  const [what, does] =
    first === undefined ? ['lets', 'reports them'] : [`${first.kind}${motions.length === 1 ? '' : 's'}`, 'runs it forward in time']
  const message = `The model is given by its ${what} alone, so there is nothing to descend and no density to sample.`
  const hint = `amp simulate ${does}; or add an \`energy\` to descend.`
  return [diagnostic('AMP602', message, { ...(first && { span: first.span }), hint })]
}
