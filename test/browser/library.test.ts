import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { type Browser, launch, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromium } from './browsers.ts'
import { type Toured, tour } from './page.ts'

if (chromium === undefined) {
  it.skip('the library in a page: no Chromium was found (CHROMIUM names one)', () => {})
} else {
  describe('the library in a page', inPage)
}

const folder = mkdtempSync(join(tmpdir(), 'amp-page-'))
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' }

/** Serves the bundle, and what was put beside it, to this machine alone. */
function serve(extra: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1)
    const text = extra.get(path) ?? (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : '')
    response.setHeader('content-type', types[extname(path)] ?? 'text/html')
    response.end(text)
  })
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
}

function inPage(): void {
  const troubles: string[] = []
  const extra = new Map([['page.html', '<!doctype html><title>amp</title>']])
  let browser: Browser
  let server: Server
  let page: Page
  let toured: Toured
  const address = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`

  beforeAll(async () => {
    const library = resolve(process.env.AMP_DIST ?? 'dist', 'library', 'index.js')
    await build({ entryPoints: [resolve('test/browser/page.ts')], alias: { 'amp-lang': library }, bundle: true, splitting: true, format: 'esm', platform: 'browser', outdir: folder, logLevel: 'error' }) // biome-ignore format: options
    server = await serve(extra)
    browser = await launch({ executablePath: chromium as string, args: ['--no-sandbox', '--disable-gpu'] })
    page = await browser.newPage()
    page.on('console', (message) => troubles.push(message.text()))
    page.on('pageerror', (error) => troubles.push(String(error)))
    await page.goto(address('page.html'))
    toured = (await page.evaluate(`import(${JSON.stringify(address('page.js'))}).then(({ tour }) => tour())`)) as Toured
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('loads models, and says what is wrong with them', () => {
    expect(toured.diagnostics).toEqual(['AMP303', 'AMP201'])
  })

  it('retrieves as in Node', async () => {
    const { retrieved, energy } = await tour()
    expect(retrieved).toEqual([1, 1, -1, -1, 1, -1])
    expect(toured.retrieved).toEqual(retrieved)
    expect(toured.energy).toBe(energy)
  })

  it('draws with NUTS', () => {
    expect(toured.draws.length).toBe(400)
    // mu is 4.4 give or take 3.3 in the posterior; the mean of 400 draws, of which 100 would be independent, is within 0.33
    // of it once in three: 2.2 off is six times that, once in 5e8.
    const mean = toured.draws.reduce((sum, x) => sum + x, 0) / 400
    expect(Math.abs(mean - 4.4)).toBeLessThan(2.2)
  })

  it('compiles the same module as Node, which runs there', async () => {
    expect(toured.module).toBe((await tour()).module)
    extra.set('emitted.js', toured.module)
    const data = '{ y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] }'
    const run = `import(${JSON.stringify(address('emitted.js'))}).then(({ sample }) => sample({ data: ${data} }, { seed: 3, chains: 2, draws: 200, warmup: 200, sampler: 'nuts' }))`
    const drawn = (await page.evaluate(`${run}.then((result) => result.draws.chains.flatMap((c) => [...c.values]).length)`)) as number
    expect(drawn).toBeGreaterThan(400)
  })

  it('logs nothing', () => {
    expect(troubles).toEqual([])
  })
}
