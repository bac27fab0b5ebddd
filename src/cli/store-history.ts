import type { PastChange } from '../api/store/history.ts'
import { counted } from '../base/counted.ts'
import { numbersInWords } from './store-words.ts'
import { show, table } from './table.ts'

const actions: Readonly<Record<PastChange['action'], string>> = {
  begin: 'begun with',
  write: 'wrote',
  forget: 'forgot',
  decay: 'decayed',
  discount: 'discounted',
}

/** `wrote 2 patterns, numbers 1 to 2, called "cats"`: patterns that were forgotten need not follow each other. */
export function changeInWords({ action, count, first, label, by }: PastChange): string {
  if (by !== undefined) return `${actions[action]} posteriors by ${by}`
  const called = label === undefined ? '' : `, called "${label}"`
  const which = first === undefined || count === 0 ? '' : `, ${numbersInWords([{ first, count: action === 'forget' ? 1 : count }])}`
  const on = action === 'forget' && first !== undefined && count > 1 ? ' and later ones' : ''
  return `${actions[action]} ${counted(count, 'pattern')}${which}${on}${called}`
}

/** A row a change, the first one first. */
export function historyTable(history: readonly PastChange[]): string {
  const rows = history.map((change) => [change.number, change.time ?? '', changeInWords(change), effects(change)])
  return table(['change', 'time', 'what', 'memories of constant size'], rows)
}

function effects({ numbers }: PastChange): string {
  return numbers.map(({ memory, changed, most }) => `${memory}: ${counted(changed, 'number')} by at most ${show(most)}`).join('; ')
}
