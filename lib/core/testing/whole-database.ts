import { inflateRawSync } from 'node:zlib'
import { targetOf } from '../migrate/target'
import { type Ask, withRawQueries } from './raw-query'

const TABLES = {
  sqlite: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%Index_%'`,
  postgresql: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
}

const plain = (key: string, value: unknown): unknown =>
  value instanceof Uint8Array || (typeof value === 'object' && value !== null && 'type' in value && key === 'bytes')
    ? undefined
    : typeof value === 'bigint'
      ? `${value}`
      : value

const bytesOf = (value: unknown): Buffer => Buffer.from(value as Uint8Array)

const bodiesOf = async (ask: Ask): Promise<string> => {
  const rows = await ask('SELECT "codec", "bytes" FROM "Body"')
  return rows
    .map(({ codec, bytes }) => (codec === 'deflate' ? inflateRawSync(bytesOf(bytes)) : bytesOf(bytes)).toString('utf8'))
    .join('\n')
}

/** Every value of every table as text, with what is packed unpacked: where a secret would have to be. */
export const wholeDatabase = (url: string): Promise<string> =>
  withRawQueries(url, async (ask) => {
    const tables = await ask(TABLES[targetOf(url).dialect])
    const texts = [await bodiesOf(ask)]
    for (const { name } of tables) texts.push(JSON.stringify(await ask(`SELECT * FROM "${String(name)}"`), plain))
    return texts.join('\n')
  })
