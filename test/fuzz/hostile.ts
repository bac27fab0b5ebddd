/** Names that JavaScript objects have of their own, or that look like something else; all are legal in a model. */
export const hostileNames: readonly string[] = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  'toJSON',
  'then',
  'length',
  'name',
  'default',
  'function',
  'return',
  'eval',
  'arguments',
  'undefined',
  'NaN',
  'Infinity',
  'null',
  'true',
  'this',
  'await',
  'class',
  'energy_',
  'temperature',
  'value',
  'kernel',
  'sizes',
  'buffers',
  'inputs',
  'outputs',
  'run',
  'touch',
  'f',
  'x0',
  'y0',
  'b0',
  'n0',
  'm0',
  'ready',
  'prepare',
  'create',
  'cluster',
  // A Cyrillic letter that looks like the Latin a, and letters outside the basic plane.
  'а',
  '𝜃',
  'größe',
  'lp__',
]

/** Texts and files of megabytes, by number; small enough that reading one takes no more than a second or two. */
export function hugeText(which: number, program: string): string | Uint8Array {
  const number = which % hugeCount
  return tooLarge[number]?.(program) ?? growing[number - tooLarge.length]?.(1) ?? ''
}

const megabyte = 2 ** 20
/** As much as is read at all. */
const most = megabyte - 64

/** More than is read at all. */
export const tooLarge: readonly ((program: string) => string | Uint8Array)[] = [
  (program) => program.repeat(Math.ceil((5 * megabyte) / program.length)),
  () => `state ${'x'.repeat(5 * megabyte)}`,
  () => `state x\nenergy ${'9'.repeat(5 * megabyte)}`,
  () => `# ${'comment '.repeat((5 * megabyte) / 8)}\nstate x ~ normal(0, 1)`,
  () => '('.repeat(5 * megabyte),
  () => '\n'.repeat(5 * megabyte),
  () => `${' '.repeat(5 * megabyte)}state x`,
  () => '\0'.repeat(5 * megabyte),
  () => Uint8Array.from({ length: 5 * megabyte }, (_, i) => Math.imul(i, 2654435761) >>> 24),
]

/** At size 1 as much as is read at all, or as takes seconds. */
export const growing: readonly ((size: number) => string | Uint8Array)[] = [
  (size) => Uint8Array.from({ length: size * most }, (_, i) => (Math.imul(i, 2654435761) >>> 24) & 0x7f),
  (size) => 'state x ~ normal(0, 1)\n'.repeat((size * most) / 23),
  (size) => Array.from({ length: size * 30_000 }, (_, i) => `let a${i} = b${i} + c`).join('\n'),
  (size) => `state ${'x'.repeat(size * most)}`,
  (size) => `state x\nenergy ${'9'.repeat(size * most)}`,
  (size) => '('.repeat(size * most),
  (size) => '\n'.repeat(size * most),
  (size) => '\0'.repeat(size * most),
  (size) => '"'.repeat((size * most) / 2) + '`${'.repeat((size * most) / 8),
  (size) => '\ud800'.repeat(size * most),
  (size) => `state x\nenergy ${Array.from({ length: size * 100_000 }, () => 'x^2').join(' + ')}`,
  (size) => Array.from({ length: size * 1500 }, (_, i) => `state x${i} ~ normal(${i === 0 ? 0 : `x${i - 1}`}, 1)`).join('\n'),
  (size) =>
    `state x\nenergy x^2${Array.from({ length: size * 20_000 }, (_, i) => `\nlet a${i} = x + ${i === 0 ? 'x' : `a${i - 1}`}`).join('')}`,
]

/** How many there are. */
export const hugeCount = tooLarge.length + growing.length
