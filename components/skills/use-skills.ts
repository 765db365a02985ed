'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { opsEvalScores } from '@/lib/evals/contract'
import { opsListAudit, opsListReceipts } from '@/lib/governance/contract'
import type { Wire } from '@/lib/shared/api-client'
import { mutationFor, queryFor } from '@/lib/shared/query'
import {
  opsAddSigner,
  opsGetRegistrySkill,
  opsListRegistry,
  opsListSigners,
  opsListSkills,
  opsListSkillTests,
  opsListSkillVersions,
  opsPromoteSkill,
  opsPublishSkill,
  opsRevokeSigner,
  opsSkillStats,
  opsSkillsByState,
  opsTestSkill,
} from '@/lib/skills/contract'
import type { Skill, SkillState } from './skill-words'

const KNOWN = [
  opsListRegistry,
  opsGetRegistrySkill,
  opsListSkillVersions,
  opsSkillStats,
  opsListSkills,
  opsSkillsByState,
  opsListAudit,
]
const CHANGED = { refreshes: KNOWN }

export const useRegistry = (wire: Wire) => useQuery(queryFor(opsListRegistry, { query: wire }))

/** The newest score of each version of a skill, by `name@version`. */
export const useSkillScores = (): ReadonlyMap<string, { rate: number; id: string }> => {
  const { data } = useQuery({
    ...queryFor(opsEvalScores, { query: { by: 'skill', limit: '200' } }),
    staleTime: 60_000,
  })
  // Newest first: of several data sets the last word counts.
  return new Map(
    (data?.scores ?? []).toReversed().map((one) => [one.subject, { rate: one.pass_rate, id: one.eval_id }]),
  )
}

export const useFileSkills = (wire: Wire, enabled = true) =>
  useQuery({ ...queryFor(opsListSkills, { query: wire }), enabled, retry: false })

const versionQuery = (version: string | null) => (version === null ? {} : { version })

export const useSkill = (name: string, version: string | null, enabled = true) =>
  useQuery({
    ...queryFor(opsGetRegistrySkill, { params: { name }, query: versionQuery(version) }),
    enabled,
    retry: false,
  })

export const useSkillVersions = (name: string) =>
  useQuery(queryFor(opsListSkillVersions, { params: { name }, query: {} }))

export const useSkillStats = (name: string) => useQuery(queryFor(opsSkillStats, { params: { name }, query: {} }))

export const useSkillsByState = (state: SkillState) =>
  useQuery(queryFor(opsSkillsByState, { query: { state, limit: '200' } }))

export const useTestRuns = (name: string, version: string) =>
  useQuery(queryFor(opsListSkillTests, { params: { name }, query: { version, limit: '20' } }))

/** Whether tests passed on exactly this content, with the way to the run that says so. */
export const usePassedRun = (skill: Skill) => {
  const { data } = useTestRuns(skill.name, skill.version)
  const passed = data?.runs.find((run) => run.status === 'passed' && run.content_hash === skill.content_hash)
  return { isKnown: data !== undefined, passed: passed ?? null, last: data?.runs[0] ?? null }
}

export const useSigners = () => useQuery(queryFor(opsListSigners, { query: {} }))

export const usePublish = () => useMutation(mutationFor(opsPublishSkill, CHANGED))
export const usePromote = () => useMutation(mutationFor(opsPromoteSkill, { refreshes: [...KNOWN, opsListReceipts] }))
export const useTestSkill = () => useMutation(mutationFor(opsTestSkill, { refreshes: [...KNOWN, opsListSkillTests] }))

const SIGNING = { refreshes: [opsListSigners, opsGetRegistrySkill, opsListAudit] }
export const useAddSigner = () => useMutation(mutationFor(opsAddSigner, SIGNING))
export const useRevokeSigner = () => useMutation(mutationFor(opsRevokeSigner, SIGNING))

export type Signer = NonNullable<ReturnType<typeof useSigners>['data']>['signers'][number]
