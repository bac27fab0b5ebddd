import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { launch } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromium, firefox } from './browsers.ts'
import { type ReadAsWasm, readAsWasm } from './page.ts'

const folder = mkdtempSync(join(tmpdir(), 'amp-wasm-page-'))

/** Pages that may compile WebAssembly, and make no code from text. */
function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = join(folder, request.url ?? '')
    response.setHeader('content-security-policy', "script-src 'self' 'wasm-unsafe-eval'")
    response.setHeader('content-type', extname(path) === '.js' ? 'text/javascript' : 'text/html')
    response.end(extname(path) === '.js' && existsSync(path) ? readFileSync(path) : '<!doctype html><title>amp</title>')
  })
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
}

describe('WebAssembly in a page that may make no code from text', () => {
  let server: Server

  beforeAll(async () => {
    const library = resolve(process.env.AMP_DIST ?? 'dist', 'library', 'index.js')
    await build({ entryPoints: [resolve('test/browser/page.ts')], alias: { 'amp-lang': library }, bundle: true, splitting: true, format: 'esm', platform: 'browser', outdir: folder, logLevel: 'error' }) // biome-ignore format: options
    server = await serve()
  })
  afterAll(() => {
    server?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const browsers = [
    { browser: 'chrome', executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'], called: 'CHROMIUM' },
    { browser: 'firefox', executablePath: firefox, args: [], called: 'FIREFOX' },
  ] as const
  for (const { browser, called } of browsers.filter((b) => b.executablePath === undefined))
    it.skip(`in ${browser}: none was found (${called} names one)`, () => {})
  const found = browsers.flatMap((b) => (b.executablePath === undefined ? [] : [{ ...b, executablePath: b.executablePath }]))
  it.for(found)('goes down and draws by the same bytes as in Node, in $browser', async ({ browser, executablePath, args }) => {
    const opened = await launch({ browser, executablePath, args: [...args] })
    try {
      const page = await opened.newPage()
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      await page.goto(`${address}/`)
      const run = `import(${JSON.stringify(`${address}/page.js`)}).then(async (page) => [page.mayMakeCode(), await page.readAsWasm()])`
      const [free, there] = (await page.evaluate(run)) as [boolean, ReadAsWasm]
      expect([free, there.backends]).toEqual([false, ['wasm', 'wasm']])
      expect([there.draws.length, there.priorDraws.length]).toEqual([500, 640])
      expect(there.rest.length).toBeGreaterThan(20)
      expect(there).toEqual(await readAsWasm())
    } finally {
      await opened.close()
    }
  })
})
