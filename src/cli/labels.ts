import type { DrawnVariable } from '../inference/draws/draws.ts'
import { columnNames, indices } from '../inference/draws/draws.ts'

/** Names of the elements of axes, where a text column gave them. */
export type Labels = Readonly<Record<string, readonly string[]>>

/** `theta[AITKIN]`, `mu[2,1]`: by label where the axis has them, counted from 1 where not. */
export function elementName(name: string, axes: readonly string[], at: readonly number[], labels: Labels): string {
  if (at.length === 0) return name
  return `${name}[${at.map((i, a) => labels[axes[a] as string]?.[i] ?? i + 1).join(',')}]`
}

/** From the numbered names of draws (`theta[1]`) to those with labels, for the names in which they differ. */
export function labelledNames(variables: readonly DrawnVariable[], labels: Labels): ReadonlyMap<string, string> {
  const named = variables.filter((v) => v.axes.some((axis) => labels[axis] !== undefined))
  return new Map(
    named.flatMap(({ name, axes, shape }) => {
      const places = indices(shape)
      return columnNames(name, shape).map((column, i) => [column, elementName(name, axes, places[i] ?? [], labels)] as const)
    }),
  )
}

/** The same so that each name can be taken apart again: labels with commas, brackets or quotes are in quotes, as JSON writes texts. */
export function exactLabelledNames(variables: readonly DrawnVariable[], labels: Labels): ReadonlyMap<string, string> {
  return labelledNames(variables, Object.fromEntries(Object.entries(labels).map(([axis, names]) => [axis, names.map(exactLabel)])))
}

function exactLabel(label: string): string {
  return /[",[\]\\\p{Cc}]|^\s|\s$|^$/u.test(label) ? JSON.stringify(label) : label
}

/** A sentence in which numbered names are replaced by those with labels. */
export function withLabels(sentence: string, names: ReadonlyMap<string, string>): string {
  return sentence.replace(/[\p{L}_][\p{L}\p{N}_]*(?:\([^()]*\))?\[[\d,]+\]/gu, (name) => names.get(name) ?? name)
}
