import type { SaveVersion, NewFile as SentFile } from '../contract/versions'
import { type NewFile, refuseFiles } from './check-files'

type Fault = { path: string; reason: string }

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

type Read = { path: string; bytes: Uint8Array; isExecutable: boolean | undefined } | { fault: Fault }

const readOne = ([path, file]: readonly [string, SentFile]): Read => {
  const { content, encoding, executable } =
    typeof file === 'string' ? { content: file, encoding: 'utf8', executable: undefined } : file
  if (encoding === 'base64' && !BASE64.test(content)) return { fault: { path, reason: 'is not valid base64' } }
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
  return { path, bytes, isExecutable: executable }
}

type ReadFile = Exclude<Read, { fault: Fault }>

const readAll = (files: Readonly<Record<string, SentFile>>): ReadFile[] => {
  const read = Object.entries(files).map(readOne)
  const faults = read.flatMap((one) => ('fault' in one ? [one.fault] : []))
  return faults.length > 0 ? refuseFiles(faults) : read.flatMap((one) => ('fault' in one ? [] : [one]))
}

/** All files of a version as JSON gives them. */
export const filesIn = (files: NonNullable<SaveVersion['files']>): NewFile[] =>
  readAll(files).map(({ path, bytes, isExecutable = false }) => ({ path, bytes, isExecutable }))

/** What a version held, with changes: what is not spoken of stays as it was. */
export const changedFiles = (before: readonly NewFile[], { changed = {}, deleted = [] }: SaveVersion): NewFile[] => {
  const files = new Map(before.map((file) => [file.path, file]))
  const gone = deleted.filter((path) => !files.has(path))
  if (gone.length > 0) return refuseFiles(gone.map((path) => ({ path, reason: 'is not there to be deleted' })))
  for (const path of deleted) files.delete(path)
  for (const { path, bytes, isExecutable } of readAll(changed))
    files.set(path, { path, bytes, isExecutable: isExecutable ?? files.get(path)?.isExecutable ?? false })
  return [...files.values()]
}
