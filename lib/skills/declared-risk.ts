import { metadataPart } from './open-claw'
import type { FileSkill } from './parse-skill'

/** What a skill says of itself under `metadata.clasper`: how sensitive its data is, and that it is not ready. */
export const declaredRisk = ({ metadata }: Pick<FileSkill, 'metadata'>): { sensitivity: unknown; state: unknown } => {
  const part = metadataPart(metadata, 'clasper')
  return { sensitivity: part?.['data_sensitivity'], state: part?.['state'] }
}
