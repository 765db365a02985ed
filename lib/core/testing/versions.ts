import { saveVersion } from '@/lib/workspace'
import type { Scope } from '../scope'

/** A version of these texts, by all of its digits. */
export const savedVersion = async (
  scope: Scope,
  workspaceId: string,
  files: Readonly<Record<string, string>>,
): Promise<string> => {
  const wanted = Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) }))
  return (await saveVersion(scope, { workspaceId, files: wanted, source: 'push' })).hash
}
