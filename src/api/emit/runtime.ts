/** The scripts that emitted modules are made of. */
export type Script = 'retrieve' | 'sample' | 'retrieve-tfjs' | 'draws'

/** Each is loaded where it is asked for, by a path that bundlers see. */
const texts: Readonly<Record<Script, () => Promise<{ readonly default: string }>>> = {
  retrieve: () => import('amp:runtime/retrieve'),
  sample: () => import('amp:runtime/sample'),
  'retrieve-tfjs': () => import('amp:runtime/retrieve-tfjs'),
  draws: () => import('amp:runtime/draws'),
}

/**
 * What drives one reading, as a script that defines `amp_runtime` (or `amp_draws`): made of the same sources that run in
 * process (scripts/runtime-texts.mjs), so that an emitted module gives the same bits.
 */
export async function runtimeText(script: Script): Promise<string> {
  return (await texts[script]()).default
}
