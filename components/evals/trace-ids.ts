import { Uuid } from '@/lib/shared/id'

/** Ids in a text, one a line or however they were copied; addresses of traces count too. */
export const traceIdsIn = (text: string): { ids: string[]; strange: string[] } => {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '')
  const named = words.map((word) => ({ word, id: /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i.exec(word)?.[1] }))
  const ids = named.flatMap(({ id }) => (id !== undefined && Uuid.safeParse(id).success ? [id.toLowerCase()] : []))
  return { ids: [...new Set(ids)], strange: named.flatMap(({ word, id }) => (id === undefined ? [word] : [])) }
}
