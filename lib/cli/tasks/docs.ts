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

const only = process.argv[2]
const wanted = (path: string) => only === undefined || (only === 'env' && /env|CONFIGURATION/i.test(path))

for (const { path, text } of generatedDocs(root)) if (wanted(path)) write(path, text)
