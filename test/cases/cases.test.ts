import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { amp } from '../cli/amp.ts'
import { type Row, troublesOf } from './row.ts'

const rows = readdirSync('test/cases/rows').sort()

test.each(rows)('%s', (file) => {
  const row = JSON.parse(readFileSync(`test/cases/rows/${file}`, 'utf8')) as Row
  expect(troublesOf(row, (args) => amp('test/cases/data', args))).toEqual([])
})
