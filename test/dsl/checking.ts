import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { must } from '../../src/base/internal-error.ts'
import { analyse } from '../../src/dsl/analyse.ts'
import type { Model, Term, Typed } from '../../src/middle/model.ts'

export function diagnose(text: string): readonly Diagnostic[] {
  return analyse({ name: 'test.amp', text }).diagnostics
}

/** The model of a program that must have one. */
export function modelOf(text: string): Model {
  const { value, diagnostics } = analyse({ name: 'test.amp', text })
  return must(value, `model; ${diagnostics.map((d) => `${d.code} ${d.message}`).join('; ')}`)
}

export function codes(text: string): readonly string[] {
  return diagnose(text).map((d) => d.code)
}

/** The code and the text under the caret of each diagnostic. */
export function pointed(text: string): readonly string[] {
  return diagnose(text).map((d) => `${d.code} ${text.slice(must(d.span, 'span').start, must(d.span, 'span').end)}`)
}

export function termOf(model: Model, name: string): Term {
  return must(
    model.terms.find((t) => t.name === name),
    `term ${name}`,
  )
}

/** The value of the let called `e`, in a program that starts with `declarations`. */
export function expression(declarations: string, e: string): Typed {
  return must(modelOf(`${declarations}\nstate unused_ ~ normal(0, 1)\nlet e = ${e}`).lets.at(-1), 'let').value
}
