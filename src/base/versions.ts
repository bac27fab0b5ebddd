/** What may be told apart later; docs/versions.md says what each promises. */
export const versions = {
  /** Of the package. */
  amp: '0.1.0',
  /** Of the language: a text keeps its meaning within one. */
  language: 1,
  /** Of the files that `amp sample --out run.json` writes: their first member says it. */
  run: 'amp run 2',
} as const
