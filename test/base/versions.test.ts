import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { versions } from '../../src/base/versions.ts'
import { program } from '../cli/amp.ts'

it('is the version of the package', () => {
  expect(versions.amp).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version)
})

it('says on its page which versions there are', () => {
  const page = readFileSync('docs/versions.md', 'utf8')
  for (const version of Object.values(versions)) expect(page).toContain(`\`${version}\``)
})

it('comes as a program that says what runs it, so that npm can put it on the path', () => {
  expect(readFileSync(program, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
})
