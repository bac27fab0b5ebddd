import { isUtf8 } from 'node:buffer'
import { type Checked, diagnostic, made, unmade } from '../../base/diagnostic.ts'

/** Longer texts than JavaScript holds in one string. */
const longest = (1 << 29) - 24

/** The text of a file, which is UTF-8; whatever else its bytes are is reported, rather than read as signs that nobody wrote. */
export function textOf(bytes: Uint8Array, path: string): Checked<string> {
  const why = whyNot(bytes)
  if (why === undefined) return made(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  return unmade([
    diagnostic('AMP701', `${path} could not be read as text: ${why}.`, { place: path, expected: 'text in UTF-8', hint: hintFor(bytes) }),
  ])
}

function whyNot(bytes: Uint8Array): string | undefined {
  if (bytes.length > longest) return `it has ${bytes.length.toLocaleString('en')} bytes`
  if (isUtf16(bytes)) return 'it is UTF-16'
  return isUtf8(bytes) ? undefined : `line ${brokenLine(bytes)} holds bytes that are no letters of UTF-8`
}

function hintFor(bytes: Uint8Array): string {
  if (bytes.length > longest) return 'Large arrays are given as .npy.'
  return `Save it as UTF-8, or convert it: iconv -f ${isUtf16(bytes) ? 'UTF-16' : 'WINDOWS-1252'} -t UTF-8.`
}

/** As its byte order mark says. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** A line feed is no part of a longer sign, so lines can be looked at on their own. */
function brokenLine(bytes: Uint8Array): number {
  let line = 1
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(0x0a, start)
    const end = feed < 0 ? bytes.length : feed
    if (!isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
  }
  return line
}
