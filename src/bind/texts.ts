import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { EnergyVariable } from '../middle/energy.ts'
import { type Given, type GivenValue, type Stray, shapeOf, strayTrouble } from './given.ts'
import { isNumber } from './names.ts'
import { numberHint, shortened } from './number-words.ts'

/** What is wrong with texts given for a variable: of an axis's elements any text is the name, but a number is none. */
export function textTrouble(given: Given, variable: EnergyVariable): readonly Diagnostic[] {
  const { value } = given
  if (value.kind !== 'labels') return []
  const texts = textsIn(value.labels)
  const [first] = texts
  if (variable.type.kind === 'element')
    return isSlip(texts.length, value.labels.length) ? strayTrouble(given.name, texts, placeIn(given)) : []
  if (first === undefined) return [inQuotes(given, variable, value.labels)]
  return texts.length < value.labels.length ? [] : [allTexts(given, variable, first.text)]
}

/** Numbers among which some texts stand, of a variable that is a number: what the texts hide is looked at, too. */
export function numbersAmongTexts({ value }: Given, { type }: EnergyVariable): GivenValue | undefined {
  if (value.kind !== 'labels' || type.kind === 'element') return undefined
  const strays = textsIn(value.labels)
  if (strays.length === 0 || strays.length === value.labels.length) return undefined
  const data = Float64Array.from(value.labels, (text) => (isNumber(text) ? Number(text) : Number.NaN))
  return { kind: 'numbers', shape: shapeOf(value), data, strays }
}

/** What is no number; beside other texts TRUE and FALSE are not what is odd. */
function textsIn(labels: readonly string[]): readonly Stray[] {
  const texts = labels.flatMap((text, at) => (text === '' || isNumber(text) ? [] : [{ text, at }]))
  const isLogical = ({ text }: Stray): boolean => /^(?:true|false|[tf])$/i.test(text)
  return [...texts.filter((stray) => !isLogical(stray)), ...texts.filter(isLogical)]
}

function placeIn({ from, lines }: Given): (stray: Stray) => string {
  return ({ at }) => `${from}, ${lines?.[at] === undefined ? `element ${at + 1}` : `line ${lines[at]}`}`
}

/** One text among many numbers is hardly the name of an element. */
function isSlip(texts: number, all: number): boolean {
  return all > 4 && texts * 10 <= all
}

function inQuotes(given: Given, variable: EnergyVariable, labels: readonly string[]): Diagnostic {
  return diagnostic('AMP506', `"${variable.name}" is a number, but ${given.from} holds the text "${shortened(labels[0] ?? '')}".`, {
    place: given.from,
    span: variable.span,
    hint: 'Write numbers without quotes.',
  })
}

function allTexts(given: Given, variable: EnergyVariable, text: string): Diagnostic {
  return diagnostic('AMP509', `"${variable.name}" is a number, but ${given.from} holds text such as "${shortened(text)}".`, {
    place: given.from,
    span: variable.span,
    hint:
      numberHint(text) ??
      `To let the text name elements of an axis, declare it so: data ${variable.name}[${variable.axes.join(', ')}] : group.`,
  })
}
