import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import type { Given } from './given.ts'
import { isNumber } from './names.ts'

/** What is wrong with texts given for a variable: of an axis's elements any text is the name, but a number is none. */
export function textTrouble(given: Given, variable: EnergyVariable): Diagnostic | undefined {
  if (given.value.kind !== 'labels') return undefined
  const { labels } = given.value
  const texts = labels.flatMap((text, at) => (text === '' || isNumber(text) ? [] : [{ text, at }]))
  // Beside other texts TRUE and FALSE are not what is odd.
  const first = texts.find(({ text }) => !/^(?:true|false|[tf])$/i.test(text)) ?? texts[0]
  if (variable.type.kind === 'element') return isSlip(texts.length, labels.length) && first ? stray(given, variable, first) : undefined
  if (first === undefined) return inQuotes(given, variable, labels)
  return texts.length < labels.length ? stray(given, variable, first) : allTexts(given, variable, first.text)
}

/** One text among many numbers is hardly the name of an element. */
function isSlip(texts: number, all: number): boolean {
  return all > 4 && texts * 10 <= all
}

function stray(given: Given, variable: EnergyVariable, { text, at }: { readonly text: string; readonly at: number }): Diagnostic {
  const line = given.lines?.[at]
  const place = `${given.from}, ${line === undefined ? `element ${at + 1}` : `line ${line}`}`
  const hint = hintFor(text)
  return diagnostic('AMP506', `"${variable.name}" holds "${short(text)}", which is not a number.`, {
    place,
    expected: 'a number such as 1.5 or 2e-3, or an empty cell (null in JSON) for a missing value',
    ...(hint === undefined ? {} : { hint }),
  })
}

function inQuotes(given: Given, variable: EnergyVariable, labels: readonly string[]): Diagnostic {
  return diagnostic('AMP506', `"${variable.name}" is a number, but ${given.from} holds the text "${short(labels[0] ?? '')}".`, {
    place: given.from,
    span: variable.span,
    hint: 'Write numbers without quotes.',
  })
}

function allTexts(given: Given, variable: EnergyVariable, text: string): Diagnostic {
  return diagnostic('AMP509', `"${variable.name}" is a number, but ${given.from} holds text such as "${short(text)}".`, {
    place: given.from,
    span: variable.span,
    hint:
      hintFor(text) ??
      `To let the text name elements of an axis, declare it so: data ${variable.name}[${variable.axes.join(', ')}] : group.`,
  })
}

/** How what looks like a number is written as one. */
function hintFor(text: string): string | undefined {
  return forms.find(({ form }) => form.test(text))?.hint
}

const forms: readonly { readonly form: RegExp; readonly hint: string }[] = [
  { form: /^\s*[-+]?[\d.]*[OolI][\dOolI.]*\s*$/, hint: 'O and l are letters, 0 and 1 are digits.' },
  { form: /^\s*[-+]?\d[\d ]*(?:,\d+)+(?:\.\d+)?\s*$/, hint: 'Write numbers without commas: 1000 or 1.5.' },
  { form: /^\s*[-+]?[\d.]+\s*%\s*$/, hint: 'Write a share as a number: 0.1 for 10 %.' },
  { form: /^\s*[-+]?(?:\d+\.?\d*|\.\d+)\s*\p{L}+\S*\s*$/u, hint: 'Write the number without its unit.' },
  { form: /^\s*[$€£]\s*[\d.]+\s*$/u, hint: 'Write the number without its unit.' },
  { form: /^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/, hint: 'A date is not a number: write the days since the first date.' },
  { form: /^\s*(?:yes|no|y|n)\s*$/i, hint: 'Write 1 for yes and 0 for no.' },
  { form: /^\s*(?:#?n\/a|[-.?*]+|missing|none|unknown|nil)\s*$/i, hint: 'A missing value is an empty cell or NA.' },
]

function short(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text
}
