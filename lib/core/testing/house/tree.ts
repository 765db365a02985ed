import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type SourceFile = { path: string; text: string }

export const root = process.cwd()

const git = (args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)

// What is committed or about to be: generated and ignored files are no part of the house.
export const housePaths = (): string[] =>
  git(['ls-files', '-z', '--cached', '--others', '--exclude-standard']).filter((path) => existsSync(join(root, path)))

export const readSource = (path: string): SourceFile => ({ path, text: readFileSync(join(root, path), 'utf8') })

const CODE = /[.](?:ts|tsx|mjs|cjs|js)$/

export const isCode = (path: string) => CODE.test(path)

export const isTest = (path: string) =>
  /[.](?:test|spec)[.]tsx?$/.test(path) || /^(?:e2e|lib\/core\/testing)\//.test(path)
