/** The text of a script that emitted modules are made of; scripts/runtime-texts.mjs makes it. */
declare module 'amp:runtime/*' {
  const text: string
  export default text
}
