import { relative } from 'node:path'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { keyOf } from './sample.mjs'

/** Lets through the mutants that were drawn: a range of lines that holds one may hold others. */
class Drawn {
  #keys = new Set(JSON.parse(process.env.AMP_MUTANTS_DRAWN ?? '[]'))

  async init() {}

  async check(mutants) {
    const verdict = (m) =>
      this.#keys.has(keyOf(this.#asListed(m))) ? { status: 'passed' } : { status: 'compileError', reason: 'not drawn' }
    return Object.fromEntries(mutants.map((m) => [m.id, verdict(m)]))
  }

  async group(mutants) {
    return [mutants.map((m) => m.id)]
  }

  #asListed(m) {
    return { ...m, fileName: relative(process.cwd(), m.fileName) }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, 'drawn', Drawn)]
