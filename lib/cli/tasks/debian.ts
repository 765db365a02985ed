import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { capture } from './child'
import { need } from './need'

const root = process.cwd()
const QUIET = { DEBIAN_FRONTEND: 'noninteractive' }

export const isRoot = () => process.getuid?.() === 0

export const hasApt = () => existsSync('/usr/bin/apt-get')

// Without root, apt keeps its lists and its downloads in a folder of ours.
const ownFolders = () => {
  if (isRoot()) return []
  const state = join(root, '.cache/apt')
  for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(state, folder), { recursive: true })
  return [
    '-o',
    `Dir::State::Lists=${join(state, 'lists')}`,
    '-o',
    `Dir::Cache=${join(state, 'cache')}`,
    '-o',
    'Debug::NoLocking=1',
  ]
}

export const refreshLists = () => need('apt-get', [...ownFolders(), 'update', '-qq'], { env: QUIET })

export const installPackage = (name: string) =>
  need('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env: QUIET })

// What installing would add on this machine: the package and those of its dependencies that are not there yet.
const missingFor = async (name: string): Promise<string[]> => {
  const plan = await capture('apt-get', [...ownFolders(), 'install', '-s', '--no-install-recommends', name], {
    env: QUIET,
  })
  return [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map(([, found = '']) => found)
}

export const unpackPackage = async (name: string, folder: string, alone = false): Promise<string> => {
  const archives = join(folder, 'archives')
  mkdirSync(archives, { recursive: true })
  const wanted = alone ? [name] : await missingFor(name)
  await need('apt-get', [...ownFolders(), 'download', ...wanted], { cwd: archives, env: QUIET })
  const debs = readdirSync(archives).filter((file) => file.endsWith('.deb'))
  for (const file of debs) await need('dpkg', ['-x', join(archives, file), folder])
  return folder
}

const librariesIn = (folder: string): string[] => {
  const found = new Set<string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (/[.]so([.]|$)/.test(entry.name)) found.add(entry.parentPath)
  }
  return [...found].sort((a, b) => a.length - b.length).slice(0, 20)
}

// A program from an unpacked package finds its libraries beside it, so it is called through a two-line script.
export const writeWrapper = (to: string, program: string, folder: string): void => {
  mkdirSync(dirname(to), { recursive: true })
  const libraries = librariesIn(folder).join(':')
  const set = libraries === '' ? '' : `LD_LIBRARY_PATH="${libraries}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" `
  writeFileSync(to, `#!/bin/sh\n${set}exec "${program}" "$@"\n`)
  chmodSync(to, 0o755)
}
