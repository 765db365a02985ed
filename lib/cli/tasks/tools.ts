import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { readProcessEnv } from '@/lib/core/env'

const root = process.cwd()

export const TOOLS_FOLDER = join(root, '.cache/bin')

const onPath = (name: string): string | null =>
  (readProcessEnv()['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? null

const firstOf = (names: readonly string[]): string | null => {
  const unpacked = names.map((name) => join(TOOLS_FOLDER, name)).find((path) => existsSync(path))
  return unpacked ?? names.map(onPath).find((path) => path !== null) ?? null
}

export const findChromium = () => firstOf(['chromium', 'chromium-browser', 'google-chrome'])

export const findPromtool = () => firstOf(['promtool'])
