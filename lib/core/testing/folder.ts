import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

export type TestFolder = {
  path: string
  at: (...names: string[]) => string
  write: (files: Readonly<Record<string, string>>) => void
  below: (name: string) => TestFolder
}

const folderAt = (path: string): TestFolder => {
  const at = (...names: string[]) => join(path, ...names)
  const write: TestFolder['write'] = (files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(at(name)), { recursive: true })
      writeFileSync(at(name), text)
    }
  }
  return { path, at, write, below: (name) => folderAt(at(name)) }
}

// A folder that lasts as long as the suite that made it.
export const useFolder = (): TestFolder => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'folder-')))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return folderAt(path)
}
