import { gateReason, type SkillHost } from './gates'
import { readHttpTools } from './http-tool'
import type { Manifest } from './manifest'
import { metadataPart } from './open-claw'
import type { FileSkill } from './parse-skill'
import type { SkillState } from './states'

type Stored = { manifest: Manifest; contentHash: string; state: SkillState }

const NO_GATES = { env: [], bins: [], anyBins: [], os: [], config: [], always: false }

const reasonOf = ({ gates = NO_GATES }: Manifest, host: SkillHost): string | null => {
  const { env, bins, anyBins, os, config, always } = gates
  return gateReason({ always, os, needs: { env, bins, anyBins, config }, faults: [] }, host)
}

const limitsOf = ({ permissions }: Manifest): Pick<FileSkill, 'permissions'> => {
  if (permissions === undefined) return {}
  const { tools, maxTokens, allowedModels } = permissions
  return {
    permissions: {
      tools,
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(allowedModels === undefined ? {} : { allowedModels }),
    },
  }
}

const redactionOf = ({ redaction }: Manifest): Pick<FileSkill, 'redaction'> => {
  if (redaction === undefined) return {}
  const { patterns, strategy, custom_patterns } = redaction
  return { redaction: { patterns, strategy, custom_patterns } }
}

export const registryFolder = (name: string, version: string): string => `registry/${name}@${version}`

/** A published skill as a run takes it; `refusal` says why it may not. */
export const registrySkill = (
  { manifest, contentHash, state }: Stored,
  host: SkillHost,
  refusal: string | null,
): FileSkill => {
  const { name, version, metadata } = manifest
  const folder = registryFolder(name, version)
  const http = readHttpTools(metadataPart(metadata, 'clasper')?.['tools'], name)
  const reason = refusal ?? reasonOf(manifest, host)
  return {
    name,
    description: manifest.description,
    folder,
    location: `${folder}/SKILL.md`,
    source: 'registry',
    body: manifest.instructions.trim(),
    ...(manifest.emoji === undefined ? {} : { emoji: manifest.emoji }),
    always: manifest.gates?.always ?? false,
    isKnown: true,
    isEnabled: reason === null,
    isVisible: reason === null,
    ...(reason === null ? {} : { gateReason: reason }),
    allowedTools: manifest.permissions?.tools ?? [],
    httpTools: http.tools,
    ...(metadata === undefined || metadata === null ? {} : { metadata }),
    extra: {},
    warnings: http.warnings,
    version,
    contentHash,
    state,
    ...limitsOf(manifest),
    ...redactionOf(manifest),
    ...(manifest.files === undefined ? {} : { files: manifest.files }),
  }
}
