import { z } from 'zod'
import { listRegistry, opsListRegistry, skillsByState } from '@/lib/skills/contract'
import { plain } from '../approvals/show'
import { DONE, type Terminal } from '../command'
import { ask, type Door } from '../workspace/server'

export type Listing = { q: string | undefined; state: string | undefined; json: boolean }

type Row = { name: string; version: string; description: string; state?: string | undefined }

const lineOf = ({ name, version, description, state }: Row, width: number): string =>
  `${`${name}@${version}`.padEnd(width)}  ${(state ?? '').padEnd(10)}  ${plain(description).slice(0, 100)}`.trimEnd()

const Page = z.union([opsListRegistry.reply, listRegistry.reply])

export const list = async (door: Door, { q, state, json }: Listing, { out }: Terminal): Promise<number> => {
  const asked =
    state === undefined
      ? { path: '/registry', query: q === undefined ? {} : { q } }
      : { path: '/by-state', query: { state } }
  const page = state === undefined ? await ask(door, asked, Page) : await ask(door, asked, skillsByState.reply)
  if (json) out(JSON.stringify(page))
  else {
    const rows: readonly Row[] = page.skills
    const width = Math.max(0, ...rows.map(({ name, version }) => name.length + version.length + 1))
    for (const row of rows) out(lineOf(row, width))
    if (rows.length === 0) out('None.')
    if ('has_more' in page && page.has_more) out('… and more')
  }
  return DONE
}
