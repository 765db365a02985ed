import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DIALECTS, type Dialect, generatorBlock, readModels, withDatasource } from '../../core/migrate/schema-source'

const root = process.cwd()
const require = createRequire(join(root, 'package.json'))
const generated = (dialect: Dialect) => join(root, 'lib/core/generated', dialect)
const folder = (dialect: Dialect) => join(root, '.cache/prisma', dialect)

const schemaFor = (dialect: Dialect) =>
  `${generatorBlock(`../../../lib/core/generated/${dialect}`)}\n${withDatasource(dialect, readModels(root))}`

const fingerprint = (schema: string) => {
  const { version } = require('prisma/package.json') as { version: string }
  return createHash('sha256').update(`${version}\n${schema}`).digest('hex')
}

const isFresh = (dialect: Dialect, stamp: string) => {
  const file = join(folder(dialect), 'stamp')
  return existsSync(join(generated(dialect), 'client.ts')) && existsSync(file) && readFileSync(file, 'utf8') === stamp
}

// The CLI insists on a native schema engine that generating never calls; naming any program keeps it off the network.
const runPrisma = (schemaFile: string) =>
  new Promise<void>((resolve, reject) => {
    const cli = join(dirname(require.resolve('prisma/package.json')), 'build/index.js')
    const child = spawn(process.execPath, [cli, 'generate', '--schema', schemaFile], {
      cwd: root,
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      output += String(chunk)
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`prisma generate failed:\n${output}`))))
  })

const generate = async (dialect: Dialect) => {
  const schema = schemaFor(dialect)
  const stamp = fingerprint(schema)
  if (isFresh(dialect, stamp)) return console.log(`${dialect}: fresh`)
  const schemaFile = join(folder(dialect), 'schema.prisma')
  mkdirSync(folder(dialect), { recursive: true })
  rmSync(join(folder(dialect), 'stamp'), { force: true })
  writeFileSync(schemaFile, schema)
  await runPrisma(schemaFile)
  writeFileSync(join(folder(dialect), 'stamp'), stamp)
  console.log(`${dialect}: generated`)
}

for (const dialect of DIALECTS) await generate(dialect)
