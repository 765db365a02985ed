import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedDocs } from '../docs/generated-docs'

const root = process.cwd()

const write = (path: string, text: string) => {
  const file = join(root, path)
  const isFresh = existsSync(file) && readFileSync(file, 'utf8') === text
  if (!isFresh) writeFileSync(file, text)
  console.log(`${isFresh ? 'fresh  ' : 'written'}  ${path}`)
}

const PARTS: Record<string, RegExp> = { env: /[.]env|CONFIGURATION/, api: /openapi/ }
const wanted = PARTS[process.argv[2] ?? ''] ?? /./

for (const { path, text } of await generatedDocs(root)) if (wanted.test(path)) write(path, text)
