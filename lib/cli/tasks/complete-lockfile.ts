import { readFileSync, writeFileSync } from 'node:fs'
import { completed, type Lockfile, missingPlatforms } from './lockfile'

const FILES = ['package-lock.json', 'e2e/clients/package-lock.json']

// After every change of dependencies: npm install, then npm run lockfile.
for (const file of FILES) {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lockfile
  const missing = missingPlatforms(lock)
  if (missing.length > 0) writeFileSync(file, `${JSON.stringify(completed(lock), null, 2)}\n`)
  console.log(`${file}: ${missing.length === 0 ? 'complete' : `${missing.length} platforms added`}.`)
}
