// Builds @tensorflow/tfjs-node where its own installation cannot: that downloads libtensorflow from a host of its own,
// this takes the same code from npm and the library from the wheel of TensorFlow for Python. Linux on x64.
//
//     node scripts/build-tfjs-node.mjs FOLDER [PROJECT]
//
// FOLDER gets a node_modules with the package in it (0.9 GB); where it is there already, nothing is built. PROJECT's
// node_modules gets a link to it. Needs a C++ compiler ($CXX, or c++) and Python with pip ($PYTHON, or python3).
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const PACKAGE = '@tensorflow/tfjs-node'
const VERSION = '4.22.0'
/** The package is written against 2.9.1, whose wheel has no library apart from Python; all that it calls of C is here too. */
const TENSORFLOW = 'tensorflow-cpu==2.12.1'
const WHEELS = ['--python-version=3.10', '--implementation=cp', '--abi=cp310', '--platform=manylinux_2_17_x86_64']
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
/** Node-API is the same in every version of Node from 18. */
const NODE_API = '8'
const HEADERS = 'node-api-headers@1'

/** For Python: the library, the headers of its C interface, and what those include. */
const UNPACK = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
wanted = ('tensorflow/libtensorflow_', 'tensorflow/include/tensorflow/c/', 'tensorflow/include/tensorflow/core/platform/',
          'tensorflow/include/tensorflow/tsl/')
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted)])
`

/** For Node: a product, on the package as it will be found. */
const TRY = `
require('node:util').isNullOrUndefined ??= (x) => x === undefined || x === null
const tf = require('${PACKAGE}')
tf.enableProdMode()
const [found] = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()
if (found !== 11 || tf.getBackend() !== 'tensorflow') throw new Error('a product came out as ' + found + ' on ' + tf.getBackend())
console.log('works: tfjs-node ' + tf.version['tfjs-node'] + ' on TensorFlow ' + tf.backend().binding.TF_Version)
`

const [folder, project] = process.argv.slice(2).map((path) => resolve(path))
if (folder === undefined) stop('usage: node scripts/build-tfjs-node.mjs FOLDER [PROJECT]')
if (process.platform !== 'linux' || process.arch !== 'x64')
  stop(`This builds for Linux on x64, not ${process.platform} on ${process.arch}: try npm install ${PACKAGE}@${VERSION}.`)

const home = join(folder, 'node_modules', PACKAGE)
const addon = join(home, 'lib', `napi-v${NODE_API}`, 'tfjs_binding.node')

if (existsSync(addon)) console.log(`${addon} is there already.`)
else build()
if (project !== undefined && project !== folder) link()
tryOut(project ?? folder)

function build() {
  mkdirSync(folder, { recursive: true })
  // Without a package.json of its own npm would install into a folder above.
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  say(`installing ${PACKAGE} ${VERSION} without its script`)
  npm('install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${PACKAGE}@${VERSION}`)
  const work = join(folder, 'node_modules', '.tfjs-node-build')
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work)
  try {
    takeTensorflow(work)
    compile(join(work, 'tensorflow', 'include'), nodeHeaders(work))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function takeTensorflow(work) {
  say(`downloading ${TENSORFLOW} (220 MB)`)
  python('-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', ...WHEELS, '--dest', work, TENSORFLOW)
  const wheel = readdirSync(work).find((name) => name.endsWith('.whl')) ?? stop('pip left no wheel.')
  say('unpacking the library and its headers')
  python('-c', UNPACK, join(work, wheel), work)
  mkdirSync(join(home, 'deps', 'lib'), { recursive: true })
  for (const name of LIBRARIES) renameSync(join(work, 'tensorflow', name), join(home, 'deps', 'lib', name))
}

function nodeHeaders(work) {
  writeFileSync(join(work, 'package.json'), '{ "private": true }\n')
  npm('install', '--prefix', work, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', HEADERS)
  return join(work, 'node_modules', 'node-api-headers', 'include')
}

function compile(tensorflow, node) {
  say('compiling')
  mkdirSync(dirname(addon), { recursive: true })
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join('binding', name))
  const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`, '-I.', `-I${node}`, `-I${tensorflow}`]
  const libraries = ['-Ldeps/lib', ...LIBRARIES.map((name) => `-l:${name}`), '-Wl,-rpath,$ORIGIN/../../deps/lib']
  run(process.env.CXX ?? 'c++', [...flags, ...sources, '-o', `${addon}.new`, ...libraries], { cwd: home })
  // Under its name only when it is whole: that is how a finished build is known.
  renameSync(`${addon}.new`, addon)
}

/** A link is what `npm ci` takes away in a moment and this puts back in one. */
function link() {
  const place = join(project, 'node_modules', PACKAGE)
  mkdirSync(dirname(place), { recursive: true })
  rmSync(place, { recursive: true, force: true })
  symlinkSync(relative(dirname(place), home), place)
  console.log(`${place} -> ${home}`)
}

function tryOut(where) {
  run(process.execPath, ['--no-deprecation', '-e', TRY], { cwd: where, env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '1' } })
}

function npm(...args) {
  run('npm', args)
}

function python(...args) {
  run(process.env.PYTHON ?? 'python3', args)
}

function run(program, args, options = {}) {
  try {
    execFileSync(program, args, { stdio: 'inherit', ...options })
  } catch (error) {
    stop(`${program} failed: ${error.code ?? `exit code ${error.status}`}.`)
  }
}

function say(what) {
  console.log(`- ${what}`)
}

function stop(why) {
  console.error(why)
  process.exit(1)
}
