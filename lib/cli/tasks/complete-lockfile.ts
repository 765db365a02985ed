import { readFileSync, writeFileSync } from 'node:fs'
import { completed, type Lockfile, missingPlatforms } from './lockfile'

const FILE = 'package-lock.json'

// After every change of dependencies: npm install, then npm run lockfile.
const lock = JSON.parse(readFileSync(FILE, 'utf8')) as Lockfile
const missing = missingPlatforms(lock)
if (missing.length > 0) writeFileSync(FILE, `${JSON.stringify(completed(lock), null, 2)}\n`)
console.log(missing.length === 0 ? 'The lockfile is complete.' : `${missing.length} platforms added to the lockfile.`)
