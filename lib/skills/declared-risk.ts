import { metadataPart } from './open-claw'
import type { FileSkill } from './parse-skill'

/** How sensitive a skill's data is by its `metadata.clasper`, and how ready it is: the registry knows, a file says. */
export const declaredRisk = ({
  metadata,
  state,
}: Pick<FileSkill, 'metadata' | 'state'>): { sensitivity: unknown; state: unknown } => {
  const part = metadataPart(metadata, 'clasper')
  return { sensitivity: part?.['data_sensitivity'], state: state ?? part?.['state'] }
}
