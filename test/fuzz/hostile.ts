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
  return hugeTexts[which % hugeTexts.length]?.(program) ?? ''
}

const megabyte = 2 ** 20
/** As much as is read at all. */
const most = megabyte - 64

/** How many there are. */
export const hugeCount = 22

const hugeTexts: readonly ((program: string) => string | Uint8Array)[] = [
  (program) => program.repeat(Math.ceil((5 * megabyte) / program.length)),
  () => `state ${'x'.repeat(5 * megabyte)}`,
  () => `state x\nenergy ${'9'.repeat(5 * megabyte)}`,
  () => `# ${'comment '.repeat((5 * megabyte) / 8)}\nstate x ~ normal(0, 1)`,
  () => '('.repeat(5 * megabyte),
  () => '\n'.repeat(5 * megabyte),
  () => `${' '.repeat(5 * megabyte)}state x`,
  () => '\0'.repeat(5 * megabyte),
  () => Uint8Array.from({ length: 5 * megabyte }, (_, i) => Math.imul(i, 2654435761) >>> 24),
  () => Uint8Array.from({ length: most }, (_, i) => (Math.imul(i, 2654435761) >>> 24) & 0x7f),
  () => 'state x ~ normal(0, 1)\n'.repeat(most / 23),
  () => Array.from({ length: 30_000 }, (_, i) => `let a${i} = b${i} + c`).join('\n'),
  () => `state ${'x'.repeat(most)}`,
  () => `state x\nenergy ${'9'.repeat(most)}`,
  () => '('.repeat(most),
  () => '\n'.repeat(most),
  () => '\0'.repeat(most),
  () => '"'.repeat(most / 2) + '`${'.repeat(most / 8),
  () => '\ud800'.repeat(most),
  () => `state x\nenergy ${Array.from({ length: 100_000 }, () => 'x^2').join(' + ')}`,
  () => Array.from({ length: 1500 }, (_, i) => `state x${i} ~ normal(${i === 0 ? 0 : `x${i - 1}`}, 1)`).join('\n'),
  () => `state x\nenergy x^2${Array.from({ length: 20_000 }, (_, i) => `\nlet a${i} = x + ${i === 0 ? 'x' : `a${i - 1}`}`).join('')}`,
]
