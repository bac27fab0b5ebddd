import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { version } from '../../src/cli/version.ts'
import { program } from './amp.ts'

it('is the version of the package', () => {
  expect(version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version)
})

it('comes as a program that says what runs it, so that npm can put it on the path', () => {
  expect(readFileSync(program, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
})
