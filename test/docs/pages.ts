import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fenced block of a page: ```language rest of the line. */
export interface Block {
  readonly language: string
  readonly info: string
  readonly text: string
  readonly line: number
}

export interface Page {
  readonly name: string
  readonly text: string
  readonly blocks: readonly Block[]
}

export const root = join(import.meta.dirname, '..', '..')

export function pages(): readonly Page[] {
  const names = readdirSync(join(root, 'docs')).filter((n) => n.endsWith('.md'))
  return names.map((name) => {
    const text = readFileSync(join(root, 'docs', name), 'utf8')
    return { name, text, blocks: blocksOf(text) }
  })
}

export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i += 1) {
    const fence = /^```(\w*) *(.*)$/.exec(lines[i] ?? '')
    if (fence === null) continue
    const start = i + 1
    while (i + 1 < lines.length && lines[i + 1] !== '```') i += 1
    blocks.push({ language: fence[1] ?? '', info: fence[2] ?? '', text: lines.slice(start, i + 1).join('\n'), line: start })
    i += 1
  }
  return blocks
}
