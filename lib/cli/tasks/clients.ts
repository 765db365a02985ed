import { join } from 'node:path'
import { need } from './need'
import { fingerprintOf, isStamped, stamp } from './stamp'
import { runSteps } from './step'

const root = process.cwd()
const FOLDER = 'e2e/clients'
const stampFile = join(root, FOLDER, 'node_modules/.installed')

const SOURCES = {
  root,
  entries: [`${FOLDER}/package.json`, `${FOLDER}/package-lock.json`],
  skip: /[.]md$/,
  salt: process.version,
}

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

// Packages of others that only tests run stand apart, so that the product never installs them; their scripts never run.
const installClients = async (): Promise<string | undefined> => {
  const fingerprint = fingerprintOf(SOURCES)
  if (isStamped(stampFile, fingerprint)) return 'unchanged, reused'
  await need('npm', ['ci', ...QUIET], { cwd: join(root, FOLDER) })
  stamp(stampFile, fingerprint)
  return undefined
}

export const ensureClients = () => runSteps([{ name: 'clients of others', run: installClients }])
