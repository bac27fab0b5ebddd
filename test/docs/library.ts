import { type Checked, givenOf, hasErrors, load, render, retrieve } from 'amp-lang'

export async function recall(text: string, patterns: readonly number[][], cue: readonly number[]) {
  const source = { name: 'model.amp', text }
  const made = <T>(checked: Checked<T>): T => {
    if (hasErrors(checked)) throw new Error(render(checked.diagnostics, source))
    return checked.value
  }
  const given = made(givenOf({ memory: { xi: patterns }, cue: { x: cue } }))
  const { retrievals } = made(await retrieve(made(load(source)), given))
  return retrievals.map(({ states, outcome }) => ({ x: states.x?.data, outcome: outcome.kind }))
}
