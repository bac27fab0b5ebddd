/** What emitted modules are made of; scripts/runtime-texts.mjs makes it. */
declare module 'amp:runtime' {
  const runtime: {
    /** `needs`: the parts that stand before one. The text defines `P` and its number. */
    readonly parts: readonly { readonly needs: readonly number[]; readonly text: string }[]
    /** The number of the part that each of these is. */
    readonly entries: Readonly<Record<string, number>>
    readonly optional: Readonly<Record<string, number>>
    readonly tables: Readonly<Record<string, Readonly<Record<string, number>>>>
  }
  export default runtime
}
