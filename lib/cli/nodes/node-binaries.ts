import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { need } from '../tasks/need'

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

// Node as npm packages it: no installer, no root, kept between runs.
export const nodeOf = async (major: string, cache: string): Promise<string> => {
  const folder = join(cache, major)
  const program = join(folder, 'node_modules', PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true })
    await need('npm', ['install', '--no-save', ...QUIET, '--prefix', folder, `${PACKAGE}@${major}`])
  }
  return program
}

// The package as somebody gets it who never saw the repository.
export const installPacked = async (root: string, cache: string): Promise<string> => {
  const app = join(cache, 'app')
  rmSync(app, { recursive: true, force: true })
  mkdirSync(app, { recursive: true })
  await need('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', app], { cwd: root })
  const tarball = readdirSync(app).find((name) => name.endsWith('.tgz')) ?? ''
  writeFileSync(join(app, 'package.json'), '{"private":true}\n')
  await need('npm', ['install', '--omit=dev', '--prefer-offline', ...QUIET, join(app, tarball)], { cwd: app })
  return join(app, 'node_modules/clasper')
}
