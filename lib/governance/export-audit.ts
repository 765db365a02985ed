import { isProblem, Problem } from '@/lib/shared/problem'
import { EMPTY_ROOT } from '../core/audit/tree'
import { kernel } from '../core/kernel'
import type { Scope } from '../core/scope'
import { mayReadAll, narrow } from './audit-filter'
import { type AuditKeys, auditKeys, originOf } from './audit-key'
import { BUNDLE_FORMAT, type BundleMetadata, type Integrity, signIntegrity } from './bundle'
import { sealAudit } from './seal-audit'
import { keyIdOf } from './signed-note'
import { openSpool, type Spool } from './spool'
import { type Range, spoolBundle, treeAround } from './spool-bundle'
import { type Head, readChain, readHead, seqSpan } from './store'
import { verifyAudit } from './verify-audit'

type Wanted = { start_date?: string | undefined; end_date?: string | undefined }

// What rooms above know, in the same bundle and under the same signature.
export type BesideAudit = { name: string; chunks: AsyncIterable<string> | Iterable<string> }

const CHAIN_LIMIT = 100_000

const keysOrRefuse = (): AuditKeys | null => {
  const keys = auditKeys()
  if (keys || kernel().env.CLASPER_EXPORT_SIGNING_MODE !== 'enforce') return keys
  throw new Problem('not_configured', 'Exports must be signed, but CLASPER_AUDIT_KEY_PATH names no key')
}

const rangeOf = async (scope: Scope, wanted: Wanted, head: Head): Promise<Range> => {
  const { conditions, params } = narrow(scope, wanted)
  if (conditions.length === 0) return { first: 1, last: head.size }
  return (await seqSpan(scope, conditions, params)) ?? { first: 1, last: 0 }
}

// A log that was tampered with is exported all the same: the bundle is the evidence.
const sealIfWhole = (scope: Scope) =>
  sealAudit(scope).catch((error: unknown) => {
    if (!isProblem(error)) throw error
    scope.log.warn('audit log exported without a new checkpoint', { error })
    return null
  })

const describe = async (scope: Scope, range: Range, head: Head): Promise<BundleMetadata> => ({
  format: BUNDLE_FORMAT,
  version: 1,
  tenant_id: scope.tenantId,
  origin: originOf(scope.tenantId),
  generated_at: scope.clock.now().toISOString(),
  generated_by: scope.actor,
  first_seq: range.first,
  last_seq: range.last,
  tree: { size: head.size, root_hash: head.rootHash ?? EMPTY_ROOT, ...(await treeAround(scope, range, head.size)) },
})

const finish = async (spool: Spool, metadata: BundleMetadata, keys: AuditKeys | null, failures: readonly string[]) => {
  const bare: Integrity = {
    generated_at: metadata.generated_at,
    audit_chain_verification: { ok: failures.length === 0, failures },
    files: Object.fromEntries(spool.files.map(({ name, sha256 }) => [name, sha256])),
  }
  const keyId = keys ? keyIdOf(metadata.origin, keys.publicKey) : ''
  const integrity = keys ? signIntegrity(bare, keyId, keys.privateKey, keys.publicKey) : bare
  await spool.write('integrity.json', [JSON.stringify(integrity, null, 2)])
  await spool.write(
    'verify.sha256',
    spool.files.map(({ name, sha256 }) => `${sha256}  ${name}\n`),
  )
}

const build = async (
  scope: Scope,
  spool: Spool,
  wanted: Wanted,
  beside: readonly BesideAudit[],
): Promise<BundleMetadata> => {
  const keys = keysOrRefuse()
  await sealIfWhole(scope)
  const { failures } = await verifyAudit(scope)
  const head = await readHead(scope)
  const metadata = await describe(scope, await rangeOf(scope, wanted, head), head)
  await spoolBundle(scope, spool, metadata, keys)
  for (const { name, chunks } of beside) await spool.write(name, chunks)
  const codes = failures.map(({ code }) => code)
  await finish(spool, metadata, keys, codes)
  return metadata
}

/** Everything that somebody else needs to check the log without this server, as one gzip tar. */
export const exportBundle = async (
  scope: Scope,
  wanted: Wanted,
  beside: readonly BesideAudit[] = [],
): Promise<Response> => {
  mayReadAll(scope)
  const spool = openSpool()
  try {
    const { first_seq, last_seq, tree } = await build(scope, spool, wanted, beside)
    const data = { kind: 'audit_bundle', first_seq, last_seq, tree_size: tree.size, root_hash: tree.root_hash }
    await scope.command({ audit: [{ event: 'export_created', data }] })
    const name = `clasper-audit-${scope.tenantId.replace(/[^A-Za-z0-9._-]/g, '_')}-${first_seq}-${last_seq}.tar.gz`
    return new Response(spool.stream(Math.floor(scope.clock.now().getTime() / 1000)), {
      headers: { 'content-type': 'application/gzip', 'content-disposition': `attachment; filename="${name}"` },
    })
  } catch (error) {
    spool.discard()
    throw error
  }
}

export const exportChain = async (scope: Scope) => {
  mayReadAll(scope)
  const head = await readHead(scope)
  if (head.lastSeq > CHAIN_LIMIT) {
    throw new Problem('payload_too_large', 'The chain is too long for one JSON reply; use POST /ops/api/exports')
  }
  const { ok, failures } = await verifyAudit(scope)
  const rows = await readChain(scope, 0, head.lastSeq, CHAIN_LIMIT)
  await scope.command({ audit: [{ event: 'export_created', data: { kind: 'audit_chain', events: rows.length } }] })
  return {
    tenant_id: scope.tenantId,
    verification: { ok, failures: failures.map(({ code }) => code) },
    chain: rows.map((row) => ({
      seq: row.seq,
      event_hash: row.eventHash,
      prev_event_hash: row.prevEventHash,
      canonical: row.canonical,
    })),
  }
}
